//! Each rule and its edges, as tables: change one thing, expect one rule to answer.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::*;
use crate::ids::{CompanyId, MemberId, OpeningId};
use crate::opening::{CertificationAsk, LicenceRule, Liveness, OpeningStatus, Requires};
use crate::pay::{MinPay, Pay, PayBasis};
use crate::place::{Market, State};
use crate::profile::{
    Base, CertificationStatus as Status, HeldCertification, HeldSpecialty, Licence, LicenceKind, ProviderClass,
};
use crate::specialty::Specialty;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}
fn today() -> NaiveDate {
    now().date_naive()
}
fn id(n: u8) -> String {
    format!("00000000-0000-4000-8000-0000000000{n:02}")
}
fn company() -> CompanyId {
    CompanyId::parse(&id(3)).unwrap()
}
fn state(code: &str) -> State {
    State::parse(code).unwrap()
}
fn market(slug: &str) -> Market {
    Market::parse(slug).unwrap()
}
fn specialty(slug: &str) -> Specialty {
    Specialty::parse(slug).unwrap()
}
fn cert(key: &str, status: Status, expires_on: Option<NaiveDate>) -> HeldCertification {
    HeldCertification { key: key.to_owned(), status, expires_on, steps: std::collections::BTreeMap::new() }
}
fn licence(code: &str, expires_on: Option<NaiveDate>) -> Licence {
    Licence { state: state(code), kind: LicenceKind::Md, expires_on }
}

/// An orthopaedic QME in Los Angeles, travelling 120 miles.
fn member() -> Candidate {
    let mut profile = crate::profile::Profile::empty();
    profile.specialties =
        vec![HeldSpecialty { specialty: specialty("orthopaedic-surgery"), primary: true, board_certified: true }];
    profile.licences = vec![licence("CA", None)];
    profile.certifications = vec![cert("ca-qme", Status::Appointed, None)];
    profile.interests = Kind::ALL.iter().copied().collect();
    profile.bases = vec![Base { market: market("los-angeles"), radius_miles: 120 }];
    profile.remote = true;
    profile.languages = vec!["spanish".to_owned()];
    profile.years = Some(12);
    Candidate {
        member: MemberId::parse(&id(1)).unwrap(),
        standing: MemberStanding::Active,
        profile,
        blocked: std::collections::BTreeSet::new(),
        confirmed_at: now(),
    }
}

/// A QME opening in Bakersfield for orthopaedics at $1,200 to $1,500 a case.
pub(super) fn offer() -> Offer {
    Offer {
        opening: OpeningId::parse(&id(2)).unwrap(),
        revision: 1,
        company: company(),
        liveness: Liveness {
            status: OpeningStatus::Approved,
            closes_on: today() + Duration::days(30),
            confirmed_at: Some(now()),
            company_good: true,
        },
        terms: Terms {
            kind: Kind::Qme,
            title: "QME evaluations".to_owned(),
            description: String::new(),
            specialties: vec![specialty("orthopaedic-surgery")],
            markets: vec![market("bakersfield")],
            remote: false,
            licence: LicenceRule::StateOfWork,
            certification: CertificationAsk::default(),
            comp_related: true,
            pay: Pay {
                basis: PayBasis::PerCase,
                min_cents: Some(120_000),
                max_cents: Some(150_000),
                share_bps: None,
                extra_page_cents: None,
                included_pages: None,
            },
            volume: String::new(),
            seats: 1,
            requires: Requires::default(),
            closes_on: today() + Duration::days(30),
            public_listing: true,
        },
    }
}

/// Applies the change and expects exactly these rules to fail.
fn expect(case: &str, change: impl FnOnce(&mut Offer, &mut Candidate), fails: &[Rule]) {
    let (mut o, mut m) = (offer(), member());
    change(&mut o, &mut m);
    let verdict = check(&Rulebook::shipped(), &o, &m, now());
    let failed: Vec<Rule> = verdict.reasons().iter().filter(|r| !r.met).map(|r| r.rule).collect();
    assert_eq!(failed, fails, "{case}: {:?}", verdict.reasons());
    assert_eq!(verdict.is_eligible(), fails.is_empty(), "{case}");
    assert_eq!(verdict.reasons().len(), Rule::ALL.len(), "{case}: every rule answers");
}

fn note_of(o: &Offer, m: &Candidate, rule: Rule) -> Note {
    check(&Rulebook::shipped(), o, m, now()).reasons().iter().find(|r| r.rule == rule).unwrap().note
}

#[test]
fn active_needs_all_three_in_force() {
    expect("all well", |_, _| {}, &[]);
    for standing in
        [MemberStanding::Pending, MemberStanding::Paused, MemberStanding::Suspended, MemberStanding::Rejected]
    {
        expect(standing.as_str(), |_, m| m.standing = standing, &[Rule::Active]);
    }
    expect("company", |o, _| o.liveness.company_good = false, &[Rule::Active]);
    expect("status", |o, _| o.liveness.status = OpeningStatus::Submitted, &[Rule::Active]);
    expect("closes today", |o, _| o.liveness.closes_on = today(), &[]);
    expect("closed yesterday", |o, _| o.liveness.closes_on = today() - Duration::days(1), &[Rule::Active]);
    expect("unconfirmed", |o, _| o.liveness.confirmed_at = Some(now() - Duration::days(14)), &[Rule::Active]);
}

#[test]
fn kind_and_specialty_must_meet() {
    expect(
        "no interest",
        |_, m| {
            m.profile.interests.remove(&Kind::Qme);
        },
        &[Rule::Kind],
    );
    expect("other specialty", |o, _| o.terms.specialties = vec![specialty("psychiatry")], &[Rule::Specialty]);
    expect("one of several", |o, _| o.terms.specialties.push(specialty("psychiatry")), &[]);
    expect("any specialty", |o, _| o.terms.specialties.clear(), &[]);
}

#[test]
fn a_licence_counts_until_the_day_before_its_date() {
    expect("expires tomorrow", |_, m| m.profile.licences = vec![licence("CA", Some(today() + Duration::days(1)))], &[]);
    expect("expires today", |_, m| m.profile.licences = vec![licence("CA", Some(today()))], &[Rule::Licence]);
    expect("other state", |_, m| m.profile.licences = vec![licence("NV", None)], &[Rule::Licence]);
    expect(
        "one current of two",
        |_, m| m.profile.licences = vec![licence("CA", Some(today())), licence("CA", None)],
        &[],
    );
    expect(
        "none needed",
        |o, m| {
            m.profile.licences.clear();
            o.terms.kind = Kind::ChartReview;
            o.terms.licence = LicenceRule::NotNeeded;
        },
        &[],
    );
}

#[test]
fn named_states_decide_remote_work_and_add_to_work_on_site() {
    let remote = |o: &mut Offer, states: &[&str]| {
        o.terms.kind = Kind::ChartReview;
        o.terms.markets.clear();
        o.terms.remote = true;
        o.terms.licence = LicenceRule::OneOf(states.iter().map(|s| state(s)).collect());
    };
    expect("one of", |o, _| remote(o, &["NV", "CA"]), &[]);
    expect("none of", |o, _| remote(o, &["NV", "TX"]), &[Rule::Licence]);
    expect(
        "any licence when none is named",
        |o, _| {
            remote(o, &[]);
            o.terms.licence = LicenceRule::StateOfWork;
        },
        &[],
    );
    expect(
        "no licence at all",
        |o, m| {
            remote(o, &[]);
            o.terms.licence = LicenceRule::StateOfWork;
            m.profile.licences.clear();
        },
        &[Rule::Licence],
    );
    expect("added on site", |o, _| o.terms.licence = LicenceRule::OneOf(vec![state("NV")]), &[Rule::Licence]);
    expect(
        "never weaker on site",
        |o, m| {
            o.terms.licence = LicenceRule::OneOf(vec![state("NV")]);
            m.profile.licences = vec![licence("NV", None)];
        },
        &[Rule::Licence],
    );
}

#[test]
fn qme_work_needs_an_appointment_or_a_candidate_where_taken() {
    let with = |status, end| {
        move |_: &mut Offer, m: &mut Candidate| m.profile.certifications = vec![cert("ca-qme", status, end)]
    };
    expect("expires today", with(Status::Appointed, Some(today())), &[Rule::Certification]);
    expect("expires tomorrow", with(Status::Appointed, Some(today() + Duration::days(1))), &[]);
    expect("on the way, not taken", with(Status::InProgress, None), &[Rule::Certification]);
    expect(
        "on the way, taken",
        |o, m| {
            with(Status::InProgress, None)(o, m);
            o.terms.certification.takes_candidates = true;
        },
        &[],
    );
    expect(
        "interested is not on the way",
        |o, m| {
            with(Status::Interested, None)(o, m);
            o.terms.certification.takes_candidates = true;
        },
        &[Rule::Certification],
    );
    expect("nothing held", |_, m| m.profile.certifications.clear(), &[Rule::Certification]);
}

#[test]
fn a_compensation_ime_falls_under_the_states_rules() {
    let ime = |o: &mut Offer, m: &mut Candidate, slug: &str, code: &str| {
        o.terms.kind = Kind::Ime;
        o.terms.markets = vec![market(slug)];
        m.profile.markets = vec![market(slug)];
        m.profile.licences = vec![licence(code, None)];
        m.profile.certifications.clear();
    };
    expect("California needs QME", |o, m| ime(o, m, "san-diego", "CA"), &[Rule::Certification]);
    expect(
        "not when it is no compensation matter",
        |o, m| {
            ime(o, m, "san-diego", "CA");
            o.terms.comp_related = false;
        },
        &[],
    );
    expect("Washington needs its approval", |o, m| ime(o, m, "seattle-wa", "WA"), &[Rule::Certification]);
    expect(
        "Washington, approved",
        |o, m| {
            ime(o, m, "seattle-wa", "WA");
            m.profile.certifications = vec![cert("wa-ime", Status::Appointed, None)];
        },
        &[],
    );
    expect(
        "New York's entity row binds the company",
        |o, m| {
            ime(o, m, "new-york-ny", "NY");
            m.profile.certifications = vec![cert("ny-ime", Status::Appointed, None)];
        },
        &[],
    );
    expect("Oregon's list binds the provider", |o, m| ime(o, m, "portland-or", "OR"), &[Rule::Certification]);
    expect("dispute rows do not count unless named", |o, m| ime(o, m, "houston-tx", "TX"), &[]);
    expect(
        "dispute row named",
        |o, m| {
            ime(o, m, "houston-tx", "TX");
            o.terms.certification.required = Some("tx-dd".to_owned());
        },
        &[Rule::Certification],
    );
    let (mut o, mut m) = (offer(), member());
    ime(&mut o, &mut m, "chicago-il", "IL");
    assert!(check(&Rulebook::shipped(), &o, &m, now()).is_eligible(), "no row does not block");
    assert_eq!(note_of(&o, &m, Rule::Certification), Note::Unknown, "and is shown as unknown");
}

#[test]
fn the_radius_edge_is_inside() {
    let miles = market("los-angeles").miles_to(market("bakersfield"));
    let (over, under) = (whole(miles.ceil()), whole(miles.floor()));
    let base = |radius| {
        move |_: &mut Offer, m: &mut Candidate| {
            m.profile.bases = vec![Base { market: market("los-angeles"), radius_miles: radius }];
        }
    };
    expect("just inside", base(over), &[]);
    expect("just outside", base(under), &[Rule::Place]);
    expect(
        "radius 0 reaches its own market",
        |o, m| {
            base(0)(o, m);
            o.terms.markets = vec![market("los-angeles")];
        },
        &[],
    );
    expect(
        "listed",
        |o, m| {
            base(1)(o, m);
            m.profile.markets = vec![market("bakersfield")];
        },
        &[],
    );
    expect(
        "remote not taken",
        |o, m| {
            o.terms.markets.clear();
            o.terms.remote = true;
            m.profile.remote = false;
        },
        &[Rule::Place],
    );
}

#[expect(clippy::as_conversions, reason = "a small distance")]
fn whole(miles: f64) -> u16 {
    miles as u16
}

#[test]
fn places_are_judged_together() {
    // Licensed in Nevada only and reaching Bakersfield only: neither place passes all of its rules.
    expect(
        "split over two places",
        |o, m| {
            o.terms.kind = Kind::Ime;
            o.terms.comp_related = false;
            o.terms.markets = vec![market("bakersfield"), market("las-vegas-nv")];
            m.profile.licences = vec![licence("NV", None)];
        },
        &[Rule::Licence],
    );
    expect(
        "the remote form passes",
        |o, m| {
            o.terms.kind = Kind::ChartReview;
            o.terms.remote = true;
            m.profile.bases.clear();
        },
        &[],
    );
}

#[test]
fn pay_block_and_other_demands() {
    let least = |basis, cents| {
        move |_: &mut Offer, m: &mut Candidate| m.profile.min_pay = vec![MinPay { kind: Kind::Qme, basis, cents }]
    };
    expect("reached at the upper end", least(PayBasis::PerCase, 150_000), &[]);
    expect("below", least(PayBasis::PerCase, 150_001), &[Rule::Pay]);
    expect("other unit", least(PayBasis::Hourly, 900_000), &[]);
    let (mut o, mut m) = (offer(), member());
    least(PayBasis::Hourly, 1)(&mut o, &mut m);
    assert_eq!(note_of(&o, &m, Rule::Pay), Note::Unknown);
    expect(
        "blocked",
        |_, m| {
            m.blocked.insert(company());
        },
        &[Rule::Blocked],
    );
    expect(
        "board",
        |o, m| {
            o.terms.requires.board_certified = true;
            m.profile.specialties.iter_mut().for_each(|s| s.board_certified = false);
        },
        &[Rule::Other],
    );
    expect("years", |o, _| o.terms.requires.min_years = 12, &[]);
    expect(
        "years missing",
        |o, m| {
            o.terms.requires.min_years = 1;
            m.profile.years = None;
        },
        &[Rule::Other],
    );
    expect("years short", |o, _| o.terms.requires.min_years = 13, &[Rule::Other]);
    expect("language", |o, _| o.terms.requires.languages = vec!["spanish".to_owned()], &[]);
    expect(
        "all languages",
        |o, _| o.terms.requires.languages = vec!["spanish".to_owned(), "korean".to_owned()],
        &[Rule::Other],
    );
    expect("class", |o, _| o.terms.requires.provider_classes = vec![ProviderClass::NonMd], &[Rule::Other]);
}
