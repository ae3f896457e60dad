//! Key -> members, in memory: one run of numbers for all lists.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use search_index::ProfileDoc;

/// The lists of all members.
pub struct Lists {
    begins: HashMap<u64, (u32, u32), BuildHasherDefault<Mix>>,
    pids: Vec<u32>,
}

impl Lists {
    /// By counting: no pair of a key and a member is ever held but in its place.
    #[must_use]
    pub fn of(docs: &[ProfileDoc]) -> Self {
        let mut begins: HashMap<u64, (u32, u32), BuildHasherDefault<Mix>> = HashMap::default();
        for key in docs.iter().flat_map(|doc| &doc.keys) {
            begins.entry(*key).or_default().1 += 1;
        }
        let mut keys: Vec<u64> = begins.keys().copied().collect();
        keys.sort_unstable();
        let mut next = 0;
        for key in keys {
            let range = begins.get_mut(&key).expect("a counted key");
            let count = range.1;
            *range = (next, next);
            next += count;
        }
        let mut pids = vec![0; next as usize];
        for (pid, doc) in (0..).zip(docs) {
            for key in &doc.keys {
                let range = begins.get_mut(key).expect("a counted key");
                pids[range.1 as usize] = pid;
                range.1 += 1;
            }
        }
        begins.shrink_to_fit();
        Self { begins, pids }
    }

    fn range(&self, key: u64) -> Range<usize> {
        self.begins.get(&key).map_or(0..0, |(from, to)| *from as usize..*to as usize)
    }

    /// Members with this key, ascending.
    #[must_use]
    #[inline]
    pub fn get(&self, key: u64) -> &[u32] {
        &self.pids[self.range(key)]
    }

    /// Every key with its members.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[u32])> {
        self.begins.iter().map(|(key, (from, to))| (*key, &self.pids[*from as usize..*to as usize]))
    }

    /// Members of all lists.
    #[must_use]
    pub fn total(&self) -> usize {
        self.pids.len()
    }
}

/// Mixes the bits of a key; keys come from closed lists.
#[derive(Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
