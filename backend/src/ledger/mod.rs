//! What this server says of its ledger to the outside: signed checkpoints and their file, the record a member takes
//! along, receipts, and how each is checked without this server. The formats stand in `docs/LEDGER.md`.

mod checkpoint;
mod compare;
mod file;
mod kept;
mod receipt;
mod verify;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use store::ledger::tree;
use store::{Conn, StoreError, Vault};

use crate::auth::{Jwk, SigningKey};
use crate::error::AppError;

pub use checkpoint::Checkpoint;
pub use file::{FORMAT, LedgerFile, OlderTree, ProvenEntry};
pub use receipt::{Company, LedgerPlace, Receipt, ReceiptKey, read_receipt};
pub use verify::{Verdict, verify_file};

use kept::Kept;

/// The signing keys and the kept checkpoints.
pub struct Ledger {
    key: SigningKey,
    /// Signs receipts.
    pub receipts: ReceiptKey,
    origin: String,
    kept: Mutex<Kept>,
    faults: Mutex<Vec<String>>,
}

/// What keeping a checkpoint came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// The tree goes on from the last one; this is the newest, over all of it.
    Agrees(Checkpoint),
    /// The tree is not the one that was signed: nothing is signed, and this is the last that was.
    Disagrees(Checkpoint),
}

impl Ledger {
    /// Opens the file of checkpoints in the data folder.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn open(data_dir: &Path, vault: &Vault, origin: &str) -> Result<Self, AppError> {
        let key = SigningKey::new(vault.checkpoint_seed(), "ledger-1")?;
        let kept = Kept::open(&data_dir.join("ledger"), key.public())
            .map_err(|e| AppError::internal(format!("the checkpoints of the ledger cannot be used: {e}")))?;
        Ok(Self {
            receipts: ReceiptKey::new(vault.receipt_seed())?,
            origin: origin.to_owned(),
            kept: Mutex::new(kept),
            faults: Mutex::new(Vec::new()),
            key,
        })
    }

    /// The key that checkpoints are checked with.
    #[must_use]
    pub const fn public_key(&self) -> &Jwk {
        self.key.public()
    }

    /// The newest checkpoint that is kept.
    #[must_use]
    pub fn last(&self) -> Option<Checkpoint> {
        self.lock().last().cloned()
    }

    /// The newest checkpoints that are kept, oldest first.
    #[must_use]
    pub fn newest(&self) -> Vec<Checkpoint> {
        self.lock().newest()
    }

    /// Signs the tree as it stands and keeps the checkpoint when it grew since the last one. Never signs a tree that
    /// does not begin with what was signed before.
    ///
    /// # Errors
    /// Database errors; when the file cannot be written.
    pub fn keep(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<Keeping, AppError> {
        // Held all the while, so that checkpoints stand in the file in the order of their sizes.
        let mut kept = self.lock();
        if let Some(last) = kept.last() {
            if !self.agrees(conn, last)? {
                self.blame(vec![compare::disagreement(last)]);
                return Ok(Keeping::Disagrees(last.clone()));
            }
            if tree::size(conn)? == last.size {
                return Ok(Keeping::Agrees(last.clone()));
            }
        }
        let head = match (tree::head(conn), kept.last()) {
            (Err(StoreError::Corrupt(_)), Some(last)) => {
                self.blame(vec![format!("nodes of the ledger's tree are missing above its {} leaves", last.size)]);
                return Ok(Keeping::Disagrees(last.clone()));
            }
            (head, _) => head?,
        };
        let checkpoint = Checkpoint::sign(&self.key, &self.origin, &head, now);
        kept.add(&checkpoint).map_err(|e| AppError::internal(format!("a checkpoint cannot be kept: {e}")))?;
        Ok(Keeping::Agrees(checkpoint))
    }

    /// True when the tree begins with what was signed.
    ///
    /// # Errors
    /// Database errors only.
    pub fn agrees(&self, conn: &mut Conn, checkpoint: &Checkpoint) -> Result<bool, AppError> {
        match tree::root(conn, checkpoint.size) {
            Ok(root) => Ok(checkpoint.head().is_some_and(|head| head.root == root)),
            // Nodes are missing: the tree is shorter, or was damaged.
            Err(StoreError::Corrupt(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Compares the tree with every checkpoint kept, reading every leaf once, and remembers what does not fit for
    /// admins to see.
    ///
    /// # Errors
    /// Database errors; when the file cannot be read.
    pub fn compare(&self, conn: &mut Conn) -> Result<Vec<String>, AppError> {
        let path = self.lock().path().to_path_buf();
        let lines = kept::read_all(&path, self.key.public())
            .map_err(|e| AppError::internal(format!("the checkpoints of the ledger cannot be read: {e}")))?;
        let faults = compare::compare(conn, lines)?;
        self.blame(faults.clone());
        Ok(faults)
    }

    /// What is known not to fit, as sentences for admins.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn blame(&self, faults: Vec<String>) {
        let mut known = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        for fault in faults {
            if !known.contains(&fault) {
                tracing::error!(fault, "the ledger is not what was signed");
                known.push(fault);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
