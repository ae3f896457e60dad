//! An alert as the index holds it: keys that an opening it wants has too, the least pay, and words.
//!
//! A key is a kind, a specialty and a place, each of which may stand for any. What an alert names is spelled out
//! in its keys, and an opening brings every key that can mean it. So nothing but pay and words is left to check.

use domain::Kind;
use domain::alert::Wish;
use domain::place::{Market, State};

use crate::alert_words;
use crate::arrival::Arrival;
use crate::keys::ANY_SPECIALTY;
use crate::lists::kind_number;

/// Counts up when the layout changes. From the highest bit: version (8), kind (8), specialty (16), place (32).
const VERSION: u64 = 1;

/// Stands for any kind; the list never grows this long.
pub(crate) const ANY_KIND: u64 = 0xff;
/// In the keys of every alert beside the specialties it names, or any. It is what an opening that takes every
/// specialty looks for, instead of each of them and any: one long list is read sooner than fifty short ones.
pub(crate) const WHATEVER_SPECIALTY: u64 = ANY_SPECIALTY - 1;

/// A place in a key: a tag (16) and a number (16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u64);

impl Place {
    /// Every opening.
    pub(crate) const ANYWHERE: Self = Self(0);
    /// Every opening but those that are only remote.
    pub(crate) const ON_SITE: Self = Self(1 << 16);
    /// Openings that can be done from anywhere.
    pub(crate) const REMOTE: Self = Self(2 << 16);

    pub(crate) fn market(market: Market) -> Self {
        Self(3 << 16 | u64::from(market.number()))
    }

    pub(crate) fn state(state: State) -> Self {
        Self(4 << 16 | u64::from(state.number()))
    }
}

/// The key of these parts.
pub(crate) fn key(kind: u64, specialty: u64, place: Place) -> u64 {
    VERSION << 56 | kind << 48 | specialty << 32 | place.0
}

/// An amount in the four bytes of a column; no opening may state one that they cannot hold.
pub(crate) fn cents(amount: i64) -> u32 {
    u32::try_from(amount.max(0)).unwrap_or(u32::MAX)
}

/// An alert ready for the index. Make it with [`AlertDoc::of`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertDoc {
    /// Without any it can never fire.
    pub(crate) keys: Vec<u64>,
    /// In cents; 0 for none.
    pub(crate) least: u32,
    /// As `alert_words` writes them; empty for none.
    pub(crate) words: String,
}

impl AlertDoc {
    /// The document of a wish.
    #[must_use]
    pub fn of(wish: &Wish) -> Self {
        // A word that no opening can have is asked for.
        let Some(words) = alert_words::write(&wish.words) else { return Self::default() };
        let all_kinds = Kind::ALL.iter().all(|k| wish.kinds.contains(k));
        let kinds = or_any(wish.kinds.iter().filter(|_| !all_kinds).map(|k| kind_number(*k)), ANY_KIND);
        let mut specialties = or_any(wish.specialties.iter().map(|s| u64::from(s.number())), ANY_SPECIALTY);
        specialties.push(WHATEVER_SPECIALTY);
        let places = places(wish);
        let mut keys = Vec::with_capacity(kinds.len() * specialties.len() * places.len());
        for kind in &kinds {
            for specialty in &specialties {
                keys.extend(places.iter().map(|place| key(*kind, *specialty, *place)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Self { keys, least: wish.min_pay_cents.map_or(0, cents), words }
    }

    /// Judges an opening by everything the index knows.
    #[must_use]
    pub fn is_met_by(&self, arrival: &Arrival) -> bool {
        self.least <= arrival.best
            && self.keys.iter().any(|k| arrival.keys.binary_search(k).is_ok())
            && alert_words::hold(&self.words, |stem| arrival.words.has_stem(stem))
    }
}

fn or_any(named: impl Iterator<Item = u64>, any: u64) -> Vec<u64> {
    let named: Vec<u64> = named.collect();
    if named.is_empty() { vec![any] } else { named }
}

fn places(wish: &Wish) -> Vec<Place> {
    if wish.markets.is_empty() && wish.states.is_empty() {
        return vec![if wish.remote_too { Place::ANYWHERE } else { Place::ON_SITE }];
    }
    let mut all: Vec<Place> = wish.states.iter().map(|s| Place::state(*s)).collect();
    all.extend(wish.markets.iter().filter(|m| !wish.states.contains(&m.state())).map(|m| Place::market(*m)));
    if wish.remote_too {
        all.push(Place::REMOTE);
    }
    all
}
