//! Compressed bitmaps in memory: union of the keys', then the same checks.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use roaring::{MultiOps, RoaringBitmap};
use search_index::Ask;

use super::decide::{Decider, Seen};
use super::lists::{Lists, Mix};
use super::{Answer, Engine, Mode};
use crate::workload::Question;

/// Bitmaps by key.
pub struct Roaring<'a> {
    bitmaps: HashMap<u64, RoaringBitmap, BuildHasherDefault<Mix>>,
    pack: &'a [u64],
    decider: Decider<'a>,
    seen: Seen,
}

impl<'a> Roaring<'a> {
    /// `lists` and `pack` are of the same members.
    #[must_use]
    pub fn new(lists: &Lists, pack: &'a [u64], decider: Decider<'a>) -> Self {
        let bitmap = |pids: &[u32]| RoaringBitmap::from_sorted_iter(pids.iter().copied()).expect("an ascending list");
        let bitmaps = lists.iter().map(|(key, pids)| (key, bitmap(pids))).collect();
        Self { bitmaps, pack, decider, seen: Seen::new(pack.len()) }
    }

    fn ids(&mut self, ask: &Ask) -> Vec<u32> {
        let found: Vec<&RoaringBitmap> = ask.lists().iter().filter_map(|l| self.bitmaps.get(&l.key)).collect();
        let case = self.decider.case(ask);
        let mut all = Vec::new();
        let (pack, decider) = (self.pack, self.decider);
        let mut visit = |pid: u32| {
            if ask.admits(pack[pid as usize]) && decider.fits(&case, pid) {
                all.push(pid);
            }
        };
        match found.as_slice() {
            [one] => one.iter().for_each(visit),
            // Lists that share nobody need no union.
            many if !ask.is_overlapping() => many.iter().flat_map(|b| b.iter()).for_each(visit),
            // Bitmaps of a few hundred members are merged more slowly than their members are looked up.
            many if many.iter().map(|b| b.len()).sum::<u64>() < 2000 => {
                let mut walked = Vec::new();
                for pid in many.iter().flat_map(|b| b.iter()) {
                    if self.seen.first(pid) {
                        walked.push(pid);
                        visit(pid);
                    }
                }
                self.seen.clear(&walked);
            }
            many => MultiOps::union(many.iter().copied()).iter().for_each(visit),
        }
        all
    }
}

impl Engine for Roaring<'_> {
    fn name(&self) -> &'static str {
        "roaring"
    }

    fn answer(&mut self, question: &Question, _: Mode) -> Answer {
        Answer::Ids(self.ids(&question.ask))
    }
}
