//! The openings index: the live openings anyone may read, for search and filters.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use domain::Kind;
use domain::place::Market;
use domain::specialty::Specialty;
use tantivy::{IndexWriter, Term};

use crate::engine::{Checkpoint, Engine};
use crate::error::Result;
use crate::openings_reader::OpeningsReader;
use crate::openings_schema::{Fields, layout};
use crate::rows::Columns;

/// What the index knows of an opening: only what the public may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningDoc {
    /// Its public id.
    pub id: String,
    /// One line.
    pub title: String,
    /// Paragraphs of plain text.
    pub description: String,
    /// Name of the company.
    pub company_name: String,
    /// Slug of the company.
    pub company_slug: String,
    /// Kind of work.
    pub kind: Kind,
    /// Any of these; empty means any specialty.
    pub specialties: Vec<Specialty>,
    /// Any of these places; the states are theirs.
    pub markets: Vec<Market>,
    /// Can be done from anywhere.
    pub remote: bool,
    /// Takes physicians on the way to a certification.
    pub takes_candidates: bool,
    /// The best figure in cents, where pay is stated as an amount; nothing for a share of a fee.
    pub pay_cents: Option<i64>,
    /// When it was first published.
    pub published_at: DateTime<Utc>,
    /// The last day it is open.
    pub closes_on: NaiveDate,
    /// Live by the one predicate; an opening that is not live is taken out.
    pub live: bool,
    /// When it stops being live by itself; from this moment on no search finds it.
    pub live_until: DateTime<Utc>,
    /// Keys for the search from a member to openings.
    pub keys: Vec<u64>,
    /// What that search looks at besides, in this order.
    pub rest: Vec<u64>,
}

/// A change to the openings index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpeningChange {
    /// The opening now reads like this; one that is not live goes out.
    Put(Box<OpeningDoc>),
    /// The opening is out.
    Delete {
        /// Its public id.
        id: String,
    },
}

/// The one writer of the openings index.
pub struct OpeningsIndex {
    engine: Engine<Columns>,
    fields: Fields,
}

impl OpeningsIndex {
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
    pub fn apply(&mut self, changes: &[OpeningChange], seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.write(seq, |writer| {
            for change in changes {
                let id = match change {
                    OpeningChange::Put(doc) => &doc.id,
                    OpeningChange::Delete { id } => id,
                };
                writer.delete_term(Term::from_field_text(fields.id, id));
                if let OpeningChange::Put(doc) = change {
                    add(writer, fields, doc)?;
                }
            }
            Ok(())
        })
    }

    /// Replaces the whole index by these openings, each named once, as the state at `seq`. It is built aside;
    /// readers see the old one until the new one is complete.
    ///
    /// # Errors
    /// `Io` or `Tantivy`: the old index stays in force.
    pub fn rebuild(&mut self, openings: impl IntoIterator<Item = OpeningDoc>, seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.rebuild(seq, |writer| {
            for opening in openings {
                add(writer, fields, &opening)?;
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
    pub fn reader(&self) -> OpeningsReader {
        OpeningsReader::new(self.engine.shared())
    }
}

fn add(writer: &IndexWriter, fields: Fields, opening: &OpeningDoc) -> tantivy::Result<()> {
    if !opening.live {
        return Ok(());
    }
    writer.add_document(fields.document(opening)).map(|_| ())
}
