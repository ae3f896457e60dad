//! A database full of alerts that are due: members who fit, openings that are live, cards and mails.

use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, Cause, Rhythm, Wish};
use domain::candidate::{Candidate, Offer};
use domain::certification::Rulebook;
use domain::contact::{Contact, EmailAddress, PersonName};
use domain::eligibility::check;
use domain::mail::MailKind;
use domain::matching::MatchState;
use domain::opening::{OpeningStatus, Terms};
use domain::permission::Permissions;
use domain::standing::{CompanyStanding, MemberStanding, Role};
use domain::{AccountId, AlertId, CompanyId, MailId, MatchId, MemberId, OpeningId};
use rosterline::server::Ground;
use store::alerts::{Alert, NewCard};
use store::companies::NewCompany;
use store::contacts::EmailMark;
use store::matches::Match;
use store::members::NewMember;
use store::outbox::NewMail;
use store::{Conn, StoreError};

use crate::generate::Generator;

/// Openings in each alert.
const CARDS: usize = 3;
/// Members written in one transaction.
const AT_ONCE: usize = 500;

/// An id that is this number.
pub(super) fn id(space: u16, n: usize) -> String {
    format!("{n:08x}-{space:04x}-4000-8000-000000000000")
}

macro_rules! typed {
    ($kind:ident, $space:expr, $n:expr) => {
        $kind::parse(&id($space, $n)).expect("an id")
    };
}

/// Fills the database with so many members, an alert mail for each.
pub(super) fn fill(ground: &Ground, mails: usize, now: DateTime<Utc>) {
    let (candidate, terms) = pair(now);
    ground.db.write::<_, StoreError>(|conn| openings(conn, &terms, now)).expect("openings");
    for from in (0..mails).step_by(AT_ONCE) {
        let to = mails.min(from + AT_ONCE);
        let written = ground.db.write::<_, StoreError>(|conn| {
            for n in from..to {
                member(conn, ground, n, &candidate, now)?;
            }
            Ok(())
        });
        written.expect("members");
    }
}

/// A member and an opening that fit, as the generator makes them.
fn pair(now: DateTime<Utc>) -> (Candidate, Terms) {
    let (made, rules) = (Generator::new(1), Rulebook::shipped());
    let offers: Vec<Offer> = (0..400).map(|n| soon(made.offer(n), now)).collect();
    let found = (0..5_000).map(|pid| active(made.member(pid).candidate)).find_map(|candidate| {
        let offer = offers.iter().find(|offer| check(&rules, offer, &candidate, now).is_eligible())?;
        Some((candidate, offer.terms.clone()))
    });
    found.expect("some member fits some opening")
}

fn soon(mut offer: Offer, now: DateTime<Utc>) -> Offer {
    offer.terms.closes_on = (now + Duration::days(60)).date_naive();
    offer.terms.title = "Panel evaluations in orthopaedic surgery, two days a month".to_owned();
    offer.liveness.closes_on = offer.terms.closes_on;
    offer.liveness.confirmed_at = Some(now);
    offer.liveness.status = OpeningStatus::Approved;
    offer.liveness.company_good = true;
    offer
}

fn active(mut candidate: Candidate) -> Candidate {
    candidate.standing = MemberStanding::Active;
    candidate.blocked.clear();
    candidate
}

fn openings(conn: &mut Conn, terms: &Terms, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (company, owner) = (typed!(CompanyId, 1, 0), typed!(AccountId, 2, 0));
    let new = NewCompany { id: &company, slug: "kern", name: "Kern Evaluations", website: "", about: "" };
    store::companies::create(conn, &new, now)?;
    store::companies::set_standing(conn, &company, CompanyStanding::Approved, None, now)?;
    store::accounts::create(conn, &owner, Role::Company, now)?;
    for n in 0..CARDS {
        let opening = typed!(OpeningId, 3, n);
        store::openings::create(conn, &opening, &company, terms, &owner, now)?;
        store::openings::set_status(conn, &opening, OpeningStatus::Approved, None, now)?;
        store::openings::confirm(conn, &opening, now)?;
    }
    Ok(())
}

/// The account that this member has.
pub(super) fn account(n: usize) -> AccountId {
    typed!(AccountId, 4, n)
}

fn member(
    conn: &mut Conn,
    ground: &Ground,
    n: usize,
    candidate: &Candidate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (account, member, alert) = (account(n), typed!(MemberId, 5, n), typed!(AlertId, 6, n));
    store::accounts::create(conn, &account, Role::Member, now)?;
    let new = NewMember {
        id: &member,
        account: &account,
        standing: MemberStanding::Active,
        joined_by: "import",
        time_zone: "America/Los_Angeles",
    };
    store::members::create(conn, &new, now)?;
    let email = EmailAddress::parse(&format!("doctor{n}@clinic{}.example", n % 977)).expect("an address");
    let mark = EmailMark::of(&ground.vault, &email);
    let name = PersonName::parse("Jane Rivera").expect("a name");
    let contact = Contact { name, email, phone: None, npi: None, cv: None, licences: Vec::new() };
    store::contacts::put(conn, &ground.vault, &account, &contact, now)?;
    store::profiles::put(conn, &member, &candidate.profile, now)?;
    let asked = Permissions { alerts_email: true, admin_outreach: false, anonymous_counts: false };
    store::permissions::set(conn, &member, asked, "import", now)?;
    store::member_mail::confirm(conn, &member, &mark, now)?;
    let saved = Alert {
        id: alert.clone(),
        member: member.clone(),
        name: "Openings that fit my profile".to_owned(),
        wish: Wish::default(),
        rhythm: Rhythm::of(Cadence::Daily),
        paused: false,
        pause_until: None,
        created_at: now,
    };
    store::alerts::put(conn, &saved, now)?;
    let mail = typed!(MailId, 7, n);
    for number in 0..CARDS {
        let opening = typed!(OpeningId, 3, number);
        let found = Match {
            id: typed!(MatchId, 8, n * CARDS + number),
            member: member.clone(),
            opening: opening.clone(),
            revision: 1,
            state: MatchState::Released,
            score: 70,
            reasons: Vec::new(),
            place: "Bakersfield, CA".to_owned(),
            miles: 12,
            matched_at: now,
            declined_at: None,
        };
        store::matches::add(conn, &found)?;
        let card = NewCard {
            member: &member,
            opening: &opening,
            revision: 1,
            alerts: std::slice::from_ref(&alert),
            cadence: Cadence::Daily,
            cause: Cause::Published,
            due_at: now,
        };
        store::alerts::add_card(conn, &card, now)?;
        store::alerts::take(conn, &member, &opening, 1, &mail)?;
    }
    let epoch = store::members::find(conn, &member)?.permission_epoch;
    let payload = format!("{{\"member\":\"{member}\",\"cadence\":\"daily\"}}");
    let new = NewMail {
        id: &mail,
        kind: MailKind::Alert,
        account: &account,
        payload: &payload,
        dedupe_key: &payload,
        permission_epoch: Some(epoch),
        due_at: now,
    };
    store::outbox::add(conn, &new, now)?;
    Ok(())
}

/// Makes so many mails due again that were sent.
pub(super) fn again(file: &Path, mails: usize) {
    let conn = rusqlite::Connection::open(file).expect("the product's file");
    let bound = id(7, mails);
    conn.execute_batch("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").expect("a transaction");
    for sql in [
        "UPDATE outbox SET state = 'cancelled' WHERE kind = 'alert'",
        "UPDATE alert_matches SET state = 'taken', sent_at = NULL",
        "DELETE FROM outbox_events",
    ] {
        conn.execute(sql, []).expect("an update");
    }
    let due = "UPDATE outbox SET state = 'queued', attempts = 0, accepted_at = NULL WHERE kind = 'alert' AND id < ?1";
    conn.execute(due, [bound]).expect("an update");
    conn.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").expect("a commit");
}
