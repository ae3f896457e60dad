//! The lists of a segment kept decoded, with what nearly every check needs beside each document, so that a walk reads
//! memory in order. For indexes of which few documents are looked at again and again; the lists of members stay in
//! their files.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use crate::postings::{Mix, each_list};
use crate::profile_segment::at;

/// The lists by key; one `E` for each document of each list.
pub(crate) struct Decoded<E> {
    places: HashMap<u64, (u32, u32), BuildHasherDefault<Mix>>,
    entries: Vec<E>,
}

impl<E> Decoded<E> {
    /// Reads the lists of a field of u64 terms; `beside` makes an entry of a key and a document.
    pub(crate) fn open(
        segment: &SegmentReader,
        field: Field,
        mut beside: impl FnMut(u64, DocId) -> E,
    ) -> tantivy::Result<Self> {
        let (mut places, mut entries) = (HashMap::<_, _, BuildHasherDefault<Mix>>::default(), Vec::new());
        each_list(segment, field, |key, docs| {
            let begin = short(entries.len());
            entries.extend(docs.iter().map(|doc| beside(key, *doc)));
            // The blocks of a list come one after the other.
            places.entry(key).or_insert((begin, begin)).1 = short(entries.len());
        })?;
        places.shrink_to_fit();
        entries.shrink_to_fit();
        Ok(Self { places, entries })
    }

    /// The documents of a key, deleted ones included, ascending.
    #[inline]
    pub(crate) fn list(&self, key: u64) -> &[E] {
        let Some((begin, end)) = self.places.get(&key) else { return &[] };
        self.entries.get(at(*begin)..at(*end)).unwrap_or_default()
    }
}

/// No segment has four thousand million entries.
pub(crate) fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
