//! Reading the whole ledger for a comparison of entries, leaves and tree.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::merkle::TreeHash;

use super::commitment::{ErasureCommitted, VERSION, moment};
use super::{Placed, Row, tree};
use crate::error::read;
use crate::schema::{ledger as l, ledger_erasures as x};
use crate::time::{Time, utc};
use crate::{Conn, StoreError};

/// A place of the tree that an entry claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The place.
    pub position: u64,
    /// The entry; `None` when it cannot be read, since something else than this server wrote it.
    pub entry: Option<Placed>,
}

/// Entries by place, from a place on.
///
/// # Errors
/// Database errors only.
pub fn leaves(conn: &mut Conn, from: u64, most: i64) -> Result<Vec<Leaf>, StoreError> {
    let rows: Vec<Row> = l::table
        .filter(l::position.ge(tree::column(from)?))
        .order(l::position)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| Ok(Leaf { position: tree::place(row.position)?, entry: row.placed().ok() })).collect()
}

/// The leaf that says which leaves have no entry any more, since their member left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its own place.
    pub leaf: u64,
    /// Its salt.
    pub salt: TreeHash,
    /// The places of the erased entries.
    pub erased: Vec<u64>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Erasure {
    /// The hash its leaf must have.
    ///
    /// # Errors
    /// Never: see `Committed::leaf_hash`.
    pub fn leaf_hash(&self) -> Result<TreeHash, StoreError> {
        let at = moment(self.at);
        ErasureCommitted { at, erased: &self.erased, kind: "erasure", leaf: self.leaf, v: VERSION }
            .leaf_hash(&self.salt)
    }

    pub(super) fn leaves_column(&self) -> String {
        self.erased.iter().map(u64::to_string).collect::<Vec<_>>().join("|")
    }
}

/// Every erasure, by place.
///
/// # Errors
/// `Corrupt` when one cannot be read.
pub fn erasures(conn: &mut Conn) -> Result<Vec<Erasure>, StoreError> {
    let rows: Vec<(i64, Vec<u8>, String, Time)> =
        x::table.order(x::position).select((x::position, x::salt, x::leaves, x::at)).load(conn)?;
    rows.into_iter()
        .map(|(position, salt, leaves, at)| {
            let erased: Option<Vec<u64>> = leaves.split('|').map(|place| place.parse().ok()).collect();
            Ok(Erasure {
                leaf: tree::place(position)?,
                salt: tree::digest(salt)?,
                erased: read(erased, "ledger erasure")?,
                at: utc(at),
            })
        })
        .collect()
}
