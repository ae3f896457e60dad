//! The members in memory, as the yardsticks hold them, and the index on disk.

use std::path::Path;
use std::time::Duration;

use search_index::{ProfileDoc, ProfilesIndex, SearchError};

use crate::engines::lists::Lists;
use crate::generate::Generator;
use crate::measure::timed;

/// Documents by member's number, and what follows from them.
pub struct Community {
    /// An empty one stands for nobody to match.
    pub docs: Vec<ProfileDoc>,
    /// Packed numbers.
    pub pack: Vec<u64>,
    /// Members by key.
    pub lists: Lists,
}

impl Community {
    /// The first `n` members.
    #[must_use]
    pub fn of(made: &Generator, n: u32) -> Self {
        Self::with(made.docs(n))
    }

    /// Of these documents, by number.
    #[must_use]
    pub fn with(docs: Vec<ProfileDoc>) -> Self {
        let pack = docs.iter().map(|doc| doc.pack).collect();
        let lists = Lists::of(&docs);
        Self { docs, pack, lists }
    }

    /// Members who can be matched at all.
    #[must_use]
    pub fn matchable(&self) -> usize {
        self.docs.iter().filter(|doc| !doc.keys.is_empty()).count()
    }

    /// Builds the index of them below `dir`; says how long that took, its documents ready in memory.
    ///
    /// # Panics
    /// When the folder cannot be used.
    #[must_use]
    pub fn index(&self, dir: &Path) -> (ProfilesIndex, Duration) {
        std::fs::create_dir_all(dir).expect("a folder for the index");
        let (mut index, _) = ProfilesIndex::open(dir).expect("an index is opened");
        let members = (0..).zip(&self.docs).map(|(pid, doc)| Ok::<_, SearchError>((pid, doc.clone())));
        let (built, time) = timed(|| index.rebuild(members, 1));
        built.expect("the index is built");
        (index, time)
    }
}
