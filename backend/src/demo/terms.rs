//! What made-up openings ask and pay.

use chrono::NaiveDate;
use domain::Kind;
use domain::certification::{CA_QME, Rulebook};
use domain::opening::{CertificationAsk, LicenceRule, Requires, Terms};
use domain::pay::{Pay, PayBasis};
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::demo::dice::Dice;
use crate::demo::pools::{Pools, Territory};
use crate::demo::words::Subject;

/// Terms for a kind of work of a company.
pub(super) fn draw(
    dice: &mut Dice,
    pools: &Pools,
    rules: &Rulebook,
    territory: &Territory,
    kind: Kind,
    closes_on: NaiveDate,
) -> Terms {
    let remote = kind == Kind::ChartReview && dice.chance(80);
    let markets = if remote { Vec::new() } else { territory.draw(dice, pools) };
    let specialties = specialties(dice, pools, kind, remote);
    let certification = certification(dice, rules, kind, &markets);
    let volume = volume(dice, kind);
    let city = markets.first().map(|m| m.label());
    let subject = Subject {
        kind,
        remote,
        takes_candidates: kind == Kind::Qme && certification.takes_candidates,
        specialty: specialties.first().map(|s| s.name()),
        city: city.as_deref(),
        places: &enumerate(&markets),
        volume: &volume,
    };
    let (title, description) = subject.title_and_description(dice);
    Terms {
        kind,
        title,
        description,
        licence: licence(dice, pools, kind, remote),
        comp_related: comp_related(dice, kind, &markets),
        pay: pay(dice, kind),
        seats: u16::try_from(dice.between(1, 4)).unwrap_or(1),
        requires: requires(dice, kind, &markets),
        public_listing: dice.chance(85),
        specialties,
        markets,
        remote,
        certification,
        volume,
        closes_on,
    }
}

fn specialties(dice: &mut Dice, pools: &Pools, kind: Kind, remote: bool) -> Vec<Specialty> {
    if remote && dice.chance(7) {
        return Vec::new();
    }
    // Files come from every field of medicine, examinations mostly from a few.
    let first =
        if kind == Kind::ChartReview && dice.chance(45) { pools.practised.draw(dice) } else { pools.wanted.draw(dice) };
    let mut all = vec![first];
    if dice.chance(35) {
        all.extend(pools.companion(dice, first));
    }
    all
}

fn certification(dice: &mut Dice, rules: &Rulebook, kind: Kind, markets: &[Market]) -> CertificationAsk {
    if kind == Kind::Qme {
        let takes_candidates = dice.chance(35);
        return CertificationAsk {
            required: Some(CA_QME.to_owned()),
            takes_candidates,
            sponsors: takes_candidates && dice.chance(45),
        };
    }
    // Some examinations are for a state's dispute or rating scheme and name it.
    let state = markets.first().map_or("", |m| m.state().code());
    let scheme = rules.schemes().iter().find(|s| {
        s.state == state
            && s.holder == "physician"
            && matches!(s.applies_to.as_str(), "workers_comp_dispute_exam" | "impairment_rating")
    });
    let named = kind == Kind::Ime && dice.chance(25);
    CertificationAsk {
        required: scheme.filter(|_| named).map(|s| s.key.clone()),
        takes_candidates: false,
        sponsors: false,
    }
}

fn comp_related(dice: &mut Dice, kind: Kind, markets: &[Market]) -> bool {
    let in_california = markets.iter().any(|m| m.state() == State::california());
    match kind {
        Kind::Qme => true,
        // In California such an examination is QME work, so few are offered as an IME.
        Kind::Ime if in_california => dice.chance(12),
        Kind::Ime => dice.chance(40),
        Kind::ChartReview => dice.chance(20),
    }
}

fn licence(dice: &mut Dice, pools: &Pools, kind: Kind, remote: bool) -> LicenceRule {
    match (kind, dice.between(0, 99)) {
        (Kind::ChartReview, 0..=34) => LicenceRule::NotNeeded,
        (Kind::ChartReview, 35..=69) if remote => {
            let mut states = vec![pools.states.draw(dice)];
            for _ in 0..3 {
                let more = pools.states.draw(dice);
                if dice.chance(60) && !states.contains(&more) {
                    states.push(more);
                }
            }
            LicenceRule::OneOf(states)
        }
        _ => LicenceRule::StateOfWork,
    }
}

fn pay(dice: &mut Dice, kind: Kind) -> Pay {
    use PayBasis::{FeeShare, Hourly, PerCase};
    match (kind, dice.between(0, 99)) {
        (Kind::Qme, 0..=54) => {
            let pay = range(dice, PerCase, (120_000, 200_000), (15_000, 40_000), 5000);
            pages(dice, pay)
        }
        (Kind::Qme, 55..=94) => Pay { share_bps: i32::try_from(dice.stepped(5500, 7000, 500)).ok(), ..of(FeeShare) },
        (Kind::Ime, 0..=89) => {
            let pay = range(dice, PerCase, (90_000, 170_000), (15_000, 50_000), 5000);
            pages(dice, pay)
        }
        (Kind::ChartReview, 0..=54) => range(dice, Hourly, (10_000, 20_000), (1500, 5000), 500),
        (Kind::ChartReview, 55..=89) => range(dice, PerCase, (25_000, 45_000), (5000, 15_000), 2500),
        _ => of(PayBasis::NotStated),
    }
}

const fn of(basis: PayBasis) -> Pay {
    Pay { basis, min_cents: None, max_cents: None, share_bps: None, extra_page_cents: None, included_pages: None }
}

/// An amount between two ends, in most cases with an upper end some way above it, all in steps.
fn range(
    dice: &mut Dice,
    basis: PayBasis,
    (least, most): (i64, i64),
    (nearest, farthest): (i64, i64),
    step: i64,
) -> Pay {
    let low = dice.stepped(least, most, step);
    let above = dice.stepped(nearest, farthest, step);
    let high = if dice.chance(75) { low + above } else { low };
    Pay { min_cents: Some(low), max_cents: Some(high), ..of(basis) }
}

/// Most examinations include a number of pages and pay for those above it.
fn pages(dice: &mut Dice, pay: Pay) -> Pay {
    if !dice.chance(60) {
        return pay;
    }
    Pay {
        included_pages: i32::try_from(dice.stepped(100, 300, 50)).ok(),
        extra_page_cents: Some(dice.stepped(100, 300, 50)),
        ..pay
    }
}

fn requires(dice: &mut Dice, kind: Kind, markets: &[Market]) -> Requires {
    let in_california = markets.iter().any(|m| m.state() == State::california());
    let years: &[u8] = if kind == Kind::ChartReview { &[0, 0, 3, 5] } else { &[0, 0, 0, 3, 5] };
    Requires {
        board_certified: dice.chance(55),
        min_years: *dice.pick(years),
        languages: if in_california && dice.chance(8) { vec!["spanish".to_owned()] } else { Vec::new() },
        provider_classes: Vec::new(),
    }
}

fn volume(dice: &mut Dice, kind: Kind) -> String {
    let low = dice.between(2, 10);
    let (low, high, what) = match kind {
        Kind::Qme => (low, low + dice.between(2, 6), "evaluations"),
        Kind::Ime => (low, low + dice.between(2, 8), "examinations"),
        Kind::ChartReview => (low * 2, low * 2 + dice.between(4, 20), "files"),
    };
    format!("{low} to {high} {what} a month")
}

/// `A`, `A and B`, `A, B and C`. All lie in one state, which the title names.
fn enumerate(markets: &[Market]) -> String {
    let names: Vec<String> = markets
        .iter()
        .map(|m| {
            let label = m.label();
            let state = format!(", {}", m.state().code());
            label.strip_suffix(&state).unwrap_or(&label).to_owned()
        })
        .collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
