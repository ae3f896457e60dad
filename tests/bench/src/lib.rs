//! The benchmark of matching and the test of what a killed process leaves behind.
//!
//! Everything is made from one seed: the same members, openings and order of questions on every machine. No
//! figure is printed before every engine has given the same answer to every question.

pub mod community;
pub mod crash;
pub mod engines;
pub mod generate;
#[cfg(feature = "product")]
pub mod mail;
pub mod measure;
pub mod notices;
pub mod options;
pub mod pack;
pub mod report;
pub mod sections;
pub mod workload;
