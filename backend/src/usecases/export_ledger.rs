//! A member takes the record along, with everything that proves it.

use store::ledger::tree;
use store::members::Member;
use store::{Conn, StoreError};

use crate::app::App;
use crate::error::AppError;
use crate::ledger::{Keeping, LedgerFile, OlderTree, ProvenEntry};

/// Every entry of a member with its proof against a checkpoint over the whole tree, which is signed and kept for it
/// when there is none yet; and proofs that the tree goes on from the newest kept checkpoints and from the sizes asked
/// for.
///
/// A tree that is not the one that was signed is never signed: the file holds the last checkpoint then, and whoever
/// checks it sees that the entries do not lead there.
///
/// # Errors
/// `Corrupt` when an entry cannot be read.
pub fn export_ledger(conn: &mut Conn, app: &App, member: &Member, since: &[u64]) -> Result<LedgerFile, AppError> {
    // Read before the checkpoint is made, so that it covers all of them.
    let placed = store::ledger::placed_of_member(conn, &member.id)?;
    let checkpoint = match app.ledger.keep(conn, app.now())? {
        Keeping::Agrees(checkpoint) | Keeping::Disagrees(checkpoint) => checkpoint,
    };
    let leaves: Vec<u64> = placed.iter().map(|placed| placed.leaf).collect();
    let paths = match tree::inclusion(conn, &leaves, checkpoint.size) {
        Err(StoreError::Corrupt(_)) => vec![Vec::new(); leaves.len()],
        paths => paths?,
    };
    let entries = placed.iter().zip(&paths).map(|(placed, path)| ProvenEntry::new(placed, path));
    let entries: Vec<ProvenEntry> = entries.collect::<Result<_, _>>()?;
    let mut sizes: Vec<u64> = app.ledger.newest().iter().map(|kept| kept.size).chain(since.iter().copied()).collect();
    sizes.retain(|size| *size < checkpoint.size);
    sizes.sort_unstable();
    sizes.dedup();
    let consistency = older_trees(conn, &sizes, checkpoint.size)?;
    let (format, key) = (crate::ledger::FORMAT.to_owned(), app.ledger.public_key().clone());
    Ok(LedgerFile { format, checkpoint, key, entries, consistency })
}

/// Proofs that the tree of a size goes on from smaller ones; what the tree cannot prove is left out.
///
/// # Errors
/// Database errors only.
pub fn older_trees(conn: &mut Conn, sizes: &[u64], size: u64) -> Result<Vec<OlderTree>, AppError> {
    let proven = tree::consistency(conn, sizes, size).and_then(|paths| Ok((paths, tree::roots(conn, sizes)?)));
    let (paths, roots) = match proven {
        Err(StoreError::Corrupt(_)) => return Ok(Vec::new()),
        proven => proven?,
    };
    let all = sizes.iter().zip(&roots).zip(&paths);
    Ok(all.map(|((size, root), path)| OlderTree::new(*size, root, path)).collect())
}
