//! What readers share: the last commit, with what is kept of each segment between commits.
//!
//! A segment's files never change; only the list of its deleted documents grows. So what a query needs of a
//! segment is read once, when the segment appears, and every later commit keeps it.

use std::sync::{Arc, PoisonError, RwLock};

use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentId;
use tantivy::schema::FieldType;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::error::Result;

/// What one kind of index keeps of a segment in memory, deleted documents included.
pub(crate) trait Segment: Sized + Send + Sync + 'static {
    /// Reads it from the files.
    fn open(segment: &SegmentReader) -> tantivy::Result<Self>;
}

/// One segment of a commit.
pub(crate) struct Part<S> {
    id: SegmentId,
    /// What is kept of it.
    pub(crate) kept: Arc<S>,
    /// Which documents are not deleted; nothing when all are there.
    pub(crate) alive: Option<AliveBitSet>,
}

impl<S> Part<S> {
    /// True when the document is not deleted.
    pub(crate) fn is_alive(&self, doc: DocId) -> bool {
        self.alive.as_ref().is_none_or(|a| a.is_alive(doc))
    }
}

/// One commit as queries see it; does not change while it is held.
pub(crate) struct View<S> {
    pub(crate) searcher: Searcher,
    /// In the order of the searcher's segments.
    pub(crate) parts: Vec<Part<S>>,
}

impl<S: Segment> View<S> {
    fn open(searcher: &Searcher, before: &[Part<S>]) -> tantivy::Result<Self> {
        let parts = searcher
            .segment_readers()
            .iter()
            .map(|reader| {
                let id = reader.segment_id();
                let kept = match before.iter().find(|p| p.id == id) {
                    Some(part) => Arc::clone(&part.kept),
                    None => Arc::new(S::open(reader)?),
                };
                Ok(Part { id, kept, alive: reader.alive_bitset().cloned() })
            })
            .collect::<tantivy::Result<_>>()?;
        Ok(Self { searcher: searcher.clone(), parts })
    }
}

/// The view that all readers share; each commit puts a new one in.
pub(crate) struct Shared<S>(Arc<RwLock<Arc<View<S>>>>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Segment> Shared<S> {
    pub(crate) fn new(searcher: &Searcher) -> tantivy::Result<Self> {
        Ok(Self(Arc::new(RwLock::new(Arc::new(View::open(searcher, &[])?)))))
    }

    /// The last commit.
    pub(crate) fn get(&self) -> Arc<View<S>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put(&self, searcher: &Searcher) -> tantivy::Result<()> {
        let next = Arc::new(View::open(searcher, &self.get().parts)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Documents that are not deleted.
    pub(crate) fn count(&self) -> u64 {
        self.get().searcher.num_docs()
    }

    /// Shows every indexed term, decoded, those of deleted documents included.
    pub(crate) fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        let searcher = self.get().searcher.clone();
        for (_, entry) in searcher.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
            self.each_term_of(entry.name(), visit)?;
        }
        Ok(())
    }

    /// The same for one field.
    pub(crate) fn each_term_of(&self, field: &str, visit: &mut dyn FnMut(&str)) -> Result<()> {
        let searcher = self.get().searcher.clone();
        let field = searcher.schema().get_field(field)?;
        let is_number = matches!(searcher.schema().get_field_entry(field).field_type(), FieldType::U64(_));
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                match <[u8; 8]>::try_from(terms.key()) {
                    Ok(bytes) if is_number => visit(&u64::from_be_bytes(bytes).to_string()),
                    _ => visit(&String::from_utf8_lossy(terms.key())),
                }
            }
        }
        Ok(())
    }
}
