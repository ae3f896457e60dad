//! What companies can try within one snapshot, with as many crafted openings as they like.

use std::collections::BTreeSet;

use domain::certification::Rulebook;
use domain::input::OpeningInput;
use domain::reach::{Aim, Band, CELLS_PER_COMPANY, Cell, Lattice};
use harness::app::TestApp;
use harness::client::ApiClient;
use harness::factory::Draft;
use serde_json::json;

use super::population::{Dice, FEES, People, Person};
use crate::reach::{band, drafted, opening, signed_in};

/// Companies that pool their answers. Each rewrites one draft again and again.
pub struct Pool<'a> {
    app: &'a TestApp,
    offices: Vec<Office>,
}

struct Office {
    api: ApiClient,
    draft: String,
    seen: BTreeSet<Cell>,
}

impl<'a> Pool<'a> {
    pub async fn new(app: &'a TestApp, owners: &[String]) -> Pool<'a> {
        let mut offices = Vec::new();
        for owner in owners {
            let api = signed_in(app, owner).await;
            let draft = drafted(&api, &opening("ime", "urology", "fresno")).await;
            offices.push(Office { api, draft, seen: BTreeSet::new() });
        }
        Pool { app, offices }
    }

    /// What the pool is shown for an opening; nothing when every company has used up its budget. The lattice is no
    /// secret, so nobody walks into the lock.
    async fn ask(&mut self, draft: &Draft) -> Option<Band> {
        let input: OpeningInput = serde_json::from_value(draft.json()).expect("an opening");
        let terms = input.parse(&Rulebook::shipped(), "2026-03-02".parse().expect("a day")).expect("terms");
        let cell = Cell::of(&Aim::from(&terms), Lattice::Fine);
        let budget = usize::try_from(CELLS_PER_COMPANY).expect("small");
        let office = self.offices.iter_mut().find(|o| o.seen.contains(&cell) || o.seen.len() < budget)?;
        office.seen.insert(cell);
        let mut terms = draft.json();
        terms.as_object_mut().expect("an object").remove("closes_on");
        let path = format!("/company/openings/{}", office.draft);
        let mut reply = office.api.patch(&path, &terms).await;
        if reply.status == 429 {
            // An account writes only so often in a minute. Whoever attacks has time.
            self.app.advance(chrono::Duration::minutes(1)).await;
            office.api = office.api.refreshed().await;
            reply = office.api.patch(&path, &terms).await;
        }
        reply.ok();
        Some(band(&office.api, &office.draft).await)
    }
}

/// The least count a band admits.
fn least(band: Band) -> i64 {
    match band {
        Band::FewerThan11 => 0,
        Band::From11 => 11,
        Band::From26 => 26,
        Band::From51 => 51,
        Band::MoreThan100 => 101,
    }
}

/// What an attacker takes a band for.
fn middle(band: Band) -> f64 {
    match band {
        Band::FewerThan11 => 5.0,
        Band::From11 => 18.0,
        Band::From26 => 38.0,
        Band::From51 => 75.0,
        Band::MoreThan100 => 150.0,
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

/// An opening made for one person. Certain is who lies in a cell that shows at least as many as the register knows
/// there.
pub async fn singling_out(pool: &mut Pool<'_>, people: &People) -> f64 {
    let targets = people.targets(11, 120);
    let mut certain = 0;
    for target in &targets {
        if let Some(shown) = pool.ask(&target.opening()).await
            && least(shown) >= people.known_in_cell(target)
        {
            certain += 1;
        }
    }
    percent(certain, targets.len())
}

/// Pairs of openings that differ by the target's class alone, each with other company for it, and the mean of what they
/// differ by. Certain is who belongs to a class that is thought to hold as many members as the register knows of it,
/// and does.
pub async fn averaging(pool: &mut Pool<'_>, people: &People) -> f64 {
    let targets = people.targets(12, 30);
    let mut dice = Dice::new(13);
    let mut certain = 0;
    for target in &targets {
        let mut differences = Vec::new();
        for _ in 0..8 {
            let (without, with) = pair(target, people, &mut dice);
            if let (Some(without), Some(with)) = (pool.ask(&without).await, pool.ask(&with).await) {
                differences.push(middle(with) - middle(without));
            }
        }
        let thought = differences.iter().sum::<f64>() / differences.len().max(1) as f64;
        let (thought, known) = (thought.round() as i64, people.register[&target.class()]);
        if thought == known && people.counted(target.class()) == known {
            certain += 1;
        }
    }
    percent(certain, targets.len())
}

/// Random specialties and markets without the target's, and the same with it at a random place.
fn pair(target: &Person, people: &People, dice: &mut Dice) -> (Draft, Draft) {
    let mut specialties: Vec<&str> = Vec::new();
    let mut markets: Vec<&str> = Vec::new();
    let californian = |market: &str| domain::place::Market::parse(market).is_some_and(|m| m.state().code() == "CA");
    while specialties.len() < 3 || markets.len() < 3 {
        let other = &people.all[dice.below(people.all.len())];
        if specialties.len() < 3 && other.specialty != target.specialty && !specialties.contains(&other.specialty) {
            specialties.push(other.specialty);
        }
        let fits = target.kind() != domain::Kind::Qme || californian(other.market);
        if markets.len() < 3 && fits && other.market != target.market && !markets.contains(&other.market) {
            markets.push(other.market);
        }
    }
    let draft = |specialties: &[&str], markets: &[&str]| {
        let all = target.opening().set("/specialties", json!(specialties));
        all.set("/markets", json!(markets))
    };
    let without = draft(&specialties, &markets);
    specialties.insert(dice.below(4), target.specialty);
    markets.insert(dice.below(4), target.market);
    (without, draft(&specialties, &markets))
}

/// Openings for one member that pay more and more: the least pay at which the display moves is taken for the member's
/// minimum, else the most frequent one is guessed. What counts is how much better that is than the guess alone.
pub async fn minimum_fee(pool: &mut Pool<'_>, people: &People) -> f64 {
    let mut shares = [0; FEES.len()];
    let place = |fee: i64| FEES.iter().position(|f| *f == fee).expect("one of the fees");
    people.all.iter().for_each(|p| shares[place(p.fee)] += 1);
    let frequent = (0..FEES.len()).max_by_key(|n| shares[*n]).map(|n| FEES[n]);
    let targets = people.targets(14, 40);
    let (mut learnt, mut guessed) = (0, 0);
    for target in &targets {
        let mut last = None;
        let mut moved = None;
        for fee in FEES {
            let draft = target.opening().set("/pay/min_cents", fee).set("/pay/max_cents", fee);
            let shown = pool.ask(&draft).await;
            if last.is_some_and(|last| last != shown) {
                moved.get_or_insert(fee);
            }
            last = Some(shown);
        }
        learnt += usize::from(moved.or(frequent) == Some(target.fee));
        guessed += usize::from(frequent == Some(target.fee));
    }
    percent(learnt, targets.len()) - percent(guessed, targets.len())
}
