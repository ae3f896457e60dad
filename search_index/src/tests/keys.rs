//! Keys and packed criteria say what the check says, pair by pair.

use std::collections::BTreeSet;

use domain::candidate::{Candidate, Offer};
use domain::certification::Rulebook;
use domain::eligibility::{Rule, check};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::standing::MemberStanding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::world::{candidate, now, offer};
use crate::{Ask, ProfileDoc, profile_keys};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn lists_and_columns_say_what_the_check_says(
        members in vec(candidate(), 5),
        offers in vec(offer(), 8),
    ) {
        let rules = Rulebook::shipped();
        for who in &members {
            let doc = ProfileDoc::of(who);
            prop_assert!(who.standing == MemberStanding::Active || doc.keys.is_empty());
            for offer in &offers {
                let ask = Ask::of(&rules, offer, now());
                let eligible = check(&rules, offer, who, now()).is_eligible();
                prop_assert_eq!(fits(&ask, &doc), eligible, "{:?} {:?}", offer, who);
                for list in ask.lists().iter().filter(|l| doc.keys.contains(&l.key)) {
                    let sure = ask.is_implied(list.spot) && ask.is_sure(doc.pack) && ask.admits(doc.pack);
                    prop_assert!(!sure || ask.is_met_by(&doc, list.spot), "{:?} {:?}", offer, who);
                }
            }
        }
    }

    #[test]
    fn without_a_rule_those_are_found_whom_it_alone_stops(who in candidate(), offer in offer()) {
        let rules = Rulebook::shipped();
        let doc = ProfileDoc::of(&who);
        let verdict = check(&rules, &offer, &who, now());
        let missed: Vec<Rule> = verdict.reasons().iter().filter(|r| !r.met).map(|r| r.rule).collect();
        for rule in Rule::ALL.iter().filter(|r| **r != Rule::Active) {
            let fits = fits(&Ask::without(*rule, &rules, &offer, now()), &doc);
            if missed.is_empty() {
                prop_assert!(fits, "{rule} {offer:?} {who:?}");
            }
            // Whom a place in reach stops by another rule may be told of that one; then two rules are missed.
            let judged_apart = matches!(rule, Rule::Licence | Rule::Certification | Rule::Place);
            if missed == [*rule] && !doc.keys.is_empty() && can_be_found(*rule, &who) {
                prop_assert!(fits, "{rule} {offer:?} {who:?}");
            }
            if fits && !judged_apart {
                prop_assert!(missed.iter().all(|m| m == rule), "{rule} {missed:?} {offer:?} {who:?}");
            }
        }
    }
}

fn fits(ask: &Ask, doc: &ProfileDoc) -> bool {
    let of_member = ask.lists().iter().filter(|l| doc.keys.contains(&l.key));
    of_member.into_iter().any(|l| ask.admits(doc.pack) && ask.is_met_by(doc, l.spot))
}

/// A member who wants no place, or no kind of work, has no key to be found by.
fn can_be_found(rule: Rule, who: &Candidate) -> bool {
    match rule {
        Rule::Place => !who.profile.reach().is_empty() || who.profile.remote,
        Rule::Kind => !who.profile.interests.is_empty(),
        _ => true,
    }
}

#[test]
fn random_worlds_hold_pairs_of_every_sort() {
    let (mut runner, rules) = (TestRunner::deterministic(), Rulebook::shipped());
    let (mut eligible, mut only_keys, mut apart, mut unsure) = (0, 0, 0, 0);
    for _ in 0..8000 {
        let who = candidate().new_tree(&mut runner).unwrap().current();
        let offer = offer().new_tree(&mut runner).unwrap().current();
        let (doc, ask) = (ProfileDoc::of(&who), Ask::of(&rules, &offer, now()));
        let meet = ask.lists().iter().any(|l| doc.keys.contains(&l.key));
        match (check(&rules, &offer, &who, now()).is_eligible(), meet) {
            (true, _) => {
                eligible += 1;
                unsure += usize::from(!ask.is_sure(doc.pack));
            }
            (false, true) => only_keys += 1,
            (false, false) => apart += 1,
        }
    }
    assert!(eligible > 100 && unsure > 40 && only_keys > 100 && apart > 500, "{eligible} {unsure} {only_keys} {apart}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn keys_of_a_day_leave_out_what_has_run_out(who in candidate()) {
        let all: BTreeSet<u64> = profile_keys(&who, None).into_iter().collect();
        let of_today: BTreeSet<u64> = profile_keys(&who, Some(now().date_naive())).into_iter().collect();
        prop_assert!(who.profile.licences.iter().any(|l| l.expires_on.is_some())
            || who.profile.certifications.iter().any(|c| c.expires_on.is_some())
            || all == of_today);
        prop_assert!(!who.profile.remote || of_today.len() <= all.len());
    }
}

#[test]
fn every_list_fits_its_bits() {
    // A longer list needs another layout, and its version.
    assert!(Specialty::all().count() <= 64);
    assert!(Market::all().count() < 511);
    assert!(State::all().count() <= 64);
}

#[test]
fn keys_are_stable_numbers() {
    // Stored on disk: when these change, the layout's version must change with them.
    let mut runner = TestRunner::deterministic();
    let mut offer = offer().new_tree(&mut runner).unwrap().current();
    let rules = Rulebook::shipped();
    let keys = |offer: &Offer| Ask::of(&rules, offer, now()).lists().iter().map(|l| l.key).collect::<Vec<_>>();
    offer.terms.kind = domain::Kind::ChartReview;
    offer.terms.certification.required = None;
    offer.terms.specialties = Vec::new();
    offer.terms.markets = vec![Market::parse("los-angeles").unwrap()];
    offer.terms.remote = true;
    offer.terms.licence = domain::opening::LicenceRule::NotNeeded;
    assert_eq!(
        keys(&offer),
        [0x0220_ffff_0000_0001, 0x0220_ffff_0001_0001, 0x0220_ffff_0002_0000, 0x0220_ffff_0003_0000]
    );
    offer.terms.licence = domain::opening::LicenceRule::OneOf(vec![State::california()]);
    let california = u64::from(State::california().number());
    assert_eq!(keys(&offer), [0x0220_ffff_0000_0001, 0x0220_ffff_0004_0000 | california]);
    offer.terms.kind = domain::Kind::Qme;
    offer.terms.certification.takes_candidates = true;
    offer.terms.remote = false;
    assert_eq!(keys(&offer), [0x0201_ffff_0000_0001, 0x0202_ffff_0000_0001]);
}
