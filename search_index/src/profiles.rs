//! The profiles index: which members might fit an opening.
//!
//! A document is a number and its eligibility keys. No name, no text and no criteria are in it.

use std::path::Path;

use domain::candidate::Offer;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema};
use tantivy::{DocSet, IndexWriter, Searcher, SegmentReader, TERMINATED, TantivyDocument, Term};

use crate::engine::{self, Checkpoint, Engine, Layout};
use crate::error::Result;
use crate::keys::opening_keys;
use crate::view::{Segment, Shared};

const PID: &str = "pid";
const KEY: &str = "key";

/// A change to the profiles index; `pid` is the caller's internal number of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// The member's keys are now these; without any key the member is not in the index.
    Put {
        /// Who.
        pid: u64,
        /// Keys from `profile_keys`.
        keys: Vec<u64>,
    },
    /// The member is out.
    Delete {
        /// Who.
        pid: u64,
    },
}

/// The one writer of the profiles index.
pub struct ProfilesIndex {
    engine: Engine<ProfileSegment>,
    fields: Fields,
}

/// Reads the profiles index; cheap to clone, and always sees the last commit.
#[derive(Clone)]
pub struct ProfilesReader {
    shared: Shared<ProfileSegment>,
    fields: Fields,
}

pub(crate) struct ProfileSegment;

impl Segment for ProfileSegment {
    fn open(_: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self)
    }
}

#[derive(Clone, Copy)]
struct Fields {
    pid: Field,
    key: Field,
}

fn layout() -> (Layout, Fields) {
    let mut schema = Schema::builder();
    let pid = schema.add_u64_field(PID, NumericOptions::default().set_indexed().set_fast());
    let key = schema.add_u64_field(KEY, NumericOptions::default().set_indexed());
    let layout = Layout { name: "profiles", version: 1, schema: schema.build(), prepare: |_| {} };
    (layout, Fields { pid, key })
}

impl ProfilesIndex {
    /// Opens the index below `dir`, making it when it is missing. The checkpoint says from where to replay,
    /// or that the index is empty and must be rebuilt.
    ///
    /// # Errors
    /// `Locked` when another process holds it; `Io` when the folder cannot be used.
    pub fn open(dir: &Path) -> Result<(Self, Checkpoint)> {
        let (layout, fields) = layout();
        let (engine, checkpoint) = Engine::open(dir, layout)?;
        Ok((Self { engine, fields }, checkpoint))
    }

    /// Applies the changes in their order and commits them as everything up to `seq`. Applying the same
    /// changes again does no harm.
    ///
    /// # Errors
    /// `Reopen`: nothing was applied; call `reopen` and replay.
    pub fn apply(&mut self, changes: &[ProfileChange], seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.write(seq, |writer| {
            for change in changes {
                match change {
                    ProfileChange::Put { pid, keys } => {
                        writer.delete_term(Term::from_field_u64(fields.pid, *pid));
                        fields.add(writer, *pid, keys)?;
                    }
                    ProfileChange::Delete { pid } => {
                        writer.delete_term(Term::from_field_u64(fields.pid, *pid));
                    }
                }
            }
            Ok(())
        })
    }

    /// Replaces the whole index by these members, each named once, as the state at `seq`. It is built aside;
    /// readers see the old one until the new one is complete.
    ///
    /// # Errors
    /// `Io` or `Tantivy`: the old index stays in force.
    pub fn rebuild(&mut self, members: impl IntoIterator<Item = (u64, Vec<u64>)>, seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.rebuild(seq, |writer| {
            for (pid, keys) in members {
                fields.add(writer, pid, &keys)?;
            }
            Ok(())
        })
    }

    /// Opens the files anew after `Reopen`; readers stay valid.
    ///
    /// # Errors
    /// As `open`.
    pub fn reopen(&mut self) -> Result<Checkpoint> {
        self.engine.reopen()
    }

    /// Sequence number of the last commit; 0 when there was none.
    #[must_use]
    pub const fn checkpoint(&self) -> i64 {
        self.engine.checkpoint()
    }

    /// A reader.
    #[must_use]
    pub fn reader(&self) -> ProfilesReader {
        ProfilesReader { shared: self.engine.shared(), fields: self.fields }
    }

    #[cfg(test)]
    pub(crate) fn engine(&mut self) -> &mut Engine<ProfileSegment> {
        &mut self.engine
    }
}

impl Fields {
    fn add(self, writer: &IndexWriter, pid: u64, keys: &[u64]) -> tantivy::Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut doc = TantivyDocument::default();
        doc.add_u64(self.pid, pid);
        for key in keys {
            doc.add_u64(self.key, *key);
        }
        writer.add_document(doc).map(|_| ())
    }
}

impl ProfilesReader {
    /// Opens the committed state for reading only, without the lock; for checks beside a running server. It
    /// does not follow later commits. Returns its sequence number too.
    ///
    /// # Errors
    /// `Damaged` when there is no usable index.
    pub fn open(dir: &Path) -> Result<(Self, i64)> {
        let (layout, fields) = layout();
        let (shared, seq) = engine::peek(dir, &layout)?;
        Ok((Self { shared, fields }, seq))
    }

    /// Every member who shares a key with the opening, ascending, each once. A superset of the eligible.
    ///
    /// # Errors
    /// `Damaged`, `Io` or `Tantivy` when the files cannot be read.
    pub fn candidates(&self, offer: &Offer) -> Result<Vec<u64>> {
        self.with_any(&opening_keys(offer))
    }

    /// Every member who has one of these keys, ascending, each once.
    ///
    /// # Errors
    /// As `candidates`.
    pub fn with_any(&self, keys: &[u64]) -> Result<Vec<u64>> {
        let mut found = self.union(&self.shared.get().searcher, keys)?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Walks the postings of each key. A flat union needs no query machinery.
    fn union(&self, searcher: &Searcher, keys: &[u64]) -> tantivy::Result<Vec<u64>> {
        let mut found = Vec::new();
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.key)?;
            let pids = segment.fast_fields().u64(PID)?;
            for key in keys {
                let term = Term::from_field_u64(self.fields.key, *key);
                let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if !segment.is_deleted(doc) {
                        found.extend(pids.first(doc));
                    }
                    doc = postings.advance();
                }
            }
        }
        Ok(found)
    }

    /// How many members are in the index.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.count()
    }

    /// Every member in the index, ascending; a number that stands twice is a fault of the caller's rebuild.
    ///
    /// # Errors
    /// As `candidates`.
    pub fn ids(&self) -> Result<Vec<u64>> {
        let searcher = self.shared.get().searcher.clone();
        let mut all = Vec::new();
        for segment in searcher.segment_readers() {
            let pids = segment.fast_fields().u64(PID)?;
            all.extend(segment.doc_ids_alive().filter_map(|doc| pids.first(doc)));
        }
        all.sort_unstable();
        Ok(all)
    }

    /// Shows every term of the files, decoded; for a search for values that must not be there.
    ///
    /// # Errors
    /// As `candidates`.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        self.shared.each_term(visit)
    }
}
