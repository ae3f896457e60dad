//! The tree against the checkpoints that were kept of it.

use domain::merkle::Growing;
use store::Conn;
use store::ledger::tree;

use super::Checkpoint;
use crate::error::AppError;

/// How many leaves are read at once.
const PAGE: i64 = 5_000;
/// How many sentences are enough to see what happened.
const AT_MOST: usize = 20;

/// The sentence for a checkpoint that the tree does not begin with.
pub(super) fn disagreement(checkpoint: &Checkpoint) -> String {
    format!(
        "the ledger does not begin with the {} leaves that were signed at {}: entries were changed or taken out",
        checkpoint.size, checkpoint.at
    )
}

/// Builds the tree from its leaves and compares its root at the size of every checkpoint. Takes the lines of the file
/// with their numbers.
pub(super) fn compare(conn: &mut Conn, lines: Vec<(usize, Option<Checkpoint>)>) -> Result<Vec<String>, AppError> {
    let mut faults = Vec::new();
    let mut checkpoints = Vec::new();
    for (number, checkpoint) in lines {
        match checkpoint {
            Some(checkpoint) => checkpoints.push(checkpoint),
            None => faults.push(format!("line {number} of the kept checkpoints was not signed by this server")),
        }
    }
    checkpoints.sort_by_key(|checkpoint| checkpoint.size);
    let mut growing = Growing::default();
    let mut due = checkpoints.into_iter().peekable();
    let mut leaves = Vec::new().into_iter();
    loop {
        while let Some(checkpoint) = due.next_if(|checkpoint| checkpoint.size == growing.size()) {
            if checkpoint.head().is_none_or(|head| head.root != growing.root()) {
                faults.push(disagreement(&checkpoint));
            }
        }
        if due.peek().is_none() {
            break;
        }
        let mut next = leaves.next();
        if next.is_none() {
            leaves = tree::level(conn, 0, growing.size(), PAGE)?.into_iter();
            next = leaves.next();
        }
        match next {
            Some((position, leaf)) if position == growing.size() => drop(growing.push(leaf)),
            // The rest of the tree is missing, or a leaf in between.
            _ => break,
        }
    }
    faults.extend(due.map(|checkpoint| disagreement(&checkpoint)));
    if faults.len() > AT_MOST {
        let more = faults.len() - AT_MOST;
        faults.truncate(AT_MOST);
        faults.push(format!("and {more} more checkpoints that do not fit"));
    }
    Ok(faults)
}
