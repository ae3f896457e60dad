//! Made-up openings, with the shares of a medical-legal job board.

use chrono::Duration;
use domain::candidate::Offer;
use domain::opening::{CertificationAsk, LicenceRule, Liveness, OpeningStatus, Requires, Terms};
use domain::pay::{Pay, PayBasis};
use domain::place::{Market, State};
use domain::profile::ProviderClass;
use domain::specialty::Specialty;
use domain::{Kind, OpeningId};
use rand::Rng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use super::now;
use super::world::World;

pub(super) fn make(world: &World, number: u32, rng: &mut impl Rng) -> Offer {
    let kind = match rng.random_range(0..100) {
        0..40 => Kind::Qme,
        40..70 => Kind::Ime,
        _ => Kind::ChartReview,
    };
    let remote = rng.random_bool(match kind {
        Kind::Qme => 0.0,
        Kind::Ime => 0.1,
        Kind::ChartReview => 0.8,
    });
    let state = if kind == Kind::Qme { State::california() } else { world.states.pick(rng) };
    let closes_on = now().date_naive() + Duration::days(rng.random_range(1..90));
    let terms = Terms {
        kind,
        title: format!("Opening {number}"),
        description: String::new(),
        specialties: specialties(world, rng),
        markets: if remote { Vec::new() } else { markets(world, state, rng) },
        remote,
        licence: licence(world, kind, remote, state, rng),
        certification: certification(kind, rng),
        comp_related: kind == Kind::Ime && rng.random_bool(0.4),
        pay: pay(kind, rng),
        volume: String::new(),
        seats: rng.random_range(1..6),
        requires: requires(rng),
        closes_on,
        public_listing: true,
    };
    Offer {
        opening: OpeningId::from_uuid(Uuid::from_u128(u128::from(number))),
        revision: 1,
        company: world.company(rng),
        liveness: Liveness {
            status: OpeningStatus::Approved,
            closes_on,
            confirmed_at: Some(now() - Duration::days(rng.random_range(0..13))),
            company_good: true,
        },
        terms,
    }
}

fn specialties(world: &World, rng: &mut impl Rng) -> Vec<Specialty> {
    let count = match rng.random_range(0..100) {
        0..55 => 1,
        55..80 => 3,
        80..95 => 6,
        _ => 0,
    };
    let mut all = Vec::new();
    for _ in 0..count {
        let next = if rng.random_bool(0.5) { world.med_legal.pick(rng) } else { world.physicians.pick(rng) };
        if !all.contains(&next) {
            all.push(next);
        }
    }
    all
}

fn markets(world: &World, state: State, rng: &mut impl Rng) -> Vec<Market> {
    let count = if rng.random_bool(0.08) { rng.random_range(2..5) } else { 1 };
    let mut all = Vec::new();
    for n in 0..count {
        let state = if n == 0 || rng.random_bool(0.7) { state } else { world.states.pick(rng) };
        let market = world.market(state, rng);
        if !all.contains(&market) {
            all.push(market);
        }
    }
    all
}

fn licence(world: &World, kind: Kind, remote: bool, state: State, rng: &mut impl Rng) -> LicenceRule {
    match (kind, remote, rng.random_range(0..100)) {
        (Kind::ChartReview, true, 0..70) => LicenceRule::NotNeeded,
        (Kind::ChartReview, true, 70..85) | (Kind::Ime, _, 0..4) => {
            let other = world.states.pick(rng);
            let alone = other == state || rng.random_bool(0.5);
            LicenceRule::OneOf(if alone { vec![state] } else { vec![state, other] })
        }
        _ => LicenceRule::StateOfWork,
    }
}

fn certification(kind: Kind, rng: &mut impl Rng) -> CertificationAsk {
    CertificationAsk {
        required: (kind != Kind::ChartReview && rng.random_bool(0.02)).then(|| "us-cime".to_owned()),
        takes_candidates: kind != Kind::ChartReview && rng.random_bool(0.4),
        sponsors: false,
    }
}

fn pay(kind: Kind, rng: &mut impl Rng) -> Pay {
    let mut pay = Pay {
        basis: PayBasis::NotStated,
        min_cents: None,
        max_cents: None,
        share_bps: None,
        extra_page_cents: None,
        included_pages: None,
    };
    let lot = rng.random_range(0..100);
    if lot < 5 {
        return pay;
    }
    let cents = match (kind, lot) {
        (Kind::Qme, 5..20) => {
            pay.basis = PayBasis::FeeShare;
            pay.share_bps = Some(rng.random_range(9..16) * 500);
            return pay;
        }
        (Kind::ChartReview, 5..25) => {
            pay.basis = PayBasis::PerPage;
            rng.random_range(2..9) * 50
        }
        (Kind::ChartReview, _) => {
            pay.basis = PayBasis::Hourly;
            rng.random_range(18..61) * 500
        }
        (Kind::Qme | Kind::Ime, _) => {
            pay.basis = PayBasis::PerCase;
            rng.random_range(if kind == Kind::Qme { 20..53 } else { 10..51 }) * 5000
        }
    };
    pay.min_cents = Some(cents);
    pay.max_cents = Some(cents);
    pay
}

fn requires(rng: &mut impl Rng) -> Requires {
    Requires {
        board_certified: rng.random_bool(0.15),
        min_years: *[0, 0, 0, 3, 5, 10].choose(rng).expect("there are years"),
        languages: if rng.random_bool(0.03) { vec!["spanish".to_owned()] } else { Vec::new() },
        provider_classes: if rng.random_bool(0.05) { vec![ProviderClass::MdDo] } else { Vec::new() },
    }
}
