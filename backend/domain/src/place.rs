//! The closed gazetteer: states and markets (`data/us_states.csv`, `data/markets.csv`), distances and reach.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in miles (IUGG mean radius 6371.0088 km).
const EARTH_MILES: f64 = 3958.7613;

/// Serde for a list entry by its slug.
macro_rules! slug_serde {
    ($name:ident, $what:literal) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.slug())
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let slug = String::deserialize(d)?;
                Self::parse(&slug).ok_or_else(|| serde::de::Error::custom(concat!("expected ", $what)))
            }
        }
    };
}
pub(crate) use slug_serde;

/// A row of the state list.
#[derive(Debug, Deserialize)]
pub struct StateRow {
    /// Two-letter USPS code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Inhabitants (ACS), the weight of made-up communities.
    pub population: Option<u32>,
}

static STATES: LazyLock<Vec<StateRow>> = LazyLock::new(|| crate::facts::rows(include_str!("../data/us_states.csv")));

/// A US state, district or territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(u8);

impl State {
    /// Every state in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(STATES.len()).map(Self)
    }

    /// Finds a state by its two-letter code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        static BY_CODE: LazyLock<HashMap<&str, State>> =
            LazyLock::new(|| State::all().map(|s| (s.code(), s)).collect());
        BY_CODE.get(code).copied()
    }

    /// California, where QME work is.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the embedded list holds CA; a test says so")]
    pub fn california() -> Self {
        Self::parse("CA").expect("CA is in the list")
    }

    /// Place in the list, from 0.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    #[expect(clippy::indexing_slicing, reason = "the number is private and only made from the list's own length")]
    fn row(self) -> &'static StateRow {
        &STATES[usize::from(self.0)]
    }

    /// Two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        &self.row().code
    }

    /// The code, under the name that lists share.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.code()
    }

    /// Full name.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.row().name
    }

    /// Inhabitants, where known.
    #[must_use]
    pub fn population(self) -> u32 {
        self.row().population.unwrap_or(0)
    }
}

slug_serde!(State, "a two-letter state code");

/// A row of the gazetteer.
#[derive(Debug, Deserialize)]
pub struct MarketRow {
    /// Stable key.
    pub slug: String,
    /// `metro`, `county`, `state` or `remote`.
    pub kind: String,
    /// Short name.
    pub name: String,
    /// Code of the state it counts to; empty for remote.
    pub state: String,
    /// Degrees north; empty for remote.
    pub lat: Option<f64>,
    /// Degrees east (negative in the US); empty for remote.
    pub lon: Option<f64>,
    /// Inhabitants (ACS).
    pub population: Option<u32>,
    /// 1 for the markets members ask for most.
    pub popular: u8,
    /// Other names, separated by pipes.
    pub aliases: String,
}

struct MarketEntry {
    row: MarketRow,
    state: State,
    lat: f64,
    lon: f64,
}

// The one row without a place (`remote-us`) is left out: remote is a switch, not a market.
static MARKETS: LazyLock<Vec<MarketEntry>> = LazyLock::new(|| {
    crate::facts::rows::<MarketRow>(include_str!("../data/markets.csv"))
        .into_iter()
        .filter_map(|row| {
            let (state, lat, lon) = (State::parse(&row.state)?, row.lat?, row.lon?);
            Some(MarketEntry { row, state, lat, lon })
        })
        .collect()
});

/// A market of the closed gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Market(u16);

impl Market {
    /// Every market in the order of the gazetteer.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(MARKETS.len()).map(Self)
    }

    /// Finds a market by its slug.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        static BY_SLUG: LazyLock<HashMap<&str, Market>> =
            LazyLock::new(|| Market::all().map(|m| (m.slug(), m)).collect());
        BY_SLUG.get(slug).copied()
    }

    /// Place in the gazetteer, from 0.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The market of this number.
    #[must_use]
    pub fn of_number(number: u16) -> Option<Self> {
        (usize::from(number) < MARKETS.len()).then_some(Self(number))
    }

    #[expect(clippy::indexing_slicing, reason = "the number is private and only made from the list's own length")]
    fn entry(self) -> &'static MarketEntry {
        &MARKETS[usize::from(self.0)]
    }

    /// Stable key.
    #[must_use]
    pub fn slug(self) -> &'static str {
        &self.entry().row.slug
    }

    /// The state whose rules hold there.
    #[must_use]
    pub fn state(self) -> State {
        self.entry().state
    }

    /// Name with its state, for example `Bakersfield, CA`; a statewide market is just the state.
    #[must_use]
    pub fn label(self) -> String {
        let row = &self.entry().row;
        if row.kind == "state" { row.name.clone() } else { format!("{}, {}", row.name, row.state) }
    }

    /// Other names people use, for search.
    #[must_use]
    pub fn aliases(self) -> Vec<String> {
        crate::facts::pipe_list(&self.entry().row.aliases)
    }

    /// True for the markets members ask for most.
    #[must_use]
    pub fn popular(self) -> bool {
        self.entry().row.popular == 1
    }

    /// True for the whole-state entries.
    #[must_use]
    pub fn is_statewide(self) -> bool {
        self.entry().row.kind == "state"
    }

    /// Inhabitants, where known.
    #[must_use]
    pub fn population(self) -> u32 {
        self.entry().row.population.unwrap_or(0)
    }

    /// Great-circle distance between the two market points in miles.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the table has a row and a column for every market")]
    pub fn miles_to(self, other: Self) -> f64 {
        MILES[usize::from(self.0) * MARKETS.len() + usize::from(other.0)]
    }
}

// Every pair once: matching asks for the same few distances again and again.
static MILES: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let all = || MARKETS.iter();
    all().flat_map(|a| all().map(|b| haversine((a.lat, a.lon), (b.lat, b.lon)))).collect()
});

slug_serde!(Market, "a market slug");

/// Great-circle distance in miles between two points given as degrees north and east.
fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let s1 = ((lb - la) / 2.0).sin();
    let s2 = ((b.1 - a.1).to_radians() / 2.0).sin();
    let h = s1.mul_add(s1, la.cos() * lb.cos() * s2 * s2);
    2.0 * EARTH_MILES * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole() {
        assert_eq!(State::all().count(), 56);
        assert_eq!(Market::all().count(), 279);
        assert_eq!(State::california().name(), "California");
        for slug in ["bakersfield", "los-angeles", "sacramento", "san-diego"] {
            assert!(Market::parse(slug).unwrap().popular(), "{slug}");
        }
        assert!(Market::parse("remote-us").is_none());
    }

    #[test]
    fn distance_is_the_great_circle() {
        let (la, bakersfield) = (Market::parse("los-angeles").unwrap(), Market::parse("bakersfield").unwrap());
        let miles = la.miles_to(bakersfield);
        assert!((90.0..120.0).contains(&miles), "{miles}");
        assert!(la.miles_to(la) < 1e-9);
        assert!((miles - bakersfield.miles_to(la)).abs() < 1e-9);
    }
}
