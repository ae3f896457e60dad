//! The yardstick: the same lists and packed numbers in plain memory, walked with every shortcut that the index may
//! take. Nothing is decoded, opened, locked or checked for deletion.

use search_index::{Ask, ProfileDoc};

use super::csr_facts::Facts;
use super::csr_rest::At;
use super::csr_score::Scorer;
use super::decide::Seen;
use super::lists::Lists;
use super::{Answer, Engine, Mode, TOP};
use crate::workload::Question;

/// Members in a block of a list.
pub(super) const BLOCK: usize = 128;

/// Lists and columns by member's number.
pub struct Csr<'a> {
    pub(super) facts: Facts,
    lists: &'a Lists,
    pub(super) pack: &'a [u64],
    pub(super) soft: Vec<u64>,
    seen: Seen,
    scorer: Scorer,
}

impl<'a> Csr<'a> {
    /// `docs`, `lists` and `pack` are of the same members.
    #[must_use]
    pub fn new(docs: &'a [ProfileDoc], lists: &'a Lists, pack: &'a [u64]) -> Self {
        Self {
            facts: Facts::of(docs),
            lists,
            pack,
            soft: docs.iter().map(|doc| doc.soft).collect(),
            seen: Seen::new(docs.len()),
            scorer: Scorer::new(docs.len()),
        }
    }

    /// Members in the lists of a question.
    #[must_use]
    pub fn candidates(&self, ask: &Ask) -> usize {
        ask.lists().iter().map(|l| self.lists.get(l.key).len()).sum()
    }

    /// Everyone who fits, each once.
    #[must_use]
    pub fn ids(&mut self, question: &Question) -> Vec<u32> {
        let ask = &question.ask;
        let mut all = Vec::with_capacity(self.candidates(ask));
        let mut found = [0; BLOCK];
        for list in ask.lists() {
            let at = question.rest.at(&self.facts, list.spot, ask.is_implied(list.spot));
            for pids in self.lists.get(list.key).chunks(BLOCK) {
                let count = self.sift(&at, pids, &mut found);
                let count = if ask.is_overlapping() { first_time(&mut self.seen, &mut found, count) } else { count };
                all.extend_from_slice(&found[..count]);
            }
        }
        if ask.is_overlapping() {
            self.seen.clear(&all);
        }
        all
    }

    fn count(&mut self, question: &Question) -> usize {
        let ask = &question.ask;
        if ask.is_overlapping() {
            return self.ids(question).len();
        }
        let mut found = [0; BLOCK];
        let mut count = 0;
        for list in ask.lists() {
            let at = question.rest.at(&self.facts, list.spot, ask.is_implied(list.spot));
            for pids in self.lists.get(list.key).chunks(BLOCK) {
                count += self.sift(&at, pids, &mut found);
            }
        }
        count
    }

    fn best(&mut self, question: &Question) -> Answer {
        let (ask, lists) = (&question.ask, self.lists);
        let mut scorer = std::mem::take(&mut self.scorer);
        let mut found = [0; BLOCK];
        let first_spot = ask.lists().first().map(|l| l.spot);
        let one_spot = ask.lists().iter().all(|l| Some(l.spot) == first_spot);
        let mut top = scorer.begin(question, TOP);
        if one_spot {
            let mut all = Vec::new();
            for list in ask.lists() {
                let at = question.rest.at(&self.facts, list.spot, ask.is_implied(list.spot));
                for pids in lists.get(list.key).chunks(BLOCK) {
                    let count = self.sift(&at, pids, &mut found);
                    let overlaps = ask.is_overlapping();
                    let count = if overlaps { first_time(&mut self.seen, &mut found, count) } else { count };
                    if overlaps {
                        all.extend_from_slice(&found[..count]);
                    }
                    top.add(self, list.spot, &found[..count]);
                }
            }
            self.seen.clear(&all);
        } else {
            for list in ask.lists() {
                let at = question.rest.at(&self.facts, list.spot, ask.is_implied(list.spot));
                for pids in lists.get(list.key).chunks(BLOCK) {
                    let count = self.sift(&at, pids, &mut found);
                    top.approach(self, list.spot, &found[..count]);
                }
            }
            top.add_nearest(self);
        }
        let best = top.sorted();
        self.scorer = scorer;
        Answer::Best(best)
    }

    /// Keeps of a block those who fit; returns how many.
    #[inline]
    fn sift(&self, at: &At<'_>, pids: &[u32], found: &mut [u32; BLOCK]) -> usize {
        let pids = &pids[..pids.len().min(BLOCK)];
        // All at once, so that the processor waits for many of them at the same time.
        let mut packs = [0; BLOCK];
        for (p, pid) in packs.iter_mut().zip(pids) {
            *p = self.pack[*pid as usize];
        }
        let mut open = [(0, 0); BLOCK];
        let (mut count, mut left) = (0, 0);
        // Without branches: whether a member is admitted is as good as random to the processor.
        for (pid, p) in pids.iter().zip(packs) {
            let (yes, sure) = (at.admits(p), at.is_sure(p));
            found[count] = *pid;
            open[left] = (*pid, p);
            count += usize::from(yes & sure);
            left += usize::from(yes & !sure);
        }
        for (pid, p) in &open[..left] {
            found[count] = *pid;
            count += usize::from(at.fits(*p, *pid));
        }
        count
    }
}

#[inline]
fn first_time(seen: &mut Seen, found: &mut [u32; BLOCK], count: usize) -> usize {
    let mut kept = 0;
    for n in 0..count {
        let pid = found[n];
        found[kept] = pid;
        kept += usize::from(seen.first(pid));
    }
    kept
}

impl Engine for Csr<'_> {
    fn name(&self) -> &'static str {
        "csr"
    }

    fn modes(&self) -> &'static [Mode] {
        &Mode::ALL
    }

    fn answer(&mut self, question: &Question, mode: Mode) -> Answer {
        match mode {
            Mode::Ids => Answer::Ids(self.ids(question)),
            Mode::Count => Answer::Count(self.count(question)),
            Mode::Top100 => self.best(question),
        }
    }
}
