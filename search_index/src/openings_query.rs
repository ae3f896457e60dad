//! What can be asked of the openings index, and what it answers.

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::facets::Facets;

/// The order of a list; ties go to the newest, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best text match first; without text the same as `Newest`.
    #[default]
    Best,
    /// Last published first.
    Newest,
    /// Highest stated pay first, those without last.
    Pay,
    /// First to close first.
    Closing,
    /// Nearest first, in whole miles from the nearest place of `OpeningQuery::from`; remote work comes after
    /// all work on site. Without a place the same as `Newest`.
    Distance,
}

impl Sort {
    /// Every sort.
    pub const ALL: &'static [Self] = &[Self::Best, Self::Newest, Self::Pay, Self::Closing, Self::Distance];

    /// Its one spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Newest => "newest",
            Self::Pay => "pay",
            Self::Closing => "closing",
            Self::Distance => "distance",
        }
    }

    /// Reads the spelling.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == word)
    }
}

/// What to look for; an absent part does not restrict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningQuery {
    /// Openings that are live at this moment are found, and no others.
    pub now: DateTime<Utc>,
    /// Free text: every word must be found. Blank is absent; text without any word finds nothing.
    pub text: Option<String>,
    /// One of these kinds; empty means any.
    pub kinds: Vec<Kind>,
    /// An opening that names no specialty passes too.
    pub specialty: Option<Specialty>,
    /// One of the opening's markets.
    pub market: Option<Market>,
    /// The state of one of its markets.
    pub state: Option<State>,
    /// Can, or cannot, be done remotely.
    pub remote: Option<bool>,
    /// Stated pay of at least this many cents.
    pub min_pay_cents: Option<i64>,
    /// Takes, or does not take, physicians on the way.
    pub takes_candidates: Option<bool>,
    /// Order.
    pub sort: Sort,
    /// Where `Sort::Distance` measures from; the nearest counts.
    pub from: Vec<Market>,
    /// Most items on a page; 0 for totals and facets alone.
    pub limit: usize,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl OpeningQuery {
    /// The first 20 of everything that is live now.
    #[must_use]
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self {
            now,
            text: None,
            kinds: Vec::new(),
            specialty: None,
            market: None,
            state: None,
            remote: None,
            min_pay_cents: None,
            takes_candidates: None,
            sort: Sort::Best,
            from: Vec::new(),
            limit: 20,
            cursor: None,
        }
    }
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningPage {
    /// Public ids in order.
    pub ids: Vec<String>,
    /// How many openings the whole search finds.
    pub total: usize,
    /// Cursor of the next page; nothing on the last.
    pub next_cursor: Option<String>,
    /// Counts for the whole search.
    pub facets: Facets,
    /// The text that was searched for instead, when what was typed finds nothing for a typing error.
    pub corrected: Option<String>,
}
