//! The record a member takes along: every entry with what proves it, in one file.

use domain::merkle::{TreeHash, to_hex};
use serde::{Deserialize, Serialize};
use store::ledger::{Committed, Placed};

use super::Checkpoint;
use crate::auth::Jwk;
use crate::error::AppError;

/// Name and version of the file's format.
pub const FORMAT: &str = "rosterline-ledger/1";

/// The file. Every byte of it is covered: by the signature, by a hash that leads to it, or by the rule that the file
/// reads as this server writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerFile {
    /// `FORMAT`.
    pub format: String,
    /// The signed root the entries are proven against.
    pub checkpoint: Checkpoint,
    /// The key that signed it.
    pub key: Jwk,
    /// The member's entries, oldest first.
    pub entries: Vec<ProvenEntry>,
    /// Proofs that the tree goes on from older ones.
    pub consistency: Vec<OlderTree>,
}

/// An entry with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenEntry {
    /// What the leaf commits to.
    pub entry: Committed,
    /// Salt of the leaf, in hex.
    pub salt: String,
    /// Hash of the leaf, in hex.
    pub leaf_hash: String,
    /// Audit path from the leaf to the root, in hex.
    pub path: Vec<String>,
}

impl ProvenEntry {
    /// From a row and its audit path.
    ///
    /// # Errors
    /// Never: see `Committed::leaf_hash`.
    pub fn new(placed: &Placed, path: &[TreeHash]) -> Result<Self, AppError> {
        Ok(Self {
            entry: placed.committed(),
            salt: to_hex(&placed.salt),
            leaf_hash: to_hex(&placed.leaf_hash()?),
            path: path.iter().map(to_hex).collect(),
        })
    }
}

/// An older size of the tree, and the proof that the present one goes on from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OlderTree {
    /// Leaves it had.
    pub size: u64,
    /// Root it had, in hex.
    pub root: String,
    /// Consistency proof, in hex.
    pub path: Vec<String>,
}

impl OlderTree {
    /// From a size, its root and the proof.
    #[must_use]
    pub fn new(size: u64, root: &TreeHash, path: &[TreeHash]) -> Self {
        Self { size, root: to_hex(root), path: path.iter().map(to_hex).collect() }
    }
}

impl LedgerFile {
    /// The one spelling of the file: indented JSON and a line end.
    ///
    /// # Errors
    /// Never: strings and numbers always have a JSON text.
    pub fn text(&self) -> Result<String, AppError> {
        Ok(serde_json::to_string_pretty(self).map_err(AppError::internal)? + "\n")
    }
}
