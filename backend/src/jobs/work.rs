//! A claimed job in hand.

use chrono::{DateTime, Utc};
use store::Conn;

use crate::error::AppError;

/// Whose job it is, while it is being done.
#[derive(Debug, Clone)]
pub struct Work {
    id: i64,
    owner: String,
}

impl Work {
    pub(super) fn new(id: i64, owner: &str) -> Self {
        Self { id, owner: owner.to_owned() }
    }

    /// Holds the claim for another while; to be called in every transaction of a long job, so that two workers never
    /// do the same part at once.
    ///
    /// # Errors
    /// `Busy` when the claim ran out and another worker has the job.
    pub fn still_mine(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<(), AppError> {
        if store::jobs::renew(conn, self.id, &self.owner, now)? { Ok(()) } else { Err(AppError::Busy) }
    }

    pub(super) fn done(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<(), AppError> {
        Ok(store::jobs::done(conn, self.id, now)?)
    }
}
