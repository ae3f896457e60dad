//! Random members and openings from small pools, so that they often meet.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::candidate::{Candidate, Offer};
use domain::opening::{CertificationAsk, LicenceRule, Liveness, OpeningStatus, Requires, Terms};
use domain::pay::{Pay, PayBasis};
use domain::place::{Market, State};
use domain::profile::{Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile};
use domain::specialty::Specialty;
use domain::standing::MemberStanding;
use domain::{CompanyId, Kind, MemberId, OpeningId};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

const SOME_ID: &str = "00000000-0000-4000-8000-000000000001";

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(super) fn kind() -> impl Strategy<Value = Kind> {
    select(Kind::ALL)
}

pub(super) fn specialty() -> impl Strategy<Value = Specialty> {
    select(vec!["orthopaedic-surgery", "psychiatry", "neurology", "pain-medicine"])
        .prop_map(|s| Specialty::parse(s).unwrap())
}

pub(super) fn market() -> impl Strategy<Value = Market> {
    select(vec!["los-angeles", "bakersfield", "san-diego", "sacramento", "houston-tx", "state-nv"])
        .prop_map(|m| Market::parse(m).unwrap())
}

pub(super) fn state() -> impl Strategy<Value = State> {
    select(vec!["CA", "TX", "NV"]).prop_map(|s| State::parse(s).unwrap())
}

/// No end, or a day before, on or after today.
fn expiry() -> impl Strategy<Value = Option<NaiveDate>> {
    let today = now().date_naive();
    prop_oneof![
        3 => Just(None),
        1 => (-1i64..=1).prop_map(move |d| Some(today + Duration::days(d))),
    ]
}

fn licence() -> impl Strategy<Value = Licence> {
    (state(), expiry()).prop_map(|(state, expires_on)| Licence { state, kind: LicenceKind::Md, expires_on })
}

fn certification() -> impl Strategy<Value = HeldCertification> {
    (select(CertificationStatus::ALL), expiry()).prop_map(|(status, expires_on)| HeldCertification {
        key: "ca-qme".to_owned(),
        status,
        expires_on,
        steps: std::collections::BTreeMap::new(),
    })
}

pub(super) fn candidate() -> impl Strategy<Value = Candidate> {
    let standing = prop_oneof![
        6 => Just(MemberStanding::Active),
        1 => select(MemberStanding::ALL),
    ];
    let base =
        (market(), select(vec![0u16, 25, 120, 300])).prop_map(|(market, radius_miles)| Base { market, radius_miles });
    (
        standing,
        btree_set(specialty(), 1..3),
        vec(licence(), 0..3),
        vec(certification(), 0..2),
        btree_set(kind(), 0..4),
        vec(base, 0..3),
        vec(market(), 0..2),
        any::<bool>(),
    )
        .prop_map(|(standing, specialties, licences, certifications, interests, bases, markets, remote)| {
            let held = specialties.into_iter().enumerate();
            Candidate {
                member: MemberId::parse(SOME_ID).unwrap(),
                standing,
                profile: Profile {
                    specialties: held
                        .map(|(n, specialty)| HeldSpecialty { specialty, primary: n == 0, board_certified: true })
                        .collect(),
                    licences,
                    certifications,
                    interests,
                    bases,
                    markets,
                    remote,
                    ..Profile::empty()
                },
                blocked: BTreeSet::new(),
                confirmed_at: now(),
            }
        })
}

fn licence_rule() -> impl Strategy<Value = LicenceRule> {
    prop_oneof![
        Just(LicenceRule::StateOfWork),
        Just(LicenceRule::NotNeeded),
        vec(state(), 0..3).prop_map(LicenceRule::OneOf),
    ]
}

pub(super) fn offer() -> impl Strategy<Value = Offer> {
    (kind(), vec(specialty(), 0..3), vec(market(), 0..3), any::<bool>(), licence_rule(), any::<bool>(), any::<bool>())
        .prop_map(|(kind, specialties, markets, remote, licence, takes_candidates, comp_related)| {
            live_offer(Terms {
                kind,
                title: String::new(),
                description: String::new(),
                specialties,
                markets,
                remote,
                licence,
                certification: CertificationAsk { takes_candidates, ..CertificationAsk::default() },
                comp_related,
                pay: Pay {
                    basis: PayBasis::NotStated,
                    min_cents: None,
                    max_cents: None,
                    share_bps: None,
                    extra_page_cents: None,
                    included_pages: None,
                },
                volume: String::new(),
                seats: 1,
                requires: Requires::default(),
                closes_on: now().date_naive(),
                public_listing: true,
            })
        })
}

fn live_offer(terms: Terms) -> Offer {
    Offer {
        opening: OpeningId::parse(SOME_ID).unwrap(),
        revision: 1,
        company: CompanyId::parse(SOME_ID).unwrap(),
        liveness: Liveness {
            status: OpeningStatus::Approved,
            closes_on: terms.closes_on,
            confirmed_at: Some(now()),
            company_good: true,
        },
        terms,
    }
}
