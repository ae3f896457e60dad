//! Filters, and the counts shown beside them.

use std::cmp::Reverse;
use std::sync::LazyLock;

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::lists::kind_number;
use crate::openings_query::OpeningQuery;
use crate::rows::{FEW, Few, NOT_STATED, Numbers, Row};

/// How many openings a choice would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetCount {
    /// The word or slug to filter by.
    pub value: &'static str,
    /// Openings.
    pub count: u64,
}

/// Exact counts. Those of a facet leave its own filter out, so that the choice can be changed: each count is
/// the total the search would have with that choice. Values without openings are left out. Kinds and bands
/// stand in their own order, the others with the largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// By kind of work.
    pub kind: Vec<FacetCount>,
    /// By specialty. An opening that takes any specialty counts for every one that is named by another
    /// opening or asked for.
    pub specialty: Vec<FacetCount>,
    /// By market.
    pub market: Vec<FacetCount>,
    /// By the state of the markets.
    pub state: Vec<FacetCount>,
    /// By pay band, the filter by least pay left out.
    pub pay_band: Vec<FacetCount>,
    /// Those that can be done remotely, that filter left out.
    pub remote: u64,
    /// Those that take physicians on the way, that filter left out.
    pub takes_candidates: u64,
}

/// Bands of the best stated figure, whatever it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayBand {
    /// Below $500.
    Under500,
    /// $500 to $999.99.
    From500,
    /// $1,000 to $1,999.99.
    From1000,
    /// $2,000 and more.
    From2000,
    /// No amount is stated.
    NotStated,
}

impl PayBand {
    /// Every band, lowest first.
    pub const ALL: &'static [Self] = &[Self::Under500, Self::From500, Self::From1000, Self::From2000, Self::NotStated];

    /// The band of an amount in cents.
    #[must_use]
    pub const fn of(cents: Option<i64>) -> Self {
        match cents {
            None => Self::NotStated,
            Some(..50_000) => Self::Under500,
            Some(50_000..100_000) => Self::From500,
            Some(100_000..200_000) => Self::From1000,
            Some(200_000..) => Self::From2000,
        }
    }

    /// Its one spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Under500 => "under_500",
            Self::From500 => "500_999",
            Self::From1000 => "1000_1999",
            Self::From2000 => "2000_plus",
            Self::NotStated => "not_stated",
        }
    }

    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Under500 => "Under $500",
            Self::From500 => "$500 to $999",
            Self::From1000 => "$1,000 to $1,999",
            Self::From2000 => "$2,000 and more",
            Self::NotStated => "Pay not stated",
        }
    }

    /// Its number in the column.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Under500 => 0,
            Self::From500 => 1,
            Self::From1000 => 2,
            Self::From2000 => 3,
            Self::NotStated => 4,
        }
    }
}

/// The filters an opening does not pass, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fails(u8);

const KIND: u8 = 1;
const SPECIALTY: u8 = 2;
const MARKET: u8 = 4;
const STATE: u8 = 8;
const PAY: u8 = 16;
const IS_REMOTE: u8 = 32;
const CANDIDATES: u8 = 64;

impl Fails {
    const fn none(self) -> bool {
        self.0 == 0
    }

    /// True when at most this filter fails.
    const fn only(self, filter: u8) -> bool {
        self.0 & !filter == 0
    }
}

/// Filters openings and counts them. One pass over many rows: numbers of the closed lists are places in plain
/// arrays, and nothing is allocated for a row.
pub(crate) struct Tally {
    /// One bit for each kind that is wanted; all when none is named.
    kinds: u8,
    specialty: Option<u16>,
    market: Option<u16>,
    state: Option<u16>,
    remote: Option<bool>,
    takes_candidates: Option<bool>,
    min_pay_cents: Option<i64>,
    /// No filter is set.
    is_open: bool,
    counts: Counts,
    total: usize,
}

/// Counts by number. Behind the last number there is one place for none.
pub(crate) struct Counts {
    kind: Vec<u32>,
    pub(crate) specialty: Vec<u32>,
    pub(crate) any_specialty: u32,
    pub(crate) market: Vec<u32>,
    pub(crate) state: Vec<u32>,
    pay_band: Vec<u32>,
    remote: u32,
    takes_candidates: u32,
}

impl Counts {
    pub(crate) fn new() -> Self {
        static SIZES: LazyLock<[usize; 3]> =
            LazyLock::new(|| [Specialty::all().count(), Market::all().count(), State::all().count()]);
        let [specialties, markets, states] = *SIZES;
        let zeros = |count: usize| vec![0; count + 1];
        Self {
            kind: zeros(Kind::ALL.len()),
            specialty: zeros(specialties),
            any_specialty: 0,
            market: zeros(markets),
            state: zeros(states),
            pay_band: zeros(PayBand::ALL.len()),
            remote: 0,
            takes_candidates: 0,
        }
    }

    /// Counts an opening everywhere.
    pub(crate) fn add(&mut self, row: &Row, numbers: Numbers<'_>) {
        self.add_where(Fails(0), row, numbers);
    }

    /// Counts an opening in those facets whose own filter is the only one it fails.
    fn add_where(&mut self, fails: Fails, row: &Row, numbers: Numbers<'_>) {
        if fails.only(KIND) {
            count(&mut self.kind, u16::from(row.kind));
        }
        if fails.only(SPECIALTY) {
            count_few(&mut self.specialty, &row.specialties, numbers.specialties);
            self.any_specialty += u32::from(numbers.specialties.is_empty());
        }
        if fails.only(MARKET) {
            count_few(&mut self.market, &row.markets, numbers.markets);
        }
        if fails.only(STATE) {
            count_few(&mut self.state, &row.states, numbers.states);
        }
        if fails.only(PAY) {
            count(&mut self.pay_band, u16::from(row.pay_band));
        }
        self.remote += u32::from(row.remote && fails.only(IS_REMOTE));
        self.takes_candidates += u32::from(row.takes_candidates && fails.only(CANDIDATES));
    }
}

fn count(counts: &mut [u32], number: u16) {
    // A place of its own for none costs less than asking each time whether there is a number.
    let none = counts.len().saturating_sub(1);
    if let Some(count) = counts.get_mut(usize::from(number).min(none)) {
        *count += 1;
    }
}

fn count_few(counts: &mut [u32], few: &Few, all: &[u16]) {
    few.first.iter().for_each(|number| count(counts, *number));
    // Seldom any.
    all.iter().skip(FEW).for_each(|number| count(counts, *number));
}

impl Tally {
    pub(crate) fn new(query: &OpeningQuery) -> Self {
        let filters = [query.specialty.is_some(), query.market.is_some(), query.state.is_some()];
        let more = [query.remote.is_some(), query.takes_candidates.is_some(), query.min_pay_cents.is_some()];
        Self {
            is_open: query.kinds.is_empty() && ![filters, more].concat().contains(&true),
            kinds: query.kinds.iter().map(|k| kind_bit(*k)).reduce(|a, b| a | b).unwrap_or(u8::MAX),
            specialty: query.specialty.map(Specialty::number),
            market: query.market.map(Market::number),
            state: query.state.map(|s| u16::from(s.number())),
            remote: query.remote,
            takes_candidates: query.takes_candidates,
            min_pay_cents: query.min_pay_cents,
            counts: Counts::new(),
            total: 0,
        }
    }

    /// Counts the row where it belongs; true when it passes every filter.
    pub(crate) fn admit(&mut self, row: &Row, numbers: Numbers<'_>) -> bool {
        let fails = if self.is_open { Fails(0) } else { self.fails(row, numbers) };
        self.counts.add_where(fails, row, numbers);
        self.total += usize::from(fails.none());
        fails.none()
    }

    fn fails(&self, row: &Row, numbers: Numbers<'_>) -> Fails {
        let names = |wanted: Option<u16>, held: &[u16]| wanted.is_none_or(|w| held.contains(&w));
        let is = |wanted: Option<bool>, held: bool| wanted.is_none_or(|w| w == held);
        let unless = |passes: bool, filter: u8| if passes { 0 } else { filter };
        let any = numbers.specialties.is_empty();
        Fails(
            unless(self.kinds & (1 << (row.kind & 7)) != 0, KIND)
                | unless(any || names(self.specialty, numbers.specialties), SPECIALTY)
                | unless(names(self.market, numbers.markets), MARKET)
                | unless(names(self.state, numbers.states), STATE)
                | unless(self.min_pay_cents.is_none_or(|least| row.pay != NOT_STATED && row.pay >= least), PAY)
                | unless(is(self.remote, row.remote), IS_REMOTE)
                | unless(is(self.takes_candidates, row.takes_candidates), CANDIDATES),
        )
    }

    /// How many passed every filter.
    pub(crate) const fn total(&self) -> usize {
        self.total
    }

    pub(crate) fn facets(mut self) -> Facets {
        let any = self.counts.any_specialty;
        let named_or_wanted = self.counts.specialty.iter_mut().zip(0u16..);
        for (count, _) in named_or_wanted.filter(|(count, n)| **count > 0 || self.specialty == Some(*n)) {
            *count += any;
        }
        let counts = &self.counts;
        Facets {
            kind: named(&counts.kind, Kind::ALL.iter().map(|k| k.as_str())),
            specialty: largest_first(named(&counts.specialty, Specialty::all().map(Specialty::slug))),
            market: largest_first(named(&counts.market, Market::all().map(Market::slug))),
            state: largest_first(named(&counts.state, State::all().map(State::code))),
            pay_band: named(&counts.pay_band, PayBand::ALL.iter().map(|b| b.as_str())),
            remote: u64::from(counts.remote),
            takes_candidates: u64::from(counts.takes_candidates),
        }
    }
}

/// There are fewer kinds than bits in a byte.
fn kind_bit(kind: Kind) -> u8 {
    1 << (kind_number(kind) & 7)
}

/// Names in the order of their numbers.
fn named(counts: &[u32], names: impl Iterator<Item = &'static str>) -> Vec<FacetCount> {
    let counted = names.zip(counts).filter(|(_, count)| **count > 0);
    counted.map(|(name, count)| FacetCount { value: name, count: u64::from(*count) }).collect()
}

/// Equal counts keep the order of the list.
fn largest_first(mut counts: Vec<FacetCount>) -> Vec<FacetCount> {
    counts.sort_by_key(|c| Reverse(c.count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_places_in_the_lists_the_counts_are_named_by() {
        for (place, kind) in (0..).zip(Kind::ALL) {
            assert_eq!(kind_number(*kind), place);
            assert_eq!(u64::from(kind_bit(*kind)), 1 << place);
        }
        for (place, band) in (0..).zip(PayBand::ALL) {
            assert_eq!(band.number(), place);
        }
        assert!(Specialty::all().zip(0..).all(|(s, place)| s.number() == place));
        assert!(Market::all().zip(0..).all(|(m, place)| m.number() == place));
        assert!(State::all().zip(0..).all(|(s, place)| s.number() == place));
    }
}
