//! The three people whose sign-in links a demonstration prints, where they differ from everyone else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use domain::Kind;
use domain::certification::CA_QME;
use domain::opening::{CertificationAsk, LicenceRule, Requires, Terms};
use domain::pay::{MinPay, Pay, PayBasis};
use domain::place::{Market, State};
use domain::profile::{Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile};
use domain::specialty::Specialty;

/// An orthopaedic surgeon and QME in Los Angeles.
pub(super) fn profile(today: NaiveDate) -> Profile {
    let specialty = |slug, primary| {
        Specialty::parse(slug).map(|specialty| HeldSpecialty { specialty, primary, board_certified: true })
    };
    let licence = |code, days| {
        State::parse(code).map(|state| Licence {
            state,
            kind: LicenceKind::Md,
            expires_on: Some(today + Duration::days(days)),
        })
    };
    let min = |kind, basis, cents| MinPay { kind, basis, cents };
    Profile {
        specialties: [specialty("orthopaedic-surgery", true), specialty("sports-medicine", false)]
            .into_iter()
            .flatten()
            .collect(),
        licences: [licence("CA", 420), licence("NV", 95)].into_iter().flatten().collect(),
        certifications: vec![HeldCertification {
            key: CA_QME.to_owned(),
            status: CertificationStatus::Appointed,
            expires_on: Some(today + Duration::days(480)),
            steps: BTreeMap::new(),
        }],
        interests: BTreeSet::from([Kind::Qme, Kind::Ime, Kind::ChartReview]),
        bases: Market::parse("los-angeles").map(|market| Base { market, radius_miles: 75 }).into_iter().collect(),
        markets: ["bakersfield", "san-diego"].into_iter().filter_map(Market::parse).collect(),
        remote: true,
        min_pay: vec![
            min(Kind::Qme, PayBasis::PerCase, 120_000),
            min(Kind::Ime, PayBasis::PerCase, 90_000),
            min(Kind::ChartReview, PayBasis::Hourly, 12_500),
        ],
        languages: vec!["english".to_owned(), "spanish".to_owned()],
        years: Some(18),
        provider_note: "Exam days on Tuesdays and every other Friday. No more than six cases a day.".to_owned(),
        ..Profile::empty()
    }
}

/// The first opening of the leading company; the leading member fits it.
pub(super) fn terms(closes_on: NaiveDate) -> Terms {
    let markets = ["los-angeles", "riverside"];
    Terms {
        kind: Kind::Qme,
        title: "Panel QME evaluations in Los Angeles: Orthopaedic Surgery".to_owned(),
        description: DESCRIPTION.to_owned(),
        specialties: Specialty::parse("orthopaedic-surgery").into_iter().collect(),
        markets: markets.into_iter().filter_map(Market::parse).collect(),
        remote: false,
        licence: LicenceRule::StateOfWork,
        certification: CertificationAsk { required: Some(CA_QME.to_owned()), takes_candidates: false, sponsors: false },
        comp_related: true,
        pay: Pay {
            basis: PayBasis::PerCase,
            min_cents: Some(150_000),
            max_cents: Some(210_000),
            share_bps: None,
            extra_page_cents: Some(200),
            included_pages: Some(200),
        },
        volume: "10 to 14 evaluations a month".to_owned(),
        seats: 2,
        requires: Requires { board_certified: true, min_years: 5, ..Requires::default() },
        closes_on,
        public_listing: true,
    }
}

const DESCRIPTION: &str = "You would examine injured workers for state panels in our rooms in Los Angeles and \
Riverside, and write and sign your own reports. Most cases are spine, shoulder and knee injuries; about one in \
five is a re-evaluation.

Records reach you two weeks before the exam, indexed and with duplicates taken out. A coordinator books \
interpreters, handles every letter from the parties and files the report in time. An editor checks the form and \
leaves the opinion to you.

We pay for rooms, staff, transcription and the reading software. You keep your own panel address and may leave \
with a month's notice.";
