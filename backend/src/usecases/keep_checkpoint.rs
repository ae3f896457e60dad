//! The ledger's tree is signed and the signature kept outside the database, and the tree compared with what was kept.

use crate::app::{App, blocking};
use crate::error::AppError;

/// Signs the tree when it grew since the last checkpoint.
///
/// # Errors
/// Database errors; when the file of checkpoints cannot be written.
pub async fn keep_checkpoint(app: &App) -> Result<(), AppError> {
    let node = app.clone();
    blocking(move || node.db.read(|conn| node.ledger.keep(conn, node.now()).map(drop))).await
}

/// Compares the tree with every checkpoint kept; what does not fit is logged and shown to admins.
///
/// # Errors
/// Database errors; when the file of checkpoints cannot be read.
pub async fn compare_checkpoints(app: &App) -> Result<(), AppError> {
    let node = app.clone();
    blocking(move || node.db.read(|conn| node.ledger.compare(conn).map(drop))).await
}
