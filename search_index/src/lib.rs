//! The search indexes: who might fit an opening, and which openings fit a search.
//!
//! This crate must never know: a database, contact, HTTP, templates, the environment or the clock. A member
//! is an internal number with eligibility keys and packed criteria here, a saved alert its member's number with
//! keys and the words it asks for, an opening what the public may read. The indexes are derived copies: the
//! caller's change log is the truth, every commit carries the sequence number it reaches to, and what is missing,
//! damaged or of another version is built anew from the log's owner. What an index answers is exactly what
//! `domain::eligibility::check` and `domain::alert::Wish::wants` say of the rows it was told of; before anything
//! leaves, the rows are read again.

mod alert_doc;
mod alert_segment;
mod alert_words;
mod alerts;
mod aliases;
mod arrival;
mod ask;
mod correct;
mod cursor;
mod cutter;
mod decoded;
mod distance;
mod engine;
mod error;
mod facets;
mod facts;
mod folder;
mod hits;
mod keys;
mod lists;
mod openings;
mod openings_query;
mod openings_reader;
mod openings_schema;
mod points;
mod postings;
mod profile_segment;
mod profiles;
mod proof;
mod rest;
mod reverse;
mod rows;
mod snippet;
mod suggest;
mod text;
mod top;
mod view;
mod wanted;
mod weights;

#[cfg(test)]
mod tests;

pub use alert_doc::AlertDoc;
pub use alerts::{AlertChange, AlertsIndex, AlertsReader, Firing};
pub use arrival::{Arrival, OpeningWords};
pub use ask::{Ask, List};
pub use engine::{Checkpoint, RebuildReason};
pub use error::{Result, SearchError};
pub use facets::{FacetCount, Facets, PayBand};
pub use facts::ProfileDoc;
pub use keys::profile_keys;
pub use openings::{OpeningChange, OpeningDoc, OpeningsIndex};
pub use openings_query::{OpeningPage, OpeningQuery, Sort};
pub use openings_reader::OpeningsReader;
pub use profiles::{ProfileChange, ProfilesIndex, ProfilesReader, Scored};
pub use reverse::Seek;
pub use snippet::{Fragment, snippet};
pub use suggest::{Suggestion, SuggestionKind};
