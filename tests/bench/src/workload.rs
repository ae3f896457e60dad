//! The questions, in classes by how many members truly fit.

use domain::candidate::Offer;
use domain::certification::Rulebook;
use search_index::Ask;

use crate::engines::csr::Csr;
use crate::engines::csr_rest::Rest;
use crate::generate::{Generator, in_parallel, now};

/// How broad an opening is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Fewer than 100 of a million fit.
    Narrow,
    /// 1,000 to 10,000.
    Medium,
    /// More than 10,000.
    Broad,
}

impl Class {
    /// All, narrowest first.
    pub const ALL: [Self; 3] = [Self::Narrow, Self::Medium, Self::Broad];

    /// Its name in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Medium => "medium",
            Self::Broad => "broad",
        }
    }

    /// The class of this many hits among `n` members. Below a million the bounds shrink with `n`, so that the same
    /// openings stay in the same class.
    #[must_use]
    pub fn of(hits: usize, n: u32) -> Option<Self> {
        let scale = (f64::from(n) / 1e6).clamp(0.02, 1.0);
        let of_million = hits as f64 / scale;
        match of_million {
            x if x < 1.0 => None,
            x if x < 100.0 => Some(Self::Narrow),
            x if x < 1000.0 => None,
            x if x <= 10_000.0 => Some(Self::Medium),
            _ => Some(Self::Broad),
        }
    }

    /// How many questions of a class: a broad one takes a hundred times as long.
    #[must_use]
    pub const fn share(self, per_class: usize) -> usize {
        match self {
            Self::Narrow | Self::Medium => per_class,
            Self::Broad => per_class.div_ceil(5),
        }
    }
}

/// One opening to be asked for.
#[derive(Debug, Clone)]
pub struct Question {
    /// The opening.
    pub offer: Offer,
    /// What every engine answers from.
    pub ask: Ask,
    /// The same for the yardstick's own check.
    pub rest: Rest,
    /// How many fit, as the yardstick in memory counts; compared with every other engine before any timing.
    pub hits: usize,
    /// Members in the lists that are walked, those who stand in two counted twice.
    pub candidates: usize,
}

impl Question {
    /// The opening of this number, not counted yet.
    #[must_use]
    pub fn of(made: &Generator, rules: &Rulebook, number: u32) -> Self {
        let offer = made.offer(number);
        let ask = Ask::of(rules, &offer, now());
        let rest = Rest::of(rules, &offer);
        Self { offer, ask, rest, hits: 0, candidates: 0 }
    }

    /// Counts who fits and who is walked by the yardstick.
    pub fn count(&mut self, csr: &mut Csr<'_>) {
        self.candidates = csr.candidates(&self.ask);
        self.hits = csr.ids(self).len();
    }

    /// The first `count` openings.
    #[must_use]
    pub fn pool(made: &Generator, count: u32) -> Vec<Self> {
        let rules = Rulebook::shipped();
        in_parallel(count, |number| Self::of(made, &rules, number))
    }
}

/// Questions by class.
#[derive(Debug, Default)]
pub struct Workload {
    /// In the order of `Class::ALL`.
    pub classes: [Vec<Question>; 3],
}

impl Workload {
    /// Takes the first of each class out of a counted pool.
    #[must_use]
    pub fn pick(pool: Vec<Question>, n: u32, per_class: usize) -> Self {
        let mut picked = Self::default();
        for question in pool {
            if let Some(class) = Class::of(question.hits, n) {
                let of_class = &mut picked.classes[class as usize];
                if of_class.len() < class.share(per_class) {
                    of_class.push(question);
                }
            }
        }
        picked
    }

    /// Counts a pool by the yardstick, then picks.
    #[must_use]
    pub fn counted(made: &Generator, csr: &mut Csr<'_>, pool: u32, n: u32, per_class: usize) -> Self {
        let mut pool = Question::pool(made, pool);
        for question in &mut pool {
            question.count(csr);
        }
        Self::pick(pool, n, per_class)
    }

    /// Every question with its class.
    pub fn all(&self) -> impl Iterator<Item = (Class, &Question)> {
        Class::ALL.into_iter().flat_map(|class| self.classes[class as usize].iter().map(move |q| (class, q)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_shrink_with_the_community() {
        for (hits, n, want) in [
            (0, 1_000_000, None),
            (99, 1_000_000, Some(Class::Narrow)),
            (100, 1_000_000, None),
            (1000, 1_000_000, Some(Class::Medium)),
            (10_001, 1_000_000, Some(Class::Broad)),
            (10, 20_000, None),
            (200, 20_000, Some(Class::Medium)),
            (201, 20_000, Some(Class::Broad)),
        ] {
            assert_eq!(Class::of(hits, n), want, "{hits} of {n}");
        }
    }
}
