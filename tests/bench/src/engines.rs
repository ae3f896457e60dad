//! What is compared: the index, and what else could answer the same question from the same keys.

pub mod csr;
mod csr_facts;
pub mod csr_rest;
mod csr_score;
mod decide;
pub mod index;
pub mod lists;
pub mod naive;
pub mod pg;
pub mod roaring;
pub mod sqlite;

pub use decide::Decider;
use search_index::Scored;

use crate::workload::Question;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The numbers of all who fit.
    Ids,
    /// How many.
    Count,
    /// The best hundred.
    Top100,
}

impl Mode {
    /// All.
    pub const ALL: [Self; 3] = [Self::Ids, Self::Count, Self::Top100];

    /// Its name in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ids => "ids",
            Self::Count => "count",
            Self::Top100 => "top100",
        }
    }
}

/// How many the best are.
pub const TOP: usize = 100;

/// An answer; ids stand in no order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All who fit.
    Ids(Vec<u32>),
    /// How many fit.
    Count(usize),
    /// The best, best first.
    Best(Vec<Scored>),
}

impl Answer {
    /// The same with ids in order, to be compared.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        if let Self::Ids(ids) = &mut self {
            ids.sort_unstable();
        }
        self
    }
}

/// Answers questions.
pub trait Engine {
    /// Its name in tables and files.
    fn name(&self) -> &'static str;

    /// What it can be asked for.
    fn modes(&self) -> &'static [Mode] {
        &[Mode::Ids]
    }

    /// Answers; only ever asked for one of its modes.
    fn answer(&mut self, question: &Question, mode: Mode) -> Answer;
}
