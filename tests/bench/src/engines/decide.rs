//! The last word of engines that cannot judge the rare cases themselves.

use search_index::{Ask, ProfileDoc};

/// Decides on members whom an engine has admitted by the packed number. It reads the documents in memory, which is
/// generous to a database: a real one would read a second table.
#[derive(Clone, Copy)]
pub struct Decider<'a> {
    docs: &'a [ProfileDoc],
    pack: &'a [u64],
}

/// What is the same for every member of a question.
pub struct Case<'a> {
    ask: &'a Ask,
    /// Of every list, when that is one.
    only_spot: Option<u16>,
    all_implied: bool,
}

impl<'a> Decider<'a> {
    /// From the documents by number, and their packed numbers.
    #[must_use]
    pub const fn new(docs: &'a [ProfileDoc], pack: &'a [u64]) -> Self {
        Self { docs, pack }
    }

    /// Prepares for a question.
    #[must_use]
    pub fn case<'q>(&self, ask: &'q Ask) -> Case<'q> {
        let lists = ask.lists();
        let first = lists.first().map(|l| l.spot);
        Case {
            ask,
            only_spot: first.filter(|spot| lists.iter().all(|l| l.spot == *spot)),
            all_implied: lists.iter().all(|l| ask.is_implied(l.spot)),
        }
    }

    /// Whether an admitted member of any of the lists fits.
    #[inline]
    #[must_use]
    pub fn fits(&self, case: &Case<'_>, pid: u32) -> bool {
        case.all_implied && case.ask.is_sure(self.pack[pid as usize]) || self.looks(case, pid)
    }

    fn looks(&self, case: &Case<'_>, pid: u32) -> bool {
        let doc = &self.docs[pid as usize];
        let at = |spot| (case.ask.is_implied(spot) && case.ask.is_sure(doc.pack)) || case.ask.is_met_by(doc, spot);
        match case.only_spot {
            Some(spot) => at(spot),
            // Which of the lists brought the member here is not known, so each is tried.
            None => case.ask.lists().iter().any(|l| doc.keys.binary_search(&l.key).is_ok() && at(l.spot)),
        }
    }
}

/// A bit for each member, to tell who came before; all clear between questions.
#[derive(Debug, Default)]
pub struct Seen(Vec<u64>);

impl Seen {
    /// Room for `n` members.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self(vec![0; n / 64 + 1])
    }

    /// True for the first time.
    #[inline]
    pub fn first(&mut self, pid: u32) -> bool {
        let word = &mut self.0[pid as usize / 64];
        let bit = 1 << (pid % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Clears it of these members.
    pub fn clear(&mut self, pids: &[u32]) {
        if pids.len() > self.0.len() / 4 {
            self.0.fill(0);
        } else {
            pids.iter().for_each(|pid| self.0[*pid as usize / 64] = 0);
        }
    }
}
