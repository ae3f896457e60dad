//! The lists of a segment, read straight from its posting files.
//!
//! A union of lists needs no query machinery: where a list begins is kept in memory for every key, and a list is
//! decoded block by block.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::io;
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

/// A list shorter than a block of the file is kept decoded: finding and opening it would cost more than reading it.
const SHORT: u32 = 128;

/// The lists of one segment by key.
pub(crate) struct Lists {
    inverted: Arc<InvertedIndexReader>,
    places: HashMap<u64, Place, BuildHasherDefault<Mix>>,
    /// The short lists, one after the other.
    short: Vec<DocId>,
}

/// Where a list stands: a short one among the decoded ones, a long one in the postings file (in bytes).
#[derive(Clone, Copy)]
struct Place {
    docs: u32,
    at: u32,
    bytes: u32,
}

impl Lists {
    /// Reads where the lists of a field of u64 terms stand.
    pub(crate) fn open(segment: &SegmentReader, field: Field) -> tantivy::Result<Self> {
        let inverted = segment.inverted_index(field)?;
        let mut places = HashMap::with_capacity_and_hasher(inverted.terms().num_terms(), BuildHasherDefault::default());
        let mut short = Vec::new();
        let mut reused = None;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let Ok(key) = <[u8; 8]>::try_from(term) else { continue };
            let place = if info.doc_freq < SHORT {
                let at = small(short.len())?;
                decode(&inverted, info, &mut reused, |docs| short.extend_from_slice(docs))?;
                Place { docs: info.doc_freq, at, bytes: 0 }
            } else {
                let range = &info.postings_range;
                Place { docs: info.doc_freq, at: small(range.start)?, bytes: small(range.len())? }
            };
            places.insert(u64::from_be_bytes(key), place);
        }
        drop(terms);
        places.shrink_to_fit();
        short.shrink_to_fit();
        Ok(Self { inverted, places, short })
    }

    /// How many documents have the key, deleted ones included.
    pub(crate) fn len(&self, key: u64) -> u32 {
        self.places.get(&key).map_or(0, |place| place.docs)
    }

    /// Every key of the segment, in no order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.places.keys().copied()
    }

    /// Hands on the documents of a key in ascending blocks. `reused` saves making a decoder for each list.
    #[inline]
    pub(crate) fn each_block(
        &self,
        key: u64,
        reused: &mut Option<BlockSegmentPostings>,
        mut visit: impl FnMut(&[DocId]),
    ) -> io::Result<()> {
        let Some(place) = self.places.get(&key) else { return Ok(()) };
        if place.docs < SHORT {
            let from = whole(place.at);
            visit(self.short.get(from..from + whole(place.docs)).unwrap_or_default());
            return Ok(());
        }
        decode(&self.inverted, &place.info(), reused, visit)
    }
}

/// Hands on every list of a field of u64 terms, block by block.
pub(crate) fn each_list(
    segment: &SegmentReader,
    field: Field,
    mut visit: impl FnMut(u64, &[DocId]),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let mut reused = None;
    let mut terms = inverted.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        let Ok(key) = <[u8; 8]>::try_from(term) else { continue };
        decode(&inverted, info, &mut reused, |docs| visit(u64::from_be_bytes(key), docs))?;
    }
    Ok(())
}

/// Reads a list from the file, block by block.
fn decode(
    inverted: &InvertedIndexReader,
    info: &TermInfo,
    reused: &mut Option<BlockSegmentPostings>,
    mut visit: impl FnMut(&[DocId]),
) -> io::Result<()> {
    let list = match reused {
        Some(list) => {
            inverted.reset_block_postings_from_terminfo(info, list)?;
            list
        }
        None => reused.insert(inverted.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?),
    };
    loop {
        let docs = list.docs();
        if docs.is_empty() {
            return Ok(());
        }
        visit(docs);
        list.advance();
    }
}

impl Place {
    fn info(self) -> TermInfo {
        let start = whole(self.at);
        TermInfo { doc_freq: self.docs, postings_range: start..start + whole(self.bytes), positions_range: 0..0 }
    }
}

fn small(n: usize) -> io::Result<u32> {
    u32::try_from(n).map_err(|_| io::Error::other("a postings file above 4 GiB"))
}

fn whole(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Mixes the bits of a key or a document's number. Both are ours, so nobody can choose them to collide.
#[derive(Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
