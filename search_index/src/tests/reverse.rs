//! From a member to openings, against the check itself.

use domain::candidate::Offer;
use domain::certification::Rulebook;
use domain::eligibility::check;
use proptest::collection::vec;
use proptest::prelude::*;

use super::world::{candidate, now, offer};
use crate::{Ask, OpeningChange, OpeningDoc, OpeningsIndex, Seek};

fn document(rules: &Rulebook, number: usize, offer: &Offer) -> OpeningDoc {
    let ask = Ask::of(rules, offer, now());
    OpeningDoc {
        id: format!("opening-{number:04}"),
        title: "Evaluations".to_owned(),
        description: String::new(),
        company_name: "Kern Evaluations".to_owned(),
        company_slug: "kern".to_owned(),
        kind: offer.terms.kind,
        specialties: offer.terms.specialties.clone(),
        markets: offer.terms.markets.clone(),
        remote: offer.terms.remote,
        takes_candidates: offer.terms.certification.takes_candidates,
        pay_cents: offer.terms.pay.best(),
        published_at: now(),
        closes_on: offer.terms.closes_on,
        live_until: offer.liveness.live_until().unwrap(),
        live: true,
        keys: ask.keys(),
        rest: ask.words(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn a_member_finds_exactly_the_openings_the_check_finds(
        offers in vec(offer(), 1..120),
        changed in vec(offer(), 0..20),
        members in vec(candidate(), 60),
    ) {
        let rules = Rulebook::shipped();
        let dir = tempfile::tempdir().unwrap();
        let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
        index.rebuild(offers.iter().enumerate().map(|(n, o)| document(&rules, n, o)), 1).unwrap();
        let reader = index.reader();
        let mut now_there = offers;
        for round in 0..2 {
            for who in &members {
                let wanted: Vec<String> = now_there
                    .iter()
                    .enumerate()
                    .filter(|(_, o)| check(&rules, o, who, now()).is_eligible())
                    .map(|(n, _)| format!("opening-{n:04}"))
                    .collect();
                let seek = Seek::of(who, now());
                let mut found = reader.fitting(&seek);
                found.sort_unstable();
                prop_assert_eq!(&found, &wanted, "{:?}", who);
                prop_assert_eq!(reader.count_fitting(&seek), wanted.len());
                let late = Seek::of(who, now() + chrono::Duration::days(30));
                prop_assert_eq!(reader.count_fitting(&late), 0, "all of them have closed by then");
            }
            if round == 0 {
                for (there, new) in now_there.iter_mut().zip(&changed) {
                    *there = new.clone();
                }
                let changes: Vec<OpeningChange> = now_there
                    .iter()
                    .enumerate()
                    .take(changed.len())
                    .map(|(n, o)| OpeningChange::Put(Box::new(document(&rules, n, o))))
                    .collect();
                index.apply(&changes, 2).unwrap();
            }
        }
    }
}
