//! The closed list of specialties (`data/specialties.csv`; codes checked against NUCC 25.0).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::profile::ProviderClass;

/// One row of the list.
#[derive(Debug)]
pub struct SpecialtyRow {
    /// Stable key.
    pub slug: String,
    /// Our own name for it.
    pub name: String,
    /// Who practises it.
    pub provider_class: ProviderClass,
    /// Other words people use, for search.
    pub synonyms: Vec<String>,
    /// Active US physicians in 2021 (AAMC), where known: the weights of made-up communities.
    pub us_active: Option<u32>,
}

#[derive(Deserialize)]
struct Raw {
    slug: String,
    name: String,
    provider_class: String,
    us_active_physicians_2021: Option<u32>,
    synonyms: String,
}

static ROWS: LazyLock<Vec<SpecialtyRow>> = LazyLock::new(|| {
    crate::facts::rows::<Raw>(include_str!("../data/specialties.csv"))
        .into_iter()
        .map(|r| SpecialtyRow {
            provider_class: ProviderClass::parse(&r.provider_class).unwrap_or(ProviderClass::NonMd),
            synonyms: crate::facts::pipe_list(&r.synonyms),
            slug: r.slug,
            name: r.name,
            us_active: r.us_active_physicians_2021,
        })
        .collect()
});

/// A specialty of the closed list; two bytes, compared by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specialty(u16);

impl Specialty {
    /// Every specialty in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(ROWS.len()).map(Self)
    }

    /// Finds a specialty by its slug.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        static BY_SLUG: LazyLock<HashMap<&str, Specialty>> =
            LazyLock::new(|| Specialty::all().map(|s| (s.slug(), s)).collect());
        BY_SLUG.get(slug).copied()
    }

    /// Place in the list, from 0.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The row of the list.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the number is private and only made from the list's own length")]
    pub fn row(self) -> &'static SpecialtyRow {
        &ROWS[usize::from(self.0)]
    }

    /// Stable key.
    #[must_use]
    pub fn slug(self) -> &'static str {
        &self.row().slug
    }

    /// Name people read.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.row().name
    }
}

crate::place::slug_serde!(Specialty, "a specialty slug");
