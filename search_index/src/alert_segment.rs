//! What is kept in memory of a segment of the alerts index, and the walk over its lists.

use std::cell::RefCell;
use std::io;

use tantivy::columnar::StrColumn;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, SegmentReader};

use crate::alert_words::{Asked, Book, BookWriter, Said};
use crate::arrival::Arrival;
use crate::postings::Lists;
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

/// Documents in a block of a list.
const BLOCK: usize = 128;

/// The alerts of one member stand together in one segment, because they are always written in one go.
pub(crate) struct AlertSegment {
    /// What nearly every look at an alert needs, small enough that a processor keeps much of it at hand: the step
    /// of its least pay (8 bits), and its first demand of words (24).
    briefs: Vec<u32>,
    /// The exact least pay, in cents.
    least: Vec<u32>,
    /// Where the other demands of words begin.
    others: Vec<u32>,
    pids: Vec<u32>,
    /// The place of each alert in its member's list.
    ordinals: Vec<u8>,
    lists: Lists,
    book: Book,
}

impl Segment for AlertSegment {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let (book, words) = read_words(fast.str(column::WORDS)?)?;
        let pids = fast.u64(column::PID)?.first_or_default_col(0);
        let packs = fast.u64(column::PACK)?.first_or_default_col(0);
        let size = at(segment.max_doc());
        let mut kept = Self {
            briefs: Vec::with_capacity(size),
            least: Vec::with_capacity(size),
            others: Vec::with_capacity(size),
            pids: pids.iter().map(|pid| u32::try_from(pid).unwrap_or(u32::MAX)).collect(),
            ordinals: Vec::with_capacity(size),
            lists: Lists::open(segment, segment.schema().get_field(column::KEY)?)?,
            book,
        };
        for (doc, pack) in (0..).zip(packs.iter()) {
            let least = u32::try_from(pack >> 8).unwrap_or(u32::MAX);
            let asked = words.asked(doc);
            kept.briefs.push(step(least) << 24 | asked.first);
            kept.least.push(least);
            kept.others.push(asked.others);
            kept.ordinals.push(u8::try_from(pack & 0xff).unwrap_or(0));
        }
        Ok(kept)
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
    /// A bit for each alert that fires; all clear between searches.
    fired: Vec<u64>,
    list: Option<BlockSegmentPostings>,
    said: Said,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl AlertSegment {
    /// Whose each alert is.
    pub(crate) fn pids(&self) -> &[u32] {
        &self.pids
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
        arrival.keys.iter().map(|key| u64::from(self.lists.len(*key))).sum()
    }
}

impl Part<AlertSegment> {
    /// Hands on the alerts of this segment that fire, each once, ascending, with their members.
    pub(crate) fn walk(&self, arrival: &Arrival, mut visit: impl FnMut(DocId, u32)) -> io::Result<()> {
        let kept = &*self.kept;
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { fired, list, said } = scratch;
            said.fill(&kept.book, &arrival.words);
            let words = kept.pids.len() / 64 + 1;
            fired.resize(fired.len().max(words), 0);
            let mut done = Ok(());
            for key in &arrival.keys {
                done = kept.lists.each_block(*key, list, |docs| self.judge(arrival.best, said, docs, fired));
                if done.is_err() {
                    break;
                }
            }
            // One way through all bits in order is cheaper than jumping to each, and clears them.
            for (bits, first) in fired.iter_mut().take(words).zip((0..).step_by(64)) {
                let mut bits = std::mem::take(bits);
                while bits != 0 && done.is_ok() {
                    let doc = first + bits.trailing_zeros();
                    if let Some(pid) = kept.pids.get(at(doc)) {
                        visit(doc, *pid);
                    }
                    bits &= bits - 1;
                }
            }
            // After a fault the decoder's state is unknown; between segments its file is another.
            *list = None;
            done
        })
    }

    /// Sets the bits of what fires in a block.
    #[expect(clippy::indexing_slicing, reason = "a list names only documents of its segment, at most a block of them")]
    #[inline]
    fn judge(&self, best: u32, said: &Said, docs: &[DocId], fired: &mut [u64]) {
        let kept = &*self.kept;
        let briefs = kept.briefs.as_slice();
        // No step is as high as that of pay that is not stated.
        let most = if best == u32::MAX { 0xff } else { step(best) };
        let docs = &docs[..docs.len().min(BLOCK)];
        // First nothing but the loads, so that many are under way at once.
        let mut gathered = [0; BLOCK];
        for (brief, doc) in gathered.iter_mut().zip(docs) {
            *brief = briefs[at(*doc)];
        }
        let mut found = [0; BLOCK];
        let mut count = 0;
        let mut unsure = self.alive.is_some();
        // Without branches: whether an alert passes is as good as random to the processor.
        for (brief, doc) in gathered.iter().copied().zip(docs) {
            found[count] = *doc;
            let passes = (brief >> 24 <= most) & said.first_holds(brief);
            unsure |= passes & (Book::has_others(brief) | (brief >> 24 == most));
            count += usize::from(passes);
        }
        if unsure {
            let mut left = 0;
            for n in 0..count {
                let doc = found[n];
                let holds = kept.least[at(doc)] <= best
                    && (!Book::has_others(briefs[at(doc)]) || kept.book.others_hold(kept.others[at(doc)], said))
                    && self.is_alive(doc);
                found[left] = doc;
                left += usize::from(holds);
            }
            count = left;
        }
        for doc in &found[..count] {
            fired[at(*doc) / 64] |= 1 << (doc % 64);
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
