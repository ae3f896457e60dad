//! Proofs about the profiles index: that it says what the rows say, and that nobody who left is in its files.

use std::collections::BTreeMap;

use tantivy::DocId;

use crate::error::Result;
use crate::facts::{Facts, ProfileDoc};
use crate::profile_segment::{DocFacts, ProfileSegment, at, column};
use crate::profiles::ProfilesReader;
use crate::view::Part;

impl ProfileDoc {
    /// One number for all the index keeps of the member; two members who differ have another one, but by a chance
    /// of about 1 in 2^64.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        of_facts(self.pack, self.soft, self)
            .wrapping_add(of_values(BLOCKED, self.blocked.iter().copied()))
            .wrapping_add(of_values(KEY, self.keys.iter().copied()))
    }
}

impl ProfilesReader {
    /// The fingerprint of every member in the index, read from keys and columns; a member who stands in it twice has
    /// the sum.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn fingerprints(&self) -> Result<BTreeMap<u32, u64>> {
        let mut all = BTreeMap::new();
        for part in &self.shared.get().parts {
            for (doc, sum) in (0..).zip(sums(part)?).filter(|(doc, _)| part.is_alive(*doc)) {
                let pid = part.kept.pids.get(at(doc)).copied().unwrap_or_default();
                let whole: &mut u64 = all.entry(pid).or_default();
                *whole = whole.wrapping_add(sum);
            }
        }
        Ok(all)
    }

    /// True when any file holds the number, be it of a deleted document; for the proof of an erasure.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn holds(&self, pid: u32) -> Result<bool> {
        let in_columns = self.shared.get().parts.iter().any(|part| part.kept.pids.contains(&pid));
        let mut in_terms = false;
        let text = pid.to_string();
        self.shared.each_term_of(column::PID, &mut |term| in_terms |= term == text)?;
        Ok(in_columns || in_terms)
    }

    /// Shows every term of the files, decoded; for a search for values that must not be there.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        self.shared.each_term(visit)
    }
}

/// The fingerprint of each document of a segment.
fn sums(part: &Part<ProfileSegment>) -> Result<Vec<u64>> {
    let kept = &*part.kept;
    let mut sums: Vec<u64> = (0..)
        .zip(kept.pack.iter().zip(&kept.soft))
        .map(|(doc, (pack, soft))| {
            let of_facts = of_facts(*pack, *soft, &DocFacts { segment: kept, doc, blockers: None });
            of_facts.wrapping_add(of_values(BLOCKED, kept.blocked.values_for_doc(doc)))
        })
        .collect();
    let mut reused = None;
    for key in kept.lists.keys() {
        let add = of_values(KEY, [key]);
        kept.lists.each_block(key, &mut reused, |docs: &[DocId]| {
            for doc in docs {
                if let Some(sum) = sums.get_mut(at(*doc)) {
                    *sum = sum.wrapping_add(add);
                }
            }
        })?;
    }
    Ok(sums)
}

const KEY: u64 = 1;
const BLOCKED: u64 = 7;

/// A sum, since the keys of a document come in the order of the lists.
fn of_values(salt: u64, values: impl IntoIterator<Item = u64>) -> u64 {
    values.into_iter().fold(0, |sum: u64, value| sum.wrapping_add(mixed(salt, value)))
}

fn of_facts(pack: u64, soft: u64, facts: &impl Facts) -> u64 {
    [
        mixed(2, pack),
        mixed(3, soft),
        of_values(4, facts.licences()),
        of_values(5, facts.certifications()),
        of_values(6, facts.languages()),
        of_values(8, facts.more()),
    ]
    .into_iter()
    .fold(0, u64::wrapping_add)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the value reaches every bit of the result.
const fn mixed(salt: u64, value: u64) -> u64 {
    let mut z = value.wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
