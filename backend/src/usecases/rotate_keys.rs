//! The master key gets a new version, and the own key of everything sealed, contacts, second factors and texts, is wrapped
//! with it. What is sealed stays as it is, requests go on meanwhile, and what a stop cuts off goes on with the next rotation.

use std::collections::BTreeSet;

use domain::AccountId;
use store::{Conn, Db, KeyFileError, RotationLock, StoreError, Vault, contacts, second_factors, texts};

use crate::error::AppError;

/// What is wrapped anew, one sort after the other.
#[derive(Clone, Copy)]
enum Sort {
    Contacts,
    SecondFactors,
    Texts,
}

/// A rotation at work. Dropping it stops it; what is of either version opens then.
pub struct Rotation<'g> {
    db: &'g Db,
    vault: &'g Vault,
    _lock: RotationLock,
    sort: Sort,
    after: String,
    done_in_pass: usize,
    version: i32,
    done: usize,
    damaged: BTreeSet<AccountId>,
}

impl<'g> Rotation<'g> {
    /// Adds a version to the key file; or takes up what an earlier rotation left, when something of older versions than
    /// the newest is there.
    ///
    /// # Errors
    /// When another rotation runs, the key file cannot be written, or it lacks a version this database has seen.
    pub fn begin(db: &'g Db, vault: &'g Vault) -> Result<Self, AppError> {
        let lock = vault.lock().map_err(AppError::internal)?;
        let (left, seen) =
            db.read::<_, StoreError>(|conn| Ok((left_to_wrap(conn, vault)?, contacts::newest_seen(conn)?)))?;
        if seen > vault.newest()? {
            return Err(AppError::internal(KeyFileError::Foreign));
        }
        if left == 0 {
            vault.add_version(&lock).map_err(AppError::internal)?;
            // Another machine may have added the same version to a key file of its own.
            if !db.write(|conn| contacts::bind(conn, vault))? {
                return Err(AppError::internal(KeyFileError::Foreign));
            }
        }
        let version = vault.newest()?;
        let (after, damaged) = (String::new(), BTreeSet::new());
        Ok(Self { db, vault, _lock: lock, sort: Sort::Contacts, after, done_in_pass: 0, version, done: 0, damaged })
    }

    /// Wraps at most so many keys in one transaction; `false` when nothing is left to do.
    ///
    /// # Errors
    /// Database errors only.
    pub fn step(&mut self, most: i64) -> Result<bool, AppError> {
        let step = self.db.write(|conn| match self.sort {
            Sort::Contacts => contacts::rewrap(conn, self.vault, &self.after, most),
            Sort::SecondFactors => second_factors::rewrap(conn, self.vault, &self.after, most),
            Sort::Texts => texts::rewrap(conn, self.vault, &self.after, most),
        })?;
        self.done += step.done;
        self.done_in_pass += step.done;
        self.damaged.extend(step.damaged);
        if let Some(next) = step.next {
            self.after = next;
            return Ok(true);
        }
        self.after = String::new();
        let next = match self.sort {
            Sort::Contacts => Some(Sort::SecondFactors),
            Sort::SecondFactors => Some(Sort::Texts),
            Sort::Texts => None,
        };
        if let Some(next) = next {
            self.sort = next;
            return Ok(true);
        }
        // Another pass, for what was sealed with the old version behind this one's back.
        self.sort = Sort::Contacts;
        Ok(std::mem::take(&mut self.done_in_pass) > 0)
    }

    /// The version that seals now.
    #[must_use]
    pub const fn version(&self) -> i32 {
        self.version
    }

    /// How many keys were wrapped so far.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// Whose keys do not open.
    #[must_use]
    pub const fn damaged(&self) -> &BTreeSet<AccountId> {
        &self.damaged
    }
}

/// How many keys are wrapped with older versions than the newest.
///
/// # Errors
/// Database errors only.
pub fn left_to_wrap(conn: &mut Conn, vault: &Vault) -> Result<i64, StoreError> {
    Ok(contacts::count(conn, vault)?.1 + second_factors::count(conn, vault)?.1 + texts::count(conn, vault)?.1)
}
