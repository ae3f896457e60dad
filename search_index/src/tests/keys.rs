//! Keys never miss an eligible pair.

use std::collections::BTreeSet;

use domain::certification::Rulebook;
use domain::eligibility::check;
use domain::standing::MemberStanding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::world::{candidate, now, offer};
use crate::keys::{opening_keys, profile_keys};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn keys_of_an_eligible_pair_meet(
        members in vec(candidate(), 5),
        offers in vec(offer(), 8),
    ) {
        let rules = Rulebook::shipped();
        for who in &members {
            let keys: BTreeSet<u64> = profile_keys(who).into_iter().collect();
            prop_assert!(who.standing == MemberStanding::Active || keys.is_empty());
            for offer in &offers {
                let meet = opening_keys(offer).iter().any(|k| keys.contains(k));
                let eligible = check(&rules, offer, who, now()).is_eligible();
                prop_assert!(meet || !eligible, "{offer:?} {who:?}");
            }
        }
    }
}

#[test]
fn random_worlds_hold_pairs_of_every_sort() {
    let (mut runner, rules) = (TestRunner::deterministic(), Rulebook::shipped());
    let (mut eligible, mut only_keys, mut apart) = (0, 0, 0);
    for _ in 0..2000 {
        let who = candidate().new_tree(&mut runner).unwrap().current();
        let offer = offer().new_tree(&mut runner).unwrap().current();
        let keys = profile_keys(&who);
        let meet = opening_keys(&offer).iter().any(|k| keys.contains(k));
        match (check(&rules, &offer, &who, now()).is_eligible(), meet) {
            (true, _) => eligible += 1,
            (false, true) => only_keys += 1,
            (false, false) => apart += 1,
        }
    }
    assert!(eligible > 50 && only_keys > 50 && apart > 500, "{eligible} {only_keys} {apart}");
}

#[test]
fn keys_are_stable_numbers() {
    // Stored on disk: when these change, the layout's version must change with them.
    let mut runner = TestRunner::deterministic();
    let mut offer = offer().new_tree(&mut runner).unwrap().current();
    offer.terms.kind = domain::Kind::ChartReview;
    offer.terms.specialties = Vec::new();
    offer.terms.markets = vec![domain::place::Market::parse("los-angeles").unwrap()];
    offer.terms.remote = true;
    offer.terms.licence = domain::opening::LicenceRule::NotNeeded;
    assert_eq!(opening_keys(&offer), [0x0102_ffff_0000_0001, 0x0102_ffff_0001_0000]);
    offer.terms.licence = domain::opening::LicenceRule::OneOf(vec![domain::place::State::california()]);
    let california = u64::from(domain::place::State::california().number());
    assert_eq!(opening_keys(&offer), [0x0102_ffff_0000_0001, 0x0102_ffff_0002_0000 | california]);
}
