//! The search indexes: who might fit an opening, and which openings fit a search.
//!
//! This crate must never know: a database, contact, HTTP, templates, the environment or the clock. A member
//! is an internal number with eligibility keys here, nothing else; an opening is what the public may read.
//! The indexes are derived copies: the caller's change log is the truth, every commit carries the sequence
//! number it reaches to, and what is missing, damaged or of another version is built anew from the log's
//! owner. A candidate the index proposes is only a candidate: `domain::eligibility::check` decides.

mod cursor;
mod engine;
mod error;
mod facets;
mod folder;
mod keys;
mod lists;
mod openings;
mod openings_query;
mod openings_schema;
mod profiles;
mod rows;
mod text;
mod view;

#[cfg(test)]
mod tests;

pub use engine::{Checkpoint, RebuildReason};
pub use error::{Result, SearchError};
pub use facets::{FacetCount, Facets, PayBand};
pub use keys::{opening_keys, profile_keys};
pub use openings::{OpeningChange, OpeningDoc, OpeningsIndex};
pub use openings_query::{OpeningPage, OpeningQuery, OpeningsReader, Sort};
pub use profiles::{ProfileChange, ProfilesIndex, ProfilesReader};
