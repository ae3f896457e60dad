//! What is kept in memory of a segment of the alerts index, and the walk over its lists.

use std::cell::RefCell;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use crate::alert_words::{Asked, Book, BookWriter, Said};
use crate::arrival::Arrival;
use crate::decoded::{Decoded, short};
use crate::profile_segment::at;
use crate::view::{Part, Segment};

/// Names of the fields.
pub(crate) mod column {
    pub(crate) const PID: &str = "pid";
    pub(crate) const KEY: &str = "key";
    /// Least pay, then the alert's place in its member's list (8 bits).
    pub(crate) const PACK: &str = "pack";
    pub(crate) const WORDS: &str = "words";
}

/// Entries that are judged together.
const BLOCK: usize = 128;

/// The alerts of one member stand together in one segment, because they are always written in one go.
pub(crate) struct AlertSegment {
    /// The exact least pay, in cents.
    least: Vec<u32>,
    /// Where the other demands of words begin.
    others: Vec<u32>,
    /// Members by their rank in this segment.
    members: Vec<u32>,
    /// The rank of each alert's member.
    ranks: Vec<u32>,
    /// The place of each alert in its member's list.
    ordinals: Vec<u8>,
    lists: Decoded<Entry>,
    book: Book,
}

/// An alert in a list, with what nearly every look at it needs.
#[derive(Clone, Copy)]
struct Entry {
    doc: DocId,
    /// Rank of its member.
    rank: u32,
    /// The step of its least pay (8 bits), and its first demand of words (24).
    brief: u32,
}

impl Segment for AlertSegment {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let (book, words) = read_words(fast.str(column::WORDS)?)?;
        let pids = fast.u64(column::PID)?.first_or_default_col(0);
        let packs = fast.u64(column::PACK)?.first_or_default_col(0);
        let size = at(segment.max_doc());
        let (mut least, mut others, mut ordinals) =
            (Vec::with_capacity(size), Vec::with_capacity(size), Vec::with_capacity(size));
        let mut briefs = Vec::with_capacity(size);
        for (doc, pack) in (0..).zip(packs.iter()) {
            let cents = u32::try_from(pack >> 8).unwrap_or(u32::MAX);
            let asked = words.asked(doc);
            briefs.push(step(cents) << 24 | asked.first);
            least.push(cents);
            others.push(asked.others);
            ordinals.push(u8::try_from(pack & 0xff).unwrap_or(0));
        }
        let (mut members, mut ranks) = (Vec::new(), Vec::with_capacity(size));
        for pid in pids.iter().map(|pid| u32::try_from(pid).unwrap_or(u32::MAX)) {
            if members.last() != Some(&pid) {
                members.push(pid);
            }
            ranks.push(short(members.len() - 1));
        }
        let entry = |_, doc| {
            let of = |all: &[u32]| all.get(at(doc)).copied().unwrap_or_default();
            Entry { doc, rank: of(&ranks), brief: of(&briefs) }
        };
        let lists = Decoded::open(segment, segment.schema().get_field(column::KEY)?, entry)?;
        Ok(Self { least, others, members, ranks, ordinals, lists, book })
    }
}

/// The step of an amount: an eighth of a power of two, below 255. A larger amount is never on a lower step.
fn step(cents: u32) -> u32 {
    match cents.checked_ilog2() {
        Some(power @ 3..) => (power - 2) << 3 | (cents >> (power - 3) & 7),
        _ => cents,
    }
}

/// What each document asks of words.
struct Asks {
    column: Option<StrColumn>,
    /// By the number the column gives a text.
    asks: Vec<Asked>,
}

impl Asks {
    fn asked(&self, doc: DocId) -> Asked {
        let number = self.column.as_ref().and_then(|c| c.term_ords(doc).next());
        number.and_then(|n| self.asks.get(usize::try_from(n).ok()?)).copied().unwrap_or_default()
    }
}

/// A segment in which no alert asks for words lacks the column altogether.
fn read_words(column: Option<StrColumn>) -> tantivy::Result<(Book, Asks)> {
    let mut writer = BookWriter::default();
    let mut asks = Vec::new();
    if let Some(column) = &column {
        let mut texts = column.dictionary().stream()?;
        while texts.advance() {
            asks.push(writer.add(&String::from_utf8_lossy(texts.key())));
        }
    }
    Ok((writer.finish(), Asks { column, asks }))
}

/// Reused by every search of a thread.
#[derive(Default)]
struct Scratch {
    /// A bit for each alert or member that fires; all clear between searches.
    fired: Vec<u64>,
    said: Said,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl AlertSegment {
    /// Everyone with an alert, deleted ones included.
    pub(crate) fn members(&self) -> &[u32] {
        &self.members
    }

    /// Whose each alert is.
    pub(crate) fn pids(&self) -> impl Iterator<Item = u32> {
        self.ranks.iter().filter_map(|rank| self.members.get(at(*rank)).copied())
    }

    /// The place of an alert in its member's list.
    pub(crate) fn ordinal(&self, doc: DocId) -> u8 {
        self.ordinals.get(at(doc)).copied().unwrap_or_default()
    }

    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        self.book.stems()
    }

    /// How many alerts stand in the lists of the opening, as often as they stand there.
    pub(crate) fn candidates(&self, arrival: &Arrival) -> u64 {
        arrival.keys.iter().map(|key| self.lists.list(*key).len()).sum::<usize>().try_into().unwrap_or(u64::MAX)
    }
}

impl Part<AlertSegment> {
    /// Hands on the members with an alert of this segment that fires, each once.
    pub(crate) fn members_told(&self, arrival: &Arrival, mut visit: impl FnMut(u32)) {
        let members = &self.kept.members;
        self.walk(
            arrival,
            members.len(),
            |entry| entry.rank,
            |rank| members.get(at(rank)).copied().into_iter().for_each(&mut visit),
        );
    }

    /// Hands on the alerts of this segment that fire, each once, ascending, with their members.
    pub(crate) fn alerts_fired(&self, arrival: &Arrival, mut visit: impl FnMut(DocId, u32)) {
        let (members, ranks) = (&self.kept.members, &self.kept.ranks);
        self.walk(
            arrival,
            ranks.len(),
            |entry| entry.doc,
            |doc| {
                let pid = ranks.get(at(doc)).and_then(|rank| members.get(at(*rank)));
                pid.into_iter().for_each(|pid| visit(doc, *pid));
            },
        );
    }

    /// Hands on the numbers that `of` gives to the alerts that fire, all below `size`, each once, ascending.
    fn walk(&self, arrival: &Arrival, size: usize, of: impl Fn(&Entry) -> u32, mut visit: impl FnMut(u32)) {
        let kept = &*self.kept;
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { fired, said } = scratch;
            said.fill(&kept.book, &arrival.words);
            let words = size / 64 + 1;
            fired.resize(fired.len().max(words), 0);
            for key in &arrival.keys {
                for block in kept.lists.list(*key).chunks(BLOCK) {
                    self.judge(arrival.best, said, block, |entry| {
                        let number = of(entry);
                        if let Some(bits) = fired.get_mut(at(number) / 64) {
                            *bits |= 1 << (number % 64);
                        }
                    });
                }
            }
            // One way through all bits in order is cheaper than jumping to each, and clears them.
            for (bits, first) in fired.iter_mut().take(words).zip((0..).step_by(64)) {
                let mut bits = std::mem::take(bits);
                while bits != 0 {
                    visit(first + bits.trailing_zeros());
                    bits &= bits - 1;
                }
            }
        });
    }

    /// Hands on what fires in a block.
    #[expect(clippy::indexing_slicing, reason = "a list names only documents of its segment, at most a block of them")]
    #[inline]
    fn judge(&self, best: u32, said: &Said, block: &[Entry], mut fires: impl FnMut(&Entry)) {
        let kept = &*self.kept;
        // No step is as high as that of pay that is not stated.
        let most = if best == u32::MAX { 0xff } else { step(best) };
        let block = &block[..block.len().min(BLOCK)];
        let (mut sure, mut unsure) = ([0; BLOCK], [0; BLOCK]);
        let (mut sures, mut unsures) = (0, 0);
        // Without branches: whether an alert passes is as good as random to the processor.
        for (n, entry) in (0u8..).zip(block) {
            let step = entry.brief >> 24;
            let passes = (step <= most) & said.first_holds(entry.brief);
            let is_unsure = Book::has_others(entry.brief) | (step == most);
            sure[sures] = n;
            sures += usize::from(passes & !is_unsure);
            unsure[unsures] = n;
            unsures += usize::from(passes & is_unsure);
        }
        for n in &unsure[..unsures] {
            let Entry { doc, brief, .. } = block[usize::from(*n)];
            let holds = kept.least[at(doc)] <= best
                && (!Book::has_others(brief) || kept.book.others_hold(kept.others[at(doc)], said));
            sure[sures] = *n;
            sures += usize::from(holds);
        }
        for entry in sure[..sures].iter().map(|n| &block[usize::from(*n)]) {
            if self.is_alive(entry.doc) {
                fires(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_rise_with_amounts() {
        let mut before = 0;
        for cents in (0..5000).chain((13..32).flat_map(|p| [(1 << p) - 1, 1 << p, 3 << (p - 1)])).chain([u32::MAX]) {
            assert!(step(cents) >= before && step(cents) < 0xff, "{cents}");
            before = step(cents);
        }
    }
}
