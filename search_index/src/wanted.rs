//! What is kept of the openings of a segment to find those that somebody fits: its lists by key, decoded, and beside
//! each opening what nearly every check needs, so that a walk reads memory in order. What few openings ask stands aside.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::keys::Place;
use crate::openings_schema::column;
use crate::postings::{Mix, each_list};
use crate::profile_segment::at;
use crate::reverse::concerns;

/// Bits of an entry's first number: those of an opening's first number below, its pay above.
const FLAGS: u64 = (1 << PAY) - 1;
pub(crate) const PAY: u32 = 16;
/// The highest pay that fits; two amounts above it, which no form takes, count as one.
pub(crate) const MOST_PAY: u64 = u64::MAX >> PAY;
/// The numbers of an opening before those that only few have.
const COMMON: usize = 4;

/// An opening in one list.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) pack: u64,
    pub(crate) doc: DocId,
    /// Where what else it asks at this place begins; 0 for nothing.
    more: u32,
}

impl Entry {
    /// True when it asks something at this place that few ask.
    pub(crate) const fn asks_more(&self) -> bool {
        self.more != 0
    }
}

pub(crate) struct Wanted {
    lists: HashMap<u64, (u32, u32), BuildHasherDefault<Mix>>,
    entries: Vec<Entry>,
    /// Runs of numbers, each after its length; the first is empty.
    mores: Vec<u64>,
    /// By document.
    companies: Vec<[u64; 2]>,
}

impl Wanted {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let words: Column<u64> = segment
            .fast_fields()
            .column_opt(column::REST)?
            .unwrap_or_else(|| Column::build_empty_column(segment.max_doc()));
        let all: Vec<Words> = (0..segment.max_doc()).map(|doc| Words::of(&words, doc)).collect();
        let mut kept = Self {
            lists: HashMap::default(),
            entries: Vec::new(),
            mores: vec![0],
            companies: all.iter().map(|w| w.company).collect(),
        };
        each_list(segment, segment.schema().get_field(column::KEY)?, |key, docs| kept.add(key, docs, &all))?;
        kept.lists.shrink_to_fit();
        kept.entries.shrink_to_fit();
        kept.mores.shrink_to_fit();
        Ok(kept)
    }

    /// Adds a block of a list; the blocks of a list come one after the other.
    fn add(&mut self, key: u64, docs: &[DocId], all: &[Words]) {
        let begin = short(self.entries.len());
        for doc in docs {
            let Some(words) = all.get(at(*doc)) else { continue };
            let more = self.more(&words.more, Place::of_key(key));
            self.entries.push(Entry { pack: words.pack, doc: *doc, more });
        }
        let end = short(self.entries.len());
        self.lists.entry(key).or_insert((begin, begin)).1 = end;
    }

    /// Keeps what of these numbers concerns a place, and says where.
    fn more(&mut self, words: &[u64], place: Place) -> u32 {
        let asked = || words.iter().copied().filter(|word| concerns(*word, place));
        let count = asked().count();
        if count == 0 {
            return 0;
        }
        let start = short(self.mores.len());
        self.mores.push(u64::try_from(count).unwrap_or(0));
        self.mores.extend(asked());
        start
    }

    /// How many documents there are, deleted ones included.
    pub(crate) const fn size(&self) -> usize {
        self.companies.len()
    }

    /// The openings of a key.
    #[inline]
    pub(crate) fn list(&self, key: u64) -> &[Entry] {
        let Some((begin, end)) = self.lists.get(&key) else { return &[] };
        self.entries.get(at(*begin)..at(*end)).unwrap_or_default()
    }

    /// What an opening asks at the place of its list that few ask.
    pub(crate) fn asks(&self, entry: &Entry) -> &[u64] {
        let rest = self.mores.get(at(entry.more)..).unwrap_or_default();
        let count = rest.first().and_then(|count| usize::try_from(*count).ok()).unwrap_or(0);
        rest.get(1..=count).unwrap_or_default()
    }

    /// Whose opening it is.
    pub(crate) fn company(&self, entry: &Entry) -> [u64; 2] {
        self.companies.get(at(entry.doc)).copied().unwrap_or_default()
    }
}

/// The numbers of an opening as they are kept.
struct Words {
    pack: u64,
    company: [u64; 2],
    more: Vec<u64>,
}

impl Words {
    fn of(column: &Column<u64>, doc: DocId) -> Self {
        let mut words = column.values_for_doc(doc);
        let mut word = || words.next().unwrap_or_default();
        let [first, best, high, low]: [u64; COMMON] = std::array::from_fn(|_| word());
        Self { pack: first & FLAGS | best.min(MOST_PAY) << PAY, company: [high, low], more: words.collect() }
    }
}

/// No segment has four thousand million entries.
fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
