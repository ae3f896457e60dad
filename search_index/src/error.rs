//! What can go wrong with an index, and what the caller does about it.

use std::io;

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

/// Result of this crate.
pub type Result<T> = std::result::Result<T, SearchError>;

/// An index fault. None of the texts holds personal data: an index has none.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The file system refused.
    #[error("the index folder cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// Any other fault of the index library.
    #[error("the index failed: {0}")]
    Tantivy(#[source] Box<TantivyError>),
    /// The files are damaged, missing or of another version: rebuild.
    #[error("the index is damaged and must be rebuilt: {0}")]
    Damaged(String),
    /// The writer failed and is gone; nothing since the last commit was kept. Call `reopen`, then replay the
    /// changes after its checkpoint.
    #[error("the index writer failed; reopen the index and replay from its checkpoint: {0}")]
    Reopen(String),
    /// Another process, or another handle of this one, holds the index.
    #[error("the index is in use by another process; stop the server that runs on this data folder first")]
    Locked,
    /// The cursor was not made by this search, or is damaged.
    #[error("the cursor is not valid for this search")]
    BadCursor,
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            e if is_damage(&e) => Self::Damaged(e.to_string()),
            TantivyError::IoError(e) => Self::Io(io::Error::new(e.kind(), e)),
            e => Self::Tantivy(Box::new(e)),
        }
    }
}

/// True for faults of the files themselves, which only a rebuild cures.
fn is_damage(error: &TantivyError) -> bool {
    match error {
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_)) => true,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => is_damaged_file(io_error),
        TantivyError::IoError(e) => is_damaged_file(e),
        _ => false,
    }
}

fn is_damaged_file(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::NotFound)
}
