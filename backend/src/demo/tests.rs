//! The fill as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::input::{OpeningInput, ProfileInput};
use domain::introduction::IntroductionState;
use domain::matching::MatchState;
use domain::opening::OpeningStatus;
use domain::standing::{CompanyStanding, MemberStanding};
use domain::{AccountId, Kind};
use store::contacts::OwnContact;
use store::ledger::LedgerKind;
use store::openings::Opening;
use store::{Db, StoreError};

use super::*;

/// A database of its own with a made-up community, gone afterwards.
struct Filled {
    folder: PathBuf,
    db: Db,
    vault: Vault,
    rules: Rulebook,
    community: Community,
}

impl Filled {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        let db = Db::open(&format!("sqlite://{}", folder.join("demo.db").display()), 1).unwrap();
        let vault = Vault::open(&folder.join("master.key")).unwrap();
        let rules = Rulebook::shipped();
        let community = db.write(|conn| fill(conn, &vault, &rules, now())).unwrap();
        Self { folder, db, vault, rules, community }
    }

    fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> T {
        self.db.read(f).unwrap()
    }

    fn openings(&self) -> Vec<Opening> {
        self.read(|conn| {
            let mut all = Vec::new();
            for status in OpeningStatus::ALL {
                all.extend(store::openings::by_status(conn, *status, 1000)?);
            }
            Ok(all)
        })
    }

    fn email(&self, conn: &mut Conn, account: &AccountId) -> Result<String, StoreError> {
        let owner = OwnContact::of_signed_in(account.clone());
        let contact = contacts::own(conn, &self.vault, &owner)?;
        Ok(contact.email.reveal().to_owned())
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        // A folder that stays behind in the place for temporary files harms no one.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-23T15:30:00Z".parse().unwrap()
}

#[test]
fn two_fills_are_alike_and_hold_what_is_promised() {
    let (one, two) = (Filled::new(), Filled::new());
    alike(&one, &two);
    members_stand_as_promised(&one);
    companies_stand_as_promised(&one);
    openings_stand_as_promised(&one);
    matches_stand_as_promised(&one);
    every_address_reaches_nobody(&one);
    the_leading_member_has_something_to_see(&one);
    the_leading_company_has_something_to_see(&one);
    the_admin_has_something_to_do(&one);
}

fn alike(one: &Filled, two: &Filled) {
    let told = |f: &Filled| {
        let titles: Vec<(String, String)> =
            f.openings().into_iter().map(|o| (o.id.to_string(), o.terms.title)).collect();
        f.read(|conn| {
            let matches = store::matches::in_state(conn, MatchState::Released, None, 100_000)?;
            let last = store::changes::last(conn)?;
            Ok((titles, matches, last, f.community.clone()))
        })
    };
    assert!(told(one) == told(two));
}

fn members_stand_as_promised(f: &Filled) {
    let count = |standing| f.read(|conn| store::members::count(conn, standing));
    let all: i64 = MemberStanding::ALL.iter().map(|s| count(*s)).sum();
    assert_eq!(all, 2040);
    assert_eq!(count(MemberStanding::Active) * 100 / all, 95);
    assert_eq!(count(MemberStanding::Pending), 36);
    assert!(count(MemberStanding::Paused) >= 40 && count(MemberStanding::Suspended) >= 5);
    let members = f.read(|conn| store::members::after_number(conn, 0, 5000));
    let share = |n: usize| n * 100 / members.len();
    let on = |f: fn(&store::members::Member) -> bool| share(members.iter().filter(|m| f(m)).count());
    assert!((67..=73).contains(&on(|m| m.permissions.alerts_email)));
    assert!((37..=43).contains(&on(|m| m.permissions.admin_outreach)));
    assert!((47..=53).contains(&on(|m| m.permissions.anonymous_counts)));
    assert!(members.iter().all(|m| m.joined_at < now() && m.profile_saved_at < Some(now())));
    let candidates = f.read(|conn| store::profiles::candidates(conn, &members));
    let californians: Vec<_> = candidates.iter().filter(|c| c.profile.bases[0].market.state().code() == "CA").collect();
    assert!((37..=43).contains(&share(californians.len())));
    let with = |status: &str| {
        let held = californians.iter().filter(|c| {
            let mut all = c.profile.certifications.iter();
            all.any(|h| h.key == "ca-qme" && h.status.as_str() == status)
        });
        held.count() * 100 / californians.len()
    };
    assert!((10..=14).contains(&with("appointed")), "{}", with("appointed"));
    assert!((7..=11).contains(&with("in_progress")), "{}", with("in_progress"));
    let remote = candidates.iter().filter(|c| c.profile.remote).count();
    assert!((67..=73).contains(&share(remote)));
    for candidate in candidates {
        let again = ProfileInput::from(&candidate.profile).parse(&f.rules);
        assert_eq!(again.as_ref(), Ok(&candidate.profile));
    }
}

fn companies_stand_as_promised(f: &Filled) {
    let count = |standing| f.read(|conn| store::companies::list(conn, Some(standing), 100)).len();
    assert_eq!(count(CompanyStanding::Approved), 36);
    assert_eq!(count(CompanyStanding::Pending), 3);
    assert_eq!(count(CompanyStanding::Suspended), 1);
    for company in f.read(|conn| store::companies::list(conn, None, 100)) {
        let seats = f.read(|conn| store::companies::seats(conn, &company.id));
        assert!((1..=3).contains(&seats.len()), "{}", company.name);
        assert!(company.website.ends_with(".example.test"));
    }
}

fn openings_stand_as_promised(f: &Filled) {
    let all = f.openings();
    assert_eq!(all.len(), 300);
    let count = |status| all.iter().filter(|o| o.liveness.status == status).count();
    assert_eq!(count(OpeningStatus::Submitted), 6);
    assert_eq!(count(OpeningStatus::Draft), 4);
    assert_eq!(count(OpeningStatus::Returned), 2);
    assert_eq!(count(OpeningStatus::Closed), 18);
    let kinds = |kind| all.iter().filter(|o| o.terms.kind == kind).count();
    assert_eq!((kinds(Kind::Qme), kinds(Kind::Ime), kinds(Kind::ChartReview)), (120, 105, 75));
    let live: Vec<&Opening> = all.iter().filter(|o| o.liveness.is_live(now())).collect();
    assert_eq!(live.len(), 240);
    for opening in live {
        let input = OpeningInput::from(&opening.terms);
        let parsed = input.parse(&f.rules, now().date_naive());
        assert_eq!(parsed.as_ref(), Ok(&opening.terms), "{}", opening.terms.title);
        let (created, submitted) = (opening.created_at, opening.submitted_at.unwrap());
        let published = opening.published_at.unwrap();
        assert!(created < submitted && submitted < published && published < now());
        assert!(opening.liveness.confirmed_at.unwrap() < now());
    }
    let titles: BTreeSet<&str> = all.iter().map(|o| o.terms.title.as_str()).collect();
    assert!(titles.len() > 240, "{} different titles", titles.len());
}

fn matches_stand_as_promised(f: &Filled) {
    let all = f.read(|conn| {
        let mut all = store::matches::in_state(conn, MatchState::Released, None, 100_000)?;
        all.extend(store::matches::in_state(conn, MatchState::Held, None, 100_000)?);
        all.extend(store::matches::in_state(conn, MatchState::Dropped, None, 100_000)?);
        Ok(all)
    });
    let mut by_opening: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &all {
        assert!(found.reasons.len() == 9 && found.reasons.iter().all(|r| r.met));
        assert!(found.matched_at <= now());
        *by_opening.entry(found.opening.as_str()).or_default() += 1;
    }
    assert!(all.len() > 1500, "{} matches", all.len());
    assert!(by_opening.len() > 180, "{} openings with matches", by_opening.len());
    assert!(by_opening.values().all(|n| *n <= 60));
    assert!(all.iter().filter(|m| m.declined_at.is_some()).count() > 150);
}

fn every_address_reaches_nobody(f: &Filled) {
    let Community { member, company, admin } = &f.community;
    let mut accounts = vec![member.clone(), company.clone(), admin.clone()];
    f.read(|conn| {
        let members = store::members::after_number(conn, 0, 5000)?;
        accounts.extend(members.into_iter().map(|m| m.account));
        for company in store::companies::list(conn, None, 100)? {
            let seats = store::companies::seats(conn, &company.id)?;
            accounts.extend(seats.into_iter().map(|s| s.account));
        }
        for account in &accounts {
            assert!(f.email(conn, account)?.ends_with("@example.test"));
        }
        Ok(())
    });
}

fn the_leading_member_has_something_to_see(f: &Filled) {
    f.read(|conn| {
        let member = store::members::by_account(conn, &f.community.member)?;
        assert_eq!(member.standing, MemberStanding::Active);
        assert!(member.permissions.alerts_email);
        assert_eq!(store::alerts::of_member(conn, &member.id)?.len(), 2);
        let found = store::matches::of_member(conn, &member.id, false, 100)?;
        assert!(found.len() >= 6, "{} matches", found.len());
        assert_eq!(store::matches::of_member(conn, &member.id, true, 100)?.len(), 1);
        let given = store::introductions::of_member(conn, &member.id)?;
        let active = given.iter().filter(|i| i.state_at(now()) == IntroductionState::Active);
        assert_eq!((given.len(), active.count()), (2, 1));
        let ledger = store::ledger::of_member(conn, &member.id, None, 100)?;
        let kinds: BTreeSet<&str> = ledger.iter().map(|(_, e)| e.kind.as_str()).collect();
        for kind in [LedgerKind::Introduction, LedgerKind::View, LedgerKind::Revocation] {
            assert!(kinds.contains(kind.as_str()), "{}", kind.as_str());
        }
        Ok(())
    });
}

fn the_leading_company_has_something_to_see(f: &Filled) {
    f.read(|conn| {
        let seat = store::companies::seat_by_account(conn, &f.community.company)?;
        assert_eq!(seat.role.as_str(), "owner");
        let openings = store::openings::of_company(conn, &seat.company)?;
        let live = openings.iter().filter(|o| o.liveness.is_live(now())).count();
        assert_eq!(live, 8);
        let drafts = openings.iter().filter(|o| o.liveness.status == OpeningStatus::Draft);
        assert_eq!(drafts.count(), 1);
        assert_eq!(store::introductions::active_of_company(conn, &seat.company)?.len(), 2);
        Ok(())
    });
}

fn the_admin_has_something_to_do(f: &Filled) {
    f.read(|conn| {
        assert!(!accounts::no_admin(conn)?);
        assert!(!store::matches::waiting(conn)?.is_empty());
        let acts = store::audit::list(conn, &store::audit::Wanted::default(), None, 10_000)?;
        assert!(acts.iter().all(|a| a.at() < now()));
        assert!(acts.windows(2).all(|pair| pair[0].at() >= pair[1].at()));
        assert!(acts.len() > 2000);
        Ok(())
    });
}
