//! One file for each part of the benchmark.

pub mod compare;
#[cfg(feature = "product")]
pub mod db;
pub mod forward;
pub mod growth;
pub mod outcome;
pub mod percolate;
pub mod race;
pub mod reverse;
pub mod search;
pub mod segments;
pub mod updates;
