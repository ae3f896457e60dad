//! What is kept of the openings of a segment to find those that somebody fits: its lists by key, with what nearly every
//! check needs beside each opening. What few openings ask stands aside.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::decoded::{Decoded, short};
use crate::keys::Place;
use crate::openings_schema::column;
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
    lists: Decoded<Entry>,
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
        let mut mores = vec![0];
        let lists = Decoded::open(segment, segment.schema().get_field(column::KEY)?, |key, doc| {
            let (pack, more) = all.get(at(doc)).map_or((0, 0), |words| {
                let more = keep(&mut mores, &words.more, Place::of_key(key));
                (words.pack, more)
            });
            Entry { pack, doc, more }
        })?;
        mores.shrink_to_fit();
        Ok(Self { lists, mores, companies: all.iter().map(|w| w.company).collect() })
    }

    /// How many documents there are, deleted ones included.
    pub(crate) const fn size(&self) -> usize {
        self.companies.len()
    }

    /// The openings of a key.
    #[inline]
    pub(crate) fn list(&self, key: u64) -> &[Entry] {
        self.lists.list(key)
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

/// Keeps what of these numbers concerns a place, and says where.
fn keep(mores: &mut Vec<u64>, words: &[u64], place: Place) -> u32 {
    let asked = || words.iter().copied().filter(|word| concerns(*word, place));
    let count = asked().count();
    if count == 0 {
        return 0;
    }
    let start = short(mores.len());
    mores.push(u64::try_from(count).unwrap_or(0));
    mores.extend(asked());
    start
}
