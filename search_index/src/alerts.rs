//! The alerts index: which saved alerts an arriving opening fires.
//!
//! A document is one alert: the number of its member, keys for what it names, its least pay, and the stems of the
//! words it asks for, which are the only text. For what the index was told up to its checkpoint its answer is that
//! of `domain::alert::Wish::wants`. A paused alert is not in it.

use std::path::Path;

use domain::alert::Wish;
use tantivy::indexer::UserOperation;
use tantivy::schema::{Field, NumericOptions, Schema, TextOptions};
use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::alert_doc::AlertDoc;
use crate::alert_segment::{AlertSegment, column};
use crate::arrival::Arrival;
use crate::engine::{self, Checkpoint, Engine, Layout};
use crate::error::Result;
use crate::view::Shared;

/// A change to the alerts index; `pid` is the caller's internal number of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertChange {
    /// The member now has these alerts and no others.
    Put {
        /// Who.
        pid: u32,
        /// What each asks for, in the member's order.
        wishes: Vec<Wish>,
    },
    /// The member is out.
    Delete {
        /// Who.
        pid: u32,
    },
}

/// An alert that fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Firing {
    /// Whose.
    pub pid: u32,
    /// Its place among the member's wishes, from 0.
    pub alert: u8,
}

/// The one writer of the alerts index.
pub struct AlertsIndex {
    engine: Engine<AlertSegment>,
    fields: Fields,
}

/// Reads the alerts index; cheap to clone, and always sees the last commit.
#[derive(Clone)]
pub struct AlertsReader {
    shared: Shared<AlertSegment>,
}

#[derive(Clone, Copy)]
struct Fields {
    pid: Field,
    key: Field,
    pack: Field,
    words: Field,
}

fn layout() -> (Layout, Fields) {
    let mut schema = Schema::builder();
    let fast = || NumericOptions::default().set_fast();
    let fields = Fields {
        pid: schema.add_u64_field(column::PID, fast().set_indexed()),
        key: schema.add_u64_field(column::KEY, NumericOptions::default().set_indexed()),
        pack: schema.add_u64_field(column::PACK, fast()),
        words: schema.add_text_field(column::WORDS, TextOptions::default().set_fast("raw")),
    };
    (Layout { name: "alerts", version: 1, schema: schema.build(), prepare: |_| {} }, fields)
}

impl AlertsIndex {
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
    pub fn apply(&mut self, changes: &[AlertChange], seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.write(seq, |writer| {
            for change in changes {
                let (pid, wishes) = match change {
                    AlertChange::Put { pid, wishes } => (*pid, wishes.as_slice()),
                    AlertChange::Delete { pid } => (*pid, [].as_slice()),
                };
                writer.delete_term(Term::from_field_u64(fields.pid, u64::from(pid)));
                fields.add(writer, pid, wishes)?;
            }
            Ok(())
        })
    }

    /// Replaces the whole index by these members' alerts, each member named once, as the state at `seq`. It is
    /// built aside; readers see the old one until the new one is complete.
    ///
    /// # Errors
    /// The caller's, when a member cannot be read; `Io` or `Tantivy`: the old index stays in force.
    pub fn rebuild<E: From<crate::SearchError>>(
        &mut self,
        members: impl IntoIterator<Item = std::result::Result<(u32, Vec<Wish>), E>>,
        seq: i64,
    ) -> std::result::Result<(), E> {
        let fields = self.fields;
        self.engine.rebuild::<E>(seq, |writer| {
            for member in members {
                let (pid, wishes) = member?;
                fields.add(writer, pid, &wishes).map_err(crate::SearchError::from)?;
            }
            Ok(())
        })
    }

    /// Removes every trace of deleted alerts from the files: merges until no segment holds deleted documents.
    ///
    /// # Errors
    /// `Reopen`: call `reopen` and try again.
    pub fn purge(&mut self) -> Result<()> {
        self.engine.purge()
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
    pub fn reader(&self) -> AlertsReader {
        AlertsReader { shared: self.engine.shared() }
    }

    #[cfg(test)]
    pub(crate) fn engine(&mut self) -> &mut Engine<AlertSegment> {
        &mut self.engine
    }
}

impl Fields {
    /// Adds the alerts of a member in one go, so that they stand together in one segment.
    fn add(self, writer: &IndexWriter, pid: u32, wishes: &[Wish]) -> tantivy::Result<()> {
        if wishes.is_empty() {
            return Ok(());
        }
        let documents = (0u64..).zip(wishes).map(|(n, wish)| self.document(pid, n, &AlertDoc::of(wish)));
        let adds: Vec<UserOperation> = documents.map(UserOperation::Add).collect();
        writer.run(adds).map(|_| ())
    }

    fn document(self, pid: u32, ordinal: u64, alert: &AlertDoc) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        doc.add_u64(self.pid, u64::from(pid));
        for key in &alert.keys {
            doc.add_u64(self.key, *key);
        }
        doc.add_u64(self.pack, u64::from(alert.least) << 8 | ordinal.min(0xff));
        if !alert.words.is_empty() {
            doc.add_text(self.words, &alert.words);
        }
        doc
    }
}

impl AlertsReader {
    /// Opens the committed state for reading only, without the lock; for checks beside a running server. It
    /// does not follow later commits. Returns its sequence number too.
    ///
    /// # Errors
    /// `Damaged` when there is no usable index.
    pub fn open(dir: &Path) -> Result<(Self, i64)> {
        let (shared, seq) = engine::peek(dir, &layout().0)?;
        Ok((Self { shared }, seq))
    }

    /// Every member with an alert that the opening fires, each once, in no order.
    #[must_use]
    pub fn fires(&self, arrival: &Arrival) -> Vec<u32> {
        let mut all = Vec::new();
        // The alerts of a member stand together in one segment.
        self.shared.get().parts.iter().for_each(|part| part.members_told(arrival, |pid| all.push(pid)));
        all
    }

    /// Every alert that the opening fires, each once, in no order.
    #[must_use]
    pub fn firings(&self, arrival: &Arrival) -> Vec<Firing> {
        let mut all = Vec::new();
        for part in &self.shared.get().parts {
            part.alerts_fired(arrival, |doc, pid| all.push(Firing { pid, alert: part.kept.ordinal(doc) }));
        }
        all
    }

    /// How many alerts are looked at for the opening; an alert counts as often as it stands in a list.
    #[must_use]
    pub fn candidates(&self, arrival: &Arrival) -> u64 {
        self.shared.get().parts.iter().map(|part| part.kept.candidates(arrival)).sum()
    }

    /// How many alerts are in the index.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.count()
    }

    /// How many segments the index has.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.shared.get().parts.len()
    }

    /// Every member with an alert in the index, ascending.
    #[must_use]
    pub fn ids(&self) -> Vec<u32> {
        let view = self.shared.get();
        let mut all: Vec<u32> = Vec::new();
        for part in &view.parts {
            let alive = (0..).zip(part.kept.pids()).filter(|(doc, _)| part.is_alive(*doc));
            all.extend(alive.map(|(_, pid)| pid));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// True when any file holds the number, be it of a deleted document; for the proof of an erasure.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn holds(&self, pid: u32) -> Result<bool> {
        let in_columns = self.shared.get().parts.iter().any(|part| part.kept.members().contains(&pid));
        let mut in_terms = false;
        let text = pid.to_string();
        self.shared.each_term_of(column::PID, &mut |term| in_terms |= term == text)?;
        Ok(in_columns || in_terms)
    }

    /// Shows every term and every word of the files, decoded; for a search for values that must not be there.
    ///
    /// # Errors
    /// As `holds`.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        for part in &self.shared.get().parts {
            part.kept.stems().for_each(&mut *visit);
        }
        self.shared.each_term(visit)
    }
}
