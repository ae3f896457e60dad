//! One file for each part of the benchmark.

pub mod compare;
pub mod forward;
pub mod growth;
pub mod outcome;
pub mod race;
pub mod segments;
pub mod updates;
