//! The openings, in every state a community shows.

use chrono::{DateTime, Duration, Utc};
use domain::candidate::Offer;
use domain::opening::{Liveness, OpeningStatus, Terms};
use domain::{Kind, OpeningId};
use store::openings;

use crate::demo::companies::Company;
use crate::demo::company_list::{Focus, House};
use crate::demo::plan::{self, Dates, Fate, Planned};
use crate::demo::scene::Scene;
use crate::demo::{leading, terms};
use crate::error::AppError;

const WHY_RETURNED: &str =
    "Please say which pages are included in the fee, and what happens when someone does not come.";

/// A live opening as the rest of the fill needs it.
pub(super) struct Posted {
    pub(super) offer: Offer,
    pub(super) published_at: DateTime<Utc>,
    pub(super) house: House,
    /// Place in the plan; the leading company's first opening has 0.
    pub(super) place: usize,
}

/// Adds all of them and gives the live ones; the first is the leading company's.
pub(super) fn add(scene: &mut Scene<'_>, companies: &[Company]) -> Result<Vec<Posted>, AppError> {
    let mut live = Vec::new();
    for (place, planned) in plan::openings(scene).into_iter().enumerate() {
        let Some(company) = company_for(scene, companies, &planned) else {
            continue;
        };
        let mut dates = plan::dates(scene, planned.house, planned.fate);
        let first = place == 0;
        if first {
            lead(scene, &mut dates);
        }
        let terms = if first {
            leading::terms(dates.closes_on)
        } else {
            terms::draw(&mut scene.dice, &scene.pools, scene.rules, &company.territory, planned.kind, dates.closes_on)
        };
        let opening = scene.dice.id(OpeningId::from_uuid);
        openings::create(scene.conn, &opening, &company.id, &terms, &company.owner, dates.created)?;
        bring_to(scene, &opening, planned.fate, &dates)?;
        if planned.fate == Fate::Live && planned.house != House::Suspended {
            live.push(Posted {
                published_at: dates.decided,
                house: planned.house,
                place,
                offer: offer(opening, company, terms, &dates),
            });
        }
    }
    Ok(live)
}

/// The first opening has been there for five days, long enough for introductions.
fn lead(scene: &Scene<'_>, dates: &mut Dates) {
    dates.decided = scene.now - Duration::hours(5 * 24 + 3);
    dates.submitted = dates.decided - Duration::hours(20);
    dates.created = dates.submitted - Duration::hours(30);
    dates.confirmed = None;
}

/// A company of the sort that offers this kind of work. Of the settled ones, some QME companies take in
/// Californian IMEs as well, and some IME companies have files to read.
fn company_for<'a>(scene: &mut Scene<'_>, companies: &'a [Company], planned: &Planned) -> Option<&'a Company> {
    let settled = planned.house == House::Settled;
    let focus = match planned.kind {
        Kind::Ime if settled && scene.dice.chance(25) => Focus::Qme,
        Kind::ChartReview if settled && scene.dice.chance(12) => Focus::Ime,
        Kind::Qme => Focus::Qme,
        Kind::Ime => Focus::Ime,
        Kind::ChartReview => Focus::Review,
    };
    let fitting: Vec<&Company> = companies.iter().filter(|c| c.house == planned.house && c.focus == focus).collect();
    (!fitting.is_empty()).then(|| *scene.dice.pick(&fitting))
}

/// Takes a draft through its life.
fn bring_to(scene: &mut Scene<'_>, id: &OpeningId, fate: Fate, dates: &Dates) -> Result<(), AppError> {
    let mut set = |status, why: Option<&'static str>, at, act: Option<&'static str>| {
        openings::set_status(scene.conn, id, status, why, at)?;
        if let Some(act) = act {
            scene.diary.note(at, act, id.as_str(), why);
        }
        Ok::<(), AppError>(())
    };
    if fate == Fate::Draft {
        return Ok(());
    }
    set(OpeningStatus::Submitted, None, dates.submitted, None)?;
    match fate {
        Fate::Draft | Fate::Submitted => return Ok(()),
        Fate::Returned => {
            let why = Some(WHY_RETURNED);
            return set(OpeningStatus::Returned, why, dates.decided, Some("opening.return"));
        }
        Fate::Live | Fate::Closed | Fate::Expired | Fate::Unconfirmed => {
            set(OpeningStatus::Approved, None, dates.decided, Some("opening.approve"))?;
        }
    }
    if fate == Fate::Closed {
        set(OpeningStatus::Closed, None, dates.closed, None)?;
    }
    if let Some(at) = dates.confirmed {
        openings::confirm(scene.conn, id, at)?;
    }
    Ok(())
}

fn offer(opening: OpeningId, company: &Company, terms: Terms, dates: &Dates) -> Offer {
    Offer {
        opening,
        revision: 1,
        company: company.id.clone(),
        liveness: Liveness {
            status: OpeningStatus::Approved,
            closes_on: terms.closes_on,
            confirmed_at: Some(dates.confirmed.unwrap_or(dates.decided)),
            company_good: true,
        },
        terms,
    }
}
