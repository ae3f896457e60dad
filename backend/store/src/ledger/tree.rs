//! The nodes of the ledger's tree, one for each complete subtree: written once with the leaf that completes them, read
//! for roots and proofs. Since nothing of a tree of some size ever changes, reads need no transaction once they have
//! the size.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use domain::merkle::{self, NodeId, TreeHash};

use crate::error::read;
use crate::schema::ledger_nodes as n;
use crate::{Conn, StoreError};

/// How many nodes one query asks for.
const AT_ONCE: usize = 500;

/// A tree by its size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Leaves.
    pub size: u64,
    /// Root.
    pub root: TreeHash,
}

/// How many leaves the tree has.
///
/// # Errors
/// Database errors only.
pub fn size(conn: &mut Conn) -> Result<u64, StoreError> {
    let last: Option<i64> = n::table.filter(n::level.eq(0)).select(diesel::dsl::max(n::position)).first(conn)?;
    last.map_or(Ok(0), |last| Ok(place(last)? + 1))
}

/// The tree as it stands.
///
/// # Errors
/// `Corrupt` when a node is missing.
pub fn head(conn: &mut Conn) -> Result<Head, StoreError> {
    let size = size(conn)?;
    Ok(Head { size, root: root(conn, size)? })
}

/// The root the tree had when it had this many leaves.
///
/// # Errors
/// `Corrupt` when a node is missing, for example since the tree has fewer leaves.
pub fn root(conn: &mut Conn, size: u64) -> Result<TreeHash, StoreError> {
    read(roots(conn, &[size])?.pop(), "ledger tree")
}

/// The roots the tree had at these sizes, in the order asked.
///
/// # Errors
/// As `root`.
pub fn roots(conn: &mut Conn, sizes: &[u64]) -> Result<Vec<TreeHash>, StoreError> {
    let plan: Vec<Vec<NodeId>> = sizes.iter().map(|size| merkle::root_nodes(*size)).collect();
    read(prove(conn, &[plan])?.pop(), "ledger tree")
}

/// The audit paths of leaves in the tree of this size, in the order asked.
///
/// # Errors
/// `Corrupt` when a leaf or node is missing.
pub fn inclusion(conn: &mut Conn, leaves: &[u64], size: u64) -> Result<Vec<Vec<TreeHash>>, StoreError> {
    let plans: Option<Vec<_>> = leaves.iter().map(|leaf| merkle::inclusion_nodes(*leaf, size)).collect();
    prove(conn, &read(plans, "ledger tree")?)
}

/// The consistency proofs from older sizes to this one, in the order asked.
///
/// # Errors
/// `Corrupt` when an older size is larger, or a node is missing.
pub fn consistency(conn: &mut Conn, older: &[u64], size: u64) -> Result<Vec<Vec<TreeHash>>, StoreError> {
    let plans: Option<Vec<_>> = older.iter().map(|old| merkle::consistency_nodes(*old, size)).collect();
    prove(conn, &read(plans, "ledger tree")?)
}

/// The nodes of one level from a position on, by position.
///
/// # Errors
/// `Corrupt` when a position or hash cannot be read.
pub fn level(conn: &mut Conn, level: u8, from: u64, most: i64) -> Result<Vec<(u64, TreeHash)>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = n::table
        .filter(n::level.eq(i16::from(level)).and(n::position.ge(column(from)?)))
        .order(n::position)
        .limit(most)
        .select((n::position, n::hash))
        .load(conn)?;
    rows.into_iter().map(|(position, hash)| Ok((place(position)?, digest(hash)?))).collect()
}

/// How many nodes there are.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn) -> Result<u64, StoreError> {
    place(n::table.count().get_result(conn)?)
}

/// Nodes by their places; those that are not there are left out.
///
/// # Errors
/// `Corrupt` when a hash cannot be read.
pub fn nodes(conn: &mut Conn, wanted: BTreeSet<NodeId>) -> Result<HashMap<NodeId, TreeHash>, StoreError> {
    let mut levels: BTreeMap<u8, Vec<i64>> = BTreeMap::new();
    for id in wanted {
        levels.entry(id.level).or_default().push(column(id.position)?);
    }
    let mut found = HashMap::new();
    for (level, positions) in levels {
        for part in positions.chunks(AT_ONCE) {
            let rows: Vec<(i64, Vec<u8>)> = n::table
                .filter(n::level.eq(i16::from(level)).and(n::position.eq_any(part)))
                .select((n::position, n::hash))
                .load(conn)?;
            for (position, hash) in rows {
                found.insert(NodeId { level, position: place(position)? }, digest(hash)?);
            }
        }
    }
    Ok(found)
}

/// Appends a leaf at the end and the nodes it completes. The caller stands in line for the order of commits.
pub(super) fn push(conn: &mut Conn, position: u64, leaf: TreeHash) -> Result<(), StoreError> {
    let siblings = merkle::left_siblings(position);
    let found = nodes(conn, siblings.iter().copied().collect())?;
    let left: Option<Vec<TreeHash>> = siblings.iter().map(|id| found.get(id).copied()).collect();
    keep(conn, &merkle::completed(position, leaf, &read(left, "ledger tree")?))
}

/// Writes nodes.
pub(super) fn keep(conn: &mut Conn, nodes: &[(NodeId, TreeHash)]) -> Result<(), StoreError> {
    for (id, hash) in nodes {
        diesel::insert_into(n::table)
            .values((n::level.eq(i16::from(id.level)), n::position.eq(column(id.position)?), n::hash.eq(hash.to_vec())))
            .execute(conn)?;
    }
    Ok(())
}

/// A position as its column holds it.
pub(super) fn column(position: u64) -> Result<i64, StoreError> {
    read(i64::try_from(position).ok(), "ledger position")
}

/// A position from its column.
pub(super) fn place(position: i64) -> Result<u64, StoreError> {
    read(u64::try_from(position).ok(), "ledger position")
}

/// A hash or salt from its column.
pub(super) fn digest(bytes: Vec<u8>) -> Result<TreeHash, StoreError> {
    read(bytes.try_into().ok(), "ledger hash")
}

/// Joins the complete subtrees of each step of each proof, after reading every one of them once.
fn prove(conn: &mut Conn, plans: &[Vec<Vec<NodeId>>]) -> Result<Vec<Vec<TreeHash>>, StoreError> {
    let wanted: BTreeSet<NodeId> = plans.iter().flatten().flatten().copied().collect();
    let found = nodes(conn, wanted)?;
    let step = |pieces: &Vec<NodeId>| {
        let hashes: Option<Vec<TreeHash>> = pieces.iter().map(|id| found.get(id).copied()).collect();
        Ok(merkle::join(&read(hashes, "ledger tree")?))
    };
    plans.iter().map(|plan| plan.iter().map(step).collect()).collect()
}
