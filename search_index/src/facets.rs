//! Filters, and the counts shown beside them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::lists::kind_number;
use crate::openings_query::OpeningQuery;
use crate::rows::Row;

/// How many openings a choice would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The word or slug to filter by.
    pub value: String,
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
    pub(crate) const fn number(self) -> u64 {
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
/// Filters that are no facet.
const OTHER: u8 = 32;

impl Fails {
    const fn none(self) -> bool {
        self.0 == 0
    }

    /// True when at most this filter fails.
    const fn only(self, filter: u8) -> bool {
        self.0 & !filter == 0
    }
}

/// Filters rows and counts them.
pub(crate) struct Tally {
    kinds: Vec<u64>,
    specialty: Option<u64>,
    market: Option<u64>,
    state: Option<u64>,
    remote: Option<bool>,
    takes_candidates: Option<bool>,
    min_pay_cents: Option<i64>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    kind: BTreeMap<u64, u64>,
    specialty: BTreeMap<u64, u64>,
    any_specialty: u64,
    market: BTreeMap<u64, u64>,
    state: BTreeMap<u64, u64>,
    pay_band: BTreeMap<u64, u64>,
}

impl Tally {
    pub(crate) fn new(query: &OpeningQuery) -> Self {
        Self {
            kinds: query.kinds.iter().map(|k| kind_number(*k)).collect(),
            specialty: query.specialty.map(|s| u64::from(s.number())),
            market: query.market.map(|m| u64::from(m.number())),
            state: query.state.map(|s| u64::from(s.number())),
            remote: query.remote,
            takes_candidates: query.takes_candidates,
            min_pay_cents: query.min_pay_cents,
            counts: Counts::default(),
        }
    }

    /// Counts the row where it belongs; true when it passes every filter.
    pub(crate) fn admit(&mut self, row: &Row) -> bool {
        let fails = self.fails(row);
        let counts = &mut self.counts;
        if fails.only(KIND) {
            count(&mut counts.kind, &[row.kind]);
        }
        if fails.only(SPECIALTY) {
            count(&mut counts.specialty, &row.specialties);
            counts.any_specialty += u64::from(row.specialties.is_empty());
        }
        if fails.only(MARKET) {
            count(&mut counts.market, &row.markets);
        }
        if fails.only(STATE) {
            count(&mut counts.state, &row.states);
        }
        if fails.only(PAY) {
            count(&mut counts.pay_band, &[row.pay_band]);
        }
        fails.none()
    }

    fn fails(&self, row: &Row) -> Fails {
        let names = |wanted: Option<u64>, held: &[u64]| wanted.is_none_or(|w| held.contains(&w));
        let is = |wanted: Option<bool>, held: bool| wanted.is_none_or(|w| w == held);
        let passes = [
            (KIND, self.kinds.is_empty() || self.kinds.contains(&row.kind)),
            (SPECIALTY, row.specialties.is_empty() || names(self.specialty, &row.specialties)),
            (MARKET, names(self.market, &row.markets)),
            (STATE, names(self.state, &row.states)),
            (PAY, self.min_pay_cents.is_none_or(|least| row.pay_cents.is_some_and(|pay| pay >= least))),
            (OTHER, is(self.remote, row.remote) && is(self.takes_candidates, row.takes_candidates)),
        ];
        Fails(passes.into_iter().filter(|(_, passes)| !passes).map(|(filter, _)| filter).sum())
    }

    pub(crate) fn facets(mut self) -> Facets {
        if self.counts.any_specialty > 0 {
            if let Some(wanted) = self.specialty {
                self.counts.specialty.entry(wanted).or_default();
            }
            for count in self.counts.specialty.values_mut() {
                *count += self.counts.any_specialty;
            }
        }
        let counts = &self.counts;
        let kinds = Kind::ALL.iter().map(|k| (kind_number(*k), k.as_str()));
        let specialties = Specialty::all().map(|s| (u64::from(s.number()), s.slug()));
        let markets = Market::all().map(|m| (u64::from(m.number()), m.slug()));
        let states = State::all().map(|s| (u64::from(s.number()), s.code()));
        let bands = PayBand::ALL.iter().map(|b| (b.number(), b.as_str()));
        Facets {
            kind: named(&counts.kind, kinds),
            specialty: largest_first(named(&counts.specialty, specialties)),
            market: largest_first(named(&counts.market, markets)),
            state: largest_first(named(&counts.state, states)),
            pay_band: named(&counts.pay_band, bands),
        }
    }
}

fn count(counts: &mut BTreeMap<u64, u64>, values: &[u64]) {
    for value in values {
        *counts.entry(*value).or_default() += 1;
    }
}

fn named(counts: &BTreeMap<u64, u64>, names: impl Iterator<Item = (u64, &'static str)>) -> Vec<FacetCount> {
    names
        .filter_map(|(number, name)| {
            counts.get(&number).map(|count| FacetCount { value: name.to_owned(), count: *count })
        })
        .collect()
}

/// Equal counts keep the order of the list.
fn largest_first(mut counts: Vec<FacetCount>) -> Vec<FacetCount> {
    counts.sort_by_key(|c| Reverse(c.count));
    counts
}
