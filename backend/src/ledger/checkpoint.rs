//! A checkpoint: the size and root of the ledger's tree at a moment, signed.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::merkle::{TreeHash, from_hex, to_hex};
use serde::{Deserialize, Serialize};
use store::ledger::tree::Head;

use crate::auth::{Jwk, SigningKey};

/// The first line of what is signed; no other signature of this server begins like it.
const PURPOSE: &str = "rosterline ledger checkpoint v1";

/// A signed root. Whoever holds one can tell whether a later tree still begins with the same leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Address of the instance.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Root, in hex.
    pub root: String,
    /// When it was signed, RFC 3339.
    pub at: String,
    /// Name of the key.
    pub kid: String,
    /// Ed25519 signature over `text`, base64url.
    pub signature: String,
}

impl Checkpoint {
    /// Signs a tree.
    #[must_use]
    pub fn sign(key: &SigningKey, origin: &str, head: &Head, now: DateTime<Utc>) -> Self {
        let mut checkpoint = Self {
            origin: origin.to_owned(),
            size: head.size,
            root: to_hex(&head.root),
            at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
            kid: key.public().kid.clone(),
            signature: String::new(),
        };
        checkpoint.signature = key.sign(checkpoint.text().as_bytes());
        checkpoint
    }

    /// What is signed: the purpose, origin, size, root and time, each followed by a line end.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PURPOSE}\n{}\n{}\n{}\n{}\n", self.origin, self.size, self.root, self.at)
    }

    /// True when it was signed with this key.
    #[must_use]
    pub fn is_signed_by(&self, key: &Jwk) -> bool {
        // A line end in a field would let one text be read as another checkpoint.
        let one_line = [&self.origin, &self.root, &self.at].iter().all(|field| !field.contains('\n'));
        self.kid == key.kid && one_line && key.verifies(self.text().as_bytes(), &self.signature)
    }

    /// The tree it speaks of; `None` when its root is not a hash.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        let root: Option<TreeHash> = from_hex(&self.root);
        root.map(|root| Head { size: self.size, root })
    }
}
