//! The companies and the people who act for them.

use chrono::{DateTime, Duration, Utc};
use domain::standing::{CompanyStanding, Role, SeatRole};
use domain::{AccountId, CompanyId, SeatId};
use store::companies::{self, NewCompany, Seat};
use store::{accounts, contacts};

use crate::demo::company_list::{Focus, House, LISTED, Listed, slug};
use crate::demo::pools::Territory;
use crate::demo::scene::Scene;
use crate::error::AppError;

/// A company as the rest of the fill needs it.
pub(super) struct Company {
    pub(super) id: CompanyId,
    pub(super) name: &'static str,
    pub(super) focus: Focus,
    pub(super) house: House,
    /// Where it works, by inhabitants.
    pub(super) territory: Territory,
    /// Owner's account, who also writes the openings.
    pub(super) owner: AccountId,
    /// Owner first.
    pub(super) seats: Vec<Seat>,
}

/// Adds all of them, in the order of the list.
pub(super) fn add(scene: &mut Scene<'_>) -> Result<Vec<Company>, AppError> {
    LISTED.iter().map(|listed| add_one(scene, listed)).collect()
}

fn add_one(scene: &mut Scene<'_>, listed: &Listed) -> Result<Company, AppError> {
    let id = scene.dice.id(CompanyId::from_uuid);
    let created_at = scene.now - age(scene, listed.house);
    let slug = slug(listed.name);
    let new = NewCompany {
        id: &id,
        slug: &slug,
        name: listed.name,
        website: &format!("https://{slug}.example.test"),
        about: listed.about,
    };
    companies::create(scene.conn, &new, created_at)?;
    if listed.house != House::Pending {
        let approved_at = created_at + scene.dice.minutes(180, 1800);
        companies::set_standing(scene.conn, &id, CompanyStanding::Approved, None, approved_at)?;
        scene.diary.note(approved_at, "company.approve", id.as_str(), None);
    }
    let seats = seats(scene, &id, listed.house, created_at)?;
    let owner = seats
        .first()
        .map(|seat| seat.account.clone())
        .ok_or_else(|| AppError::internal("a made-up company has no owner"))?;
    Ok(Company {
        id,
        name: listed.name,
        focus: listed.focus,
        house: listed.house,
        territory: Territory::of(listed.territory),
        owner,
        seats,
    })
}

/// How long ago a company registered; the settled ones before any of their openings.
fn age(scene: &mut Scene<'_>, house: House) -> Duration {
    match house {
        House::Leading => Duration::days(500),
        House::Settled => scene.dice.minutes(100 * 1440, 540 * 1440),
        House::Suspended => Duration::days(150),
        House::New => scene.dice.minutes(8 * 1440, 14 * 1440),
        House::Pending => scene.dice.minutes(300, 4 * 1440),
    }
}

/// An owner, and in companies that are approved mostly one or two more.
fn seats(
    scene: &mut Scene<'_>,
    company: &CompanyId,
    house: House,
    since: DateTime<Utc>,
) -> Result<Vec<Seat>, AppError> {
    let mut seats = vec![seat(scene, company, SeatRole::Owner, house, since)?];
    let more = [(SeatRole::Recruiter, 75), (SeatRole::Viewer, 35)];
    for (role, percent) in more {
        if house == House::Leading || (house != House::Pending && scene.dice.chance(percent)) {
            let joined = since + scene.dice.minutes(2 * 1440, 5 * 1440);
            seats.push(seat(scene, company, role, House::Settled, joined)?);
        }
    }
    Ok(seats)
}

fn seat(
    scene: &mut Scene<'_>,
    company: &CompanyId,
    role: SeatRole,
    house: House,
    since: DateTime<Utc>,
) -> Result<Seat, AppError> {
    let seat = Seat {
        id: scene.dice.id(SeatId::from_uuid),
        account: scene.dice.id(AccountId::from_uuid),
        company: company.clone(),
        role,
    };
    let contact = if house == House::Leading {
        scene.people.staff_named("Nadia", "Whitfield")?.0
    } else {
        scene.people.staff(&mut scene.dice)?
    };
    accounts::create(scene.conn, &seat.account, Role::Company, since)?;
    contacts::put(scene.conn, scene.vault, &seat.account, &contact, since)?;
    companies::add_seat(scene.conn, &seat, since)?;
    Ok(seat)
}

/// Shuts the companies that were found wanting; their openings are hidden from then on.
pub(super) fn suspend(scene: &mut Scene<'_>, all: &[Company]) -> Result<(), AppError> {
    const WHY: &str = "Two physicians reported that fees were not paid as stated.";
    let at = scene.now - Duration::days(9);
    for company in all.iter().filter(|c| c.house == House::Suspended) {
        let to = CompanyStanding::Suspended;
        companies::set_standing(scene.conn, &company.id, to, Some(WHY), at)?;
        scene.diary.note(at, "company.suspend", company.id.as_str(), Some(WHY));
    }
    Ok(())
}
