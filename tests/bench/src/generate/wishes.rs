//! Made-up saved alerts.

use domain::Kind;
use domain::alert::{Wish, Words};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::wording::Wording;
use super::world::World;

/// Most places that are named.
pub const PLACES: usize = 4;
/// Words that are asked for are among so many.
const ASKED: usize = 1500;

pub(super) fn make(world: &World, wording: &Wording, rng: &mut impl Rng) -> Wish {
    let mut wish = Wish { remote_too: rng.random_bool(0.7), ..Wish::default() };
    for kind in Kind::ALL {
        if rng.random_bool(0.45) {
            wish.kinds.push(*kind);
        }
    }
    for _ in 0..*[0, 1, 1, 1, 1, 1, 2, 2, 3].choose(rng).expect("there are counts") {
        let next = if rng.random_bool(0.3) { world.med_legal.pick(rng) } else { world.physicians.pick(rng) };
        if !wish.specialties.contains(&next) {
            wish.specialties.push(next);
        }
    }
    match rng.random_range(0..100) {
        0..55 => {
            let home = world.states.pick(rng);
            for _ in 0..rng.random_range(1..=PLACES) {
                let market = world.market(home, rng);
                if !wish.markets.contains(&market) {
                    wish.markets.push(market);
                }
            }
        }
        55..75 => {
            let count = rng.random_range(1..4);
            wish.states = (0..count).map(|_| world.states.pick(rng)).collect();
            wish.states.sort_unstable();
            wish.states.dedup();
        }
        _ => {}
    }
    if rng.random_bool(0.4) {
        wish.min_pay_cents = Some(rng.random_range(1..40) * 5000);
    }
    if rng.random_bool(0.25) {
        wish.words = words(wording, rng);
    }
    wish
}

/// A word, one of two, two, or all without one.
fn words(wording: &Wording, rng: &mut impl Rng) -> Words {
    let mut word = || wording.common(rng.random_range(0..ASKED)).to_owned();
    let (a, b) = (word(), word());
    let text = match rng.random_range(0..10) {
        _ if a == b => a,
        0..5 => a,
        5..7 => format!("{a} OR {b}"),
        7..9 => format!("{a} {b}"),
        _ => format!("-{a}"),
    };
    Words::parse(&text).expect("words an alert takes")
}
