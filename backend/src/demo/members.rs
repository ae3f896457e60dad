//! The members: who they are, how they stand, what they allow.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, Rhythm, Wish};
use domain::candidate::Candidate;
use domain::contact::{Contact, ContactField};
use domain::permission::Permissions;
use domain::place::{Market, State};
use domain::profile::{LicenceKind, Profile};
use domain::standing::{MemberStanding, Role};
use domain::{AccountId, AlertId, Kind, MemberId};
use store::alerts::Alert;
use store::contacts::EmailMark;
use store::members::NewMember;
use store::{accounts, alerts, contacts, member_mail, members, permissions, profiles};

use crate::demo::companies::Company;
use crate::demo::leading;
use crate::demo::profiles::Drawing;
use crate::demo::scene::Scene;
use crate::error::AppError;

/// Members who were once approved, and those who wait.
const DECIDED: i64 = 2004;
const WAITING: i64 = 36;
/// The place of the member whose sign-in link is printed: one who joined about a year ago.
const LEADING: i64 = 700;
/// The first joined eighteen months ago, the last decided one four days ago.
const OLDEST_MINUTES: i64 = 548 * 1440;
const NEWEST_MINUTES: i64 = 4 * 1440;

/// A member as the rest of the fill needs one.
pub(super) struct Physician {
    pub(super) account: AccountId,
    pub(super) candidate: Candidate,
    /// Markets within reach, computed once.
    pub(super) reach: BTreeSet<Market>,
    /// Fields there is something to share in.
    pub(super) gives: Vec<ContactField>,
    pub(super) leading: bool,
}

/// Adds everyone, the longest members first.
pub(super) fn add(scene: &mut Scene<'_>) -> Result<Vec<Physician>, AppError> {
    let mut all = Vec::new();
    let step = (OLDEST_MINUTES - NEWEST_MINUTES) / DECIDED;
    for number in 0..DECIDED {
        let ago = NEWEST_MINUTES + step * (DECIDED - number) - scene.dice.between(0, step);
        let joined_at = scene.now - Duration::minutes(ago);
        let fate = fate(number);
        all.push(add_one(scene, fate, number == LEADING, joined_at)?);
    }
    let step = NEWEST_MINUTES / (WAITING + 1);
    for number in 0..WAITING {
        let joined_at = scene.now - Duration::minutes(step * (WAITING - number));
        all.push(add_one(scene, MemberStanding::Pending, false, joined_at)?);
    }
    Ok(all)
}

/// Where someone who was decided on stands now: paused 54, suspended 8, rejected 4, active all others.
const fn fate(number: i64) -> MemberStanding {
    match number {
        n if n % 37 == 5 => MemberStanding::Paused,
        n if n % 250 == 77 => MemberStanding::Suspended,
        n if n % 501 == 133 => MemberStanding::Rejected,
        _ => MemberStanding::Active,
    }
}

fn add_one(
    scene: &mut Scene<'_>,
    standing: MemberStanding,
    leading: bool,
    joined_at: DateTime<Utc>,
) -> Result<Physician, AppError> {
    let licence = if !leading && scene.dice.chance(9) { LicenceKind::Do } else { LicenceKind::Md };
    let drawing = Drawing { pools: &scene.pools, rules: scene.rules, today: scene.now.date_naive() };
    let (profile, contact) = if leading {
        let person = scene.people.physician_named("Ana", "Rivera", licence)?;
        (leading::profile(drawing.today), person)
    } else {
        let profile = drawing.profile(&mut scene.dice, licence);
        (profile, scene.people.physician(&mut scene.dice, licence)?)
    };
    let (member, account) = (scene.dice.id(MemberId::from_uuid), scene.dice.id(AccountId::from_uuid));
    let new = NewMember {
        id: &member,
        account: &account,
        standing: MemberStanding::Pending,
        joined_by: if scene.dice.chance(70) { "invitation" } else { "npi" },
        time_zone: time_zone(&profile),
    };
    accounts::create(scene.conn, &account, Role::Member, joined_at)?;
    contacts::put(scene.conn, scene.vault, &account, &contact, joined_at)?;
    members::create(scene.conn, &new, joined_at)?;
    // Everybody has signed in by mail once.
    member_mail::confirm(scene.conn, &member, &EmailMark::of(scene.vault, &contact.email), joined_at)?;
    member_mail::acted(scene.conn, &member, scene.now)?;
    decide(scene, &member, standing, joined_at)?;
    let confirmed_at = save_profile(scene, &member, &profile, leading, joined_at)?;
    allow(scene, &member, leading, joined_at)?;
    Ok(Physician {
        account,
        reach: profile.reach(),
        gives: given(&contact),
        leading,
        candidate: Candidate { member, standing, profile, blocked: BTreeSet::new(), confirmed_at },
    })
}

/// What an admin, or the member, decided since.
fn decide(
    scene: &mut Scene<'_>,
    member: &MemberId,
    standing: MemberStanding,
    joined_at: DateTime<Utc>,
) -> Result<(), AppError> {
    let decided_at = joined_at + scene.dice.minutes(60, 2400);
    let later = scene.since(decided_at);
    let mut set = |standing, why: Option<&'static str>, at, action: Option<&'static str>| {
        members::set_standing(scene.conn, member, standing, why, at)?;
        if let Some(action) = action {
            scene.diary.note(at, action, member.as_str(), why);
        }
        Ok::<(), AppError>(())
    };
    let no = "The NPI belongs to someone else; please join again with your own.";
    let out = "Licence under discipline; welcome back when it is cleared.";
    match standing {
        MemberStanding::Pending => Ok(()),
        MemberStanding::Rejected => set(standing, Some(no), decided_at, Some("member.reject")),
        _ => {
            let active = MemberStanding::Active;
            set(active, None, decided_at, Some("member.approve"))?;
            match standing {
                // Pausing is the member's own act and not an admin's.
                MemberStanding::Paused => set(standing, None, later, None),
                MemberStanding::Suspended => set(standing, Some(out), later, Some("member.suspend")),
                _ => Ok(()),
            }
        }
    }
}

/// Saves the profile on the day of joining, or when it was last looked over.
fn save_profile(
    scene: &mut Scene<'_>,
    member: &MemberId,
    profile: &Profile,
    leading: bool,
    joined_at: DateTime<Utc>,
) -> Result<DateTime<Utc>, AppError> {
    let first = joined_at + scene.dice.minutes(4, 40);
    let saved_at = match scene.dice.chance(55) {
        _ if leading => scene.now - Duration::days(20),
        true => first,
        false => scene.since(first),
    };
    profiles::put(scene.conn, member, profile, saved_at)?;
    Ok(saved_at)
}

/// The member's switches; alerts begin with one that follows the profile.
fn allow(scene: &mut Scene<'_>, member: &MemberId, leading: bool, joined_at: DateTime<Utc>) -> Result<(), AppError> {
    let at = joined_at + scene.dice.minutes(41, 55);
    let wanted = Permissions {
        alerts_email: scene.dice.chance(70) || leading,
        admin_outreach: scene.dice.chance(40) || leading,
        anonymous_counts: scene.dice.chance(50) || leading,
    };
    permissions::set(scene.conn, member, wanted, "page", at)?;
    if !wanted.alerts_email {
        return Ok(());
    }
    let cadence = match scene.dice.between(0, 9) {
        0..=6 => Cadence::Instant,
        7..=8 => Cadence::Daily,
        _ => Cadence::Weekly,
    };
    let mut alert = Alert {
        id: scene.dice.id(AlertId::from_uuid),
        member: member.clone(),
        name: "Openings that fit my profile".to_owned(),
        wish: Wish::default(),
        rhythm: Rhythm::of(if leading { Cadence::Instant } else { cadence }),
        paused: false,
        pause_until: None,
        created_at: at,
    };
    alerts::put(scene.conn, &alert, at)?;
    if leading {
        alert.id = scene.dice.id(AlertId::from_uuid);
        alert.name = "Chart review, once a week".to_owned();
        alert.wish.kinds = vec![Kind::ChartReview];
        alert.rhythm.cadence = Cadence::Weekly;
        alerts::put(scene.conn, &alert, at)?;
    }
    Ok(())
}

/// A few have had enough of a company.
pub(super) fn block(scene: &mut Scene<'_>, all: &mut [Physician], companies: &[Company]) -> Result<(), AppError> {
    for physician in all.iter_mut().filter(|p| !p.leading).step_by(90) {
        let company = scene.dice.pick(companies).id.clone();
        let who = &mut physician.candidate;
        let at = scene.now - scene.dice.minutes(1440, 3 * 1440);
        members::set_block(scene.conn, &who.member, &company, true, at)?;
        who.blocked.insert(company);
    }
    Ok(())
}

fn given(contact: &Contact) -> Vec<ContactField> {
    ContactField::ALL.iter().copied().filter(|field| contact.field(*field).is_some()).collect()
}

/// The zone of the first base's state, good enough for the hours of mail.
fn time_zone(profile: &Profile) -> &'static str {
    let home = profile.bases.first().map(|b| b.market.state());
    match home.map_or("", State::code) {
        "CA" | "OR" | "WA" | "NV" => "America/Los_Angeles",
        "AZ" => "America/Phoenix",
        "CO" | "UT" | "NM" | "MT" | "WY" | "ID" => "America/Denver",
        "TX" | "IL" | "WI" | "MN" | "IA" | "MO" | "AR" | "LA" | "MS" | "AL" | "TN" | "OK" | "KS" | "NE" | "SD"
        | "ND" => "America/Chicago",
        "AK" => "America/Anchorage",
        "HI" => "Pacific/Honolulu",
        "PR" | "VI" => "America/Puerto_Rico",
        _ => "America/New_York",
    }
}
