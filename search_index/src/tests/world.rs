//! Random members and openings from small pools, so that they often meet.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::candidate::{Candidate, Offer};
use domain::opening::{CertificationAsk, LicenceRule, Liveness, OpeningStatus, Requires, Terms};
use domain::pay::{MinPay, Pay, PayBasis};
use domain::place::{Market, State};
use domain::profile::{
    Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile, ProviderClass,
};
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
    select(vec!["los-angeles", "bakersfield", "san-diego", "sacramento", "seattle-wa", "houston-tx", "state-nv"])
        .prop_map(|m| Market::parse(m).unwrap())
}

pub(super) fn state() -> impl Strategy<Value = State> {
    select(vec!["CA", "TX", "NV", "WA"]).prop_map(|s| State::parse(s).unwrap())
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

fn certification_key() -> impl Strategy<Value = String> {
    select(vec!["ca-qme", "wa-ime", "tx-dd"]).prop_map(str::to_owned)
}

fn certification() -> impl Strategy<Value = HeldCertification> {
    (certification_key(), select(CertificationStatus::ALL), expiry()).prop_map(|(key, status, expires_on)| {
        HeldCertification { key, status, expires_on, steps: std::collections::BTreeMap::new() }
    })
}

fn company() -> impl Strategy<Value = CompanyId> {
    (1..4u8).prop_map(|n| CompanyId::parse(&format!("00000000-0000-4000-8000-00000000000{n}")).unwrap())
}

fn language() -> impl Strategy<Value = String> {
    select(vec!["spanish", "armenian"]).prop_map(str::to_owned)
}

fn basis() -> impl Strategy<Value = PayBasis> {
    select(vec![PayBasis::PerCase, PayBasis::PerPage, PayBasis::Hourly, PayBasis::FeeShare])
}

/// Round and odd amounts, close to each other.
fn cents() -> impl Strategy<Value = i64> {
    select(vec![0i64, 25, 85, 325, 5_000, 6_200, 35_000, 37_599, 37_600, 140_000, 150_000, 151_000, 100_000_000])
}

fn min_pay() -> impl Strategy<Value = Vec<MinPay>> {
    vec((kind(), basis(), cents()), 0..4).prop_map(|all| {
        let mut seen = BTreeSet::new();
        all.into_iter()
            .filter(|(kind, basis, _)| seen.insert((kind.as_str(), basis.as_str())))
            .map(|(kind, basis, cents)| MinPay { kind, basis, cents })
            .collect()
    })
}

pub(super) fn candidate() -> impl Strategy<Value = Candidate> {
    let standing = prop_oneof![
        6 => Just(MemberStanding::Active),
        1 => select(MemberStanding::ALL),
    ];
    let base = (market(), select(vec![0u16, 25, 120, 300, 1000, 2000]))
        .prop_map(|(market, radius_miles)| Base { market, radius_miles });
    let credentials = (
        standing,
        btree_set(specialty(), 1..3),
        vec(any::<bool>(), 3),
        vec(licence(), 0..4),
        vec(certification(), 0..3),
        btree_set(company(), 0..2),
    );
    let wishes = (btree_set(kind(), 0..4), vec(base, 0..4), vec(market(), 0..2), any::<bool>(), min_pay());
    let rest = (
        btree_set(language(), 0..3),
        proptest::option::of(select(vec![0u8, 4, 5, 40, 255])),
        select(ProviderClass::ALL),
        0i64..500,
    );
    (credentials, wishes, rest).prop_map(
        |(
            (standing, specialties, board, licences, certifications, blocked),
            (interests, bases, markets, remote, min_pay),
            (languages, years, provider_class, days),
        )| {
            let held = specialties.into_iter().zip(board).enumerate();
            Candidate {
                member: MemberId::parse(SOME_ID).unwrap(),
                standing,
                profile: Profile {
                    provider_class,
                    specialties: held
                        .map(|(n, (specialty, board_certified))| HeldSpecialty {
                            specialty,
                            primary: n == 0,
                            board_certified,
                        })
                        .collect(),
                    licences,
                    certifications,
                    interests,
                    bases,
                    markets,
                    remote,
                    min_pay,
                    languages: languages.into_iter().collect(),
                    years,
                    provider_note: String::new(),
                },
                blocked,
                confirmed_at: now() - Duration::days(days),
            }
        },
    )
}

fn licence_rule() -> impl Strategy<Value = LicenceRule> {
    prop_oneof![
        Just(LicenceRule::StateOfWork),
        Just(LicenceRule::NotNeeded),
        vec(state(), 0..3).prop_map(LicenceRule::OneOf),
    ]
}

fn requires() -> impl Strategy<Value = Requires> {
    let some = (any::<bool>(), select(vec![0u8, 5, 255]), vec(language(), 0..2), vec(select(ProviderClass::ALL), 0..2))
        .prop_map(|(board_certified, min_years, languages, provider_classes)| Requires {
            board_certified,
            min_years,
            languages,
            provider_classes,
        });
    prop_oneof![2 => Just(Requires::default()), 1 => some]
}

fn pay() -> impl Strategy<Value = Pay> {
    (proptest::option::weighted(0.8, basis()), cents(), proptest::option::of(cents())).prop_map(|(basis, min, more)| {
        let share = basis == Some(PayBasis::FeeShare);
        Pay {
            basis: basis.unwrap_or(PayBasis::NotStated),
            min_cents: (!share).then_some(min),
            max_cents: more.filter(|_| !share).map(|more| min + more),
            share_bps: i32::try_from(min).ok().filter(|_| share),
            extra_page_cents: None,
            included_pages: None,
        }
    })
}

pub(super) fn offer() -> impl Strategy<Value = Offer> {
    let place = (vec(market(), 0..3), any::<bool>(), licence_rule());
    let certification = (proptest::option::weighted(0.2, certification_key()), any::<bool>(), any::<bool>());
    (kind(), vec(specialty(), 0..3), place, certification, pay(), requires(), company()).prop_map(
        |(
            kind,
            specialties,
            (markets, remote, licence),
            (required, takes_candidates, comp_related),
            pay,
            requires,
            company,
        )| {
            let certification = CertificationAsk { required, takes_candidates, sponsors: false };
            let terms = Terms {
                kind,
                title: String::new(),
                description: String::new(),
                specialties,
                markets,
                remote,
                licence,
                certification,
                comp_related,
                pay,
                volume: String::new(),
                seats: 1,
                requires,
                closes_on: now().date_naive(),
                public_listing: true,
            };
            live_offer(terms, company)
        },
    )
}

fn live_offer(terms: Terms, company: CompanyId) -> Offer {
    Offer {
        opening: OpeningId::parse(SOME_ID).unwrap(),
        revision: 1,
        company,
        liveness: Liveness {
            status: OpeningStatus::Approved,
            closes_on: terms.closes_on,
            confirmed_at: Some(now()),
            company_good: true,
        },
        terms,
    }
}
