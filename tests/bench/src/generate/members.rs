//! Made-up members, with the shares of a community of US physicians.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use domain::candidate::Candidate;
use domain::certification::CA_QME;
use domain::pay::{MinPay, PayBasis};
use domain::place::State;
use domain::profile::{
    Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile, ProviderClass,
};
use domain::standing::MemberStanding;
use domain::{Kind, MemberId};
use rand::Rng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use super::world::World;
use super::{Member, now};

const RADII: [u16; 11] = [15, 25, 25, 50, 50, 50, 75, 100, 100, 150, 250];
/// What an admin of the community sees besides English.
const LANGUAGES: [&str; 6] = ["spanish", "spanish", "mandarin", "vietnamese", "tagalog", "russian"];
/// States other than California whose own certification a resident may hold.
const SCHEMES: [(&str, &str); 4] = [("NY", "ny-ime"), ("WA", "wa-ime"), ("OR", "or-ime"), ("TX", "tx-dd")];
/// Members who do not look after their dates: one credential of theirs has run out.
const LAPSED: f64 = 0.03;

pub(super) fn make(world: &World, pid: u32, rng: &mut impl Rng) -> Member {
    let home = world.states.pick(rng);
    let mut profile = Profile::empty();
    put_specialties(world, &mut profile, rng);
    put_licences(world, &mut profile, home, rng);
    put_certifications(&mut profile, home, rng);
    put_interests(&mut profile, rng);
    put_places(world, &mut profile, home, rng);
    put_pay(&mut profile, rng);
    profile.languages = languages(rng);
    profile.years = rng.random_bool(0.98).then(|| rng.random_range(1..40));
    if rng.random_bool(LAPSED)
        && let Some(licence) = profile.licences.first_mut()
    {
        licence.expires_on = Some(now().date_naive() - Duration::days(rng.random_range(0..400)));
    }
    let standing = match rng.random_range(0..100) {
        0..7 => MemberStanding::Pending,
        7 => MemberStanding::Suspended,
        _ => MemberStanding::Active,
    };
    let age: f64 = rng.random();
    let candidate = Candidate {
        member: MemberId::from_uuid(Uuid::from_u128(u128::from(pid))),
        standing,
        profile,
        blocked: blocked(world, rng),
        confirmed_at: now() - Duration::days((age * age * 1500.0) as i64),
    };
    Member { candidate, permitted: rng.random_bool(0.63) }
}

fn put_specialties(world: &World, profile: &mut Profile, rng: &mut impl Rng) {
    let is_other = rng.random_bool(0.03);
    let list = if is_other { &world.others } else { &world.physicians };
    profile.provider_class = if is_other { ProviderClass::NonMd } else { ProviderClass::MdDo };
    let mut held = vec![list.pick(rng)];
    if rng.random_bool(0.27) {
        let second = list.pick(rng);
        if second != held[0] {
            held.push(second);
        }
    }
    profile.specialties = held
        .iter()
        .map(|s| HeldSpecialty { specialty: *s, primary: *s == held[0], board_certified: rng.random_bool(0.85) })
        .collect();
}

fn put_licences(world: &World, profile: &mut Profile, home: State, rng: &mut impl Rng) {
    let mut states = vec![home];
    if rng.random_bool(0.25) {
        for _ in 0..rng.random_range(1..6) {
            let state = world.states.pick(rng);
            if !states.contains(&state) {
                states.push(state);
            }
        }
    }
    let kind = match profile.provider_class {
        ProviderClass::NonMd => LicenceKind::Other,
        ProviderClass::MdDo if rng.random_bool(0.1) => LicenceKind::Do,
        ProviderClass::MdDo => LicenceKind::Md,
    };
    let licence = |state| Licence { state, kind, expires_on: rng.random_bool(0.8).then(|| future_day(rng)) };
    profile.licences = states.into_iter().map(licence).collect();
}

fn future_day(rng: &mut impl Rng) -> NaiveDate {
    now().date_naive() + Duration::days(rng.random_range(1..730))
}

fn put_certifications(profile: &mut Profile, home: State, rng: &mut impl Rng) {
    let own = SCHEMES.iter().find(|(state, _)| *state == home.code()).map(|(_, key)| *key);
    let key = if home == State::california() { Some(CA_QME) } else { own };
    let lot = rng.random_range(0..100);
    let held = match (key, lot) {
        (Some(key), 0..8) => Some((key, CertificationStatus::Appointed)),
        (Some(key), 8..14) => Some((key, CertificationStatus::InProgress)),
        (Some(key), 14..16) => Some((key, CertificationStatus::Interested)),
        (None, 0) => Some((CA_QME, CertificationStatus::InProgress)),
        _ => None,
    };
    let voluntary = rng.random_bool(0.02).then_some(("us-cime", CertificationStatus::Appointed));
    profile.certifications = held
        .into_iter()
        .chain(voluntary)
        .map(|(key, status)| HeldCertification {
            key: key.to_owned(),
            status,
            expires_on: (status == CertificationStatus::Appointed).then(|| future_day(rng)),
            steps: BTreeMap::new(),
        })
        .collect();
}

fn put_interests(profile: &mut Profile, rng: &mut impl Rng) {
    let is_qme = profile.certifications.iter().any(|c| c.key == CA_QME);
    let mut kinds = BTreeSet::new();
    for (kind, share) in [(Kind::ChartReview, 0.8), (Kind::Ime, 0.45), (Kind::Qme, if is_qme { 1.0 } else { 0.12 })] {
        if rng.random_bool(share) {
            kinds.insert(kind);
        }
    }
    if kinds.is_empty() {
        kinds.insert(Kind::ChartReview);
    }
    profile.interests = kinds;
}

fn put_places(world: &World, profile: &mut Profile, home: State, rng: &mut impl Rng) {
    let count = match rng.random_range(0..100) {
        0..80 => 1,
        80..96 => 2,
        _ => 3,
    };
    for n in 0..count {
        let state = if n == 0 || rng.random_bool(0.6) { home } else { world.states.pick(rng) };
        let radius_miles = *RADII.choose(rng).expect("there are radii");
        profile.bases.push(Base { market: world.market(state, rng), radius_miles });
    }
    if rng.random_bool(0.3) {
        for _ in 0..rng.random_range(1..5) {
            let state = if rng.random_bool(0.5) { home } else { world.states.pick(rng) };
            let market = world.listed(state, rng);
            if !profile.markets.contains(&market) {
                profile.markets.push(market);
            }
        }
    }
    profile.remote = rng.random_bool(0.75);
}

fn put_pay(profile: &mut Profile, rng: &mut impl Rng) {
    for kind in profile.interests.clone() {
        let (basis, round): (PayBasis, &[i64]) = match (kind, rng.random_range(0..100)) {
            (Kind::Qme, 0..15) => (PayBasis::FeeShare, &[0, 5000, 6000, 7000]),
            (Kind::Qme, _) => (PayBasis::PerCase, &[0, 100_000, 150_000, 200_000]),
            (Kind::Ime, _) => (PayBasis::PerCase, &[0, 50_000, 100_000, 150_000]),
            (Kind::ChartReview, 0..20) => (PayBasis::PerPage, &[0, 100, 200, 300]),
            (Kind::ChartReview, _) => (PayBasis::Hourly, &[0, 10_000, 15_000, 20_000]),
        };
        let cents = *round.choose(rng).expect("there are figures");
        if cents > 0 {
            let odd = if rng.random_bool(0.03) { rng.random_range(1..90) } else { 0 };
            profile.min_pay.push(MinPay { kind, basis, cents: cents + odd });
        }
    }
}

fn languages(rng: &mut impl Rng) -> Vec<String> {
    let mut all = vec!["english".to_owned()];
    if rng.random_bool(0.15) {
        for _ in 0..rng.random_range(1..3) {
            let language = (*LANGUAGES.choose(rng).expect("there are languages")).to_owned();
            if !all.contains(&language) {
                all.push(language);
            }
        }
    }
    all
}

fn blocked(world: &World, rng: &mut impl Rng) -> BTreeSet<domain::CompanyId> {
    let count = if rng.random_bool(0.1) { rng.random_range(1..4) } else { 0 };
    (0..count).map(|_| world.company(rng)).collect()
}
