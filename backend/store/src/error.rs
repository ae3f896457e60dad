//! What can go wrong in the store.

/// A typed error; none carries a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row is not there, or not the caller's.
    #[error("not found")]
    NotFound,
    /// A unique key is taken.
    #[error("already there")]
    Taken,
    /// A stored word or document cannot be read: the database was changed by something else.
    #[error("a stored value of {0} cannot be read")]
    Corrupt(&'static str),
    /// The database is busy or out of reach; trying again may help.
    #[error("the database is busy or out of reach")]
    Busy,
    /// A contact could not be sealed or opened (wrong master key, or a changed row).
    #[error("a sealed contact cannot be opened with this master key")]
    Sealed,
    /// Any other database error. Its text may quote values, so it is kept for the operator's log at debug only.
    #[error("database error")]
    Database(#[source] diesel::result::Error),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        match &error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(Kind::UniqueViolation, _) => Self::Taken,
            // SQLite reports a busy database without a kind of its own.
            Error::DatabaseError(_, info) if info.message().contains("database is locked") => Self::Busy,
            Error::DatabaseError(Kind::SerializationFailure | Kind::ClosedConnection, _) => Self::Busy,
            // 40P01 has no kind of its own either. A server that words its errors in another language than English
            // gives an error where this one is merely busy.
            Error::DatabaseError(Kind::Unknown, info) if info.message() == "deadlock detected" => Self::Busy,
            _ => Self::Database(error),
        }
    }
}

impl crate::MayBeBusy for StoreError {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

impl From<diesel::r2d2::PoolError> for StoreError {
    fn from(_: diesel::r2d2::PoolError) -> Self {
        Self::Busy
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(_: diesel::ConnectionError) -> Self {
        Self::Busy
    }
}

/// Reads a stored word or id.
pub(crate) fn read<T>(value: Option<T>, what: &'static str) -> Result<T, StoreError> {
    value.ok_or(StoreError::Corrupt(what))
}
