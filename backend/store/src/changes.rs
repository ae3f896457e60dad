//! The change log the search indexes tail, written in the transaction of the change.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use domain::{MemberId, OpeningId};

use crate::error::read;
use crate::schema::change_log as c;
use crate::time::at;
use crate::{Conn, StoreError};

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// A member's profile, standing or permissions.
    Member(MemberId),
    /// A member left; the internal number is all that is left to name them.
    MemberGone(i64),
    /// An opening's terms, status or confirmation.
    Opening(OpeningId),
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the log.
    pub seq: i64,
    /// What.
    pub what: Changed,
}

/// Appends an entry.
///
/// # Errors
/// Database errors only.
pub fn append(conn: &mut Conn, what: &Changed, now: DateTime<Utc>) -> Result<(), StoreError> {
    stand_in_line(conn)?;
    let (entity, id) = match what {
        Changed::Member(id) => ("member", id.to_string()),
        Changed::MemberGone(number) => ("member_gone", number.to_string()),
        Changed::Opening(id) => ("opening", id.to_string()),
    };
    diesel::insert_into(c::table)
        .values((c::entity.eq(entity), c::entity_id.eq(id), c::at.eq(at(now))))
        .execute(conn)?;
    Ok(())
}

/// Lets one transaction at a time write what is numbered in the order of commits: this log, and the ledger. Numbers are
/// given before the commit: without this lock a lower number could appear after a reader has passed it. Held to the end
/// of the transaction; SQLite has one writer anyway. One lock for both, since two could be taken in either order.
///
/// # Errors
/// Database errors only.
pub(crate) fn stand_in_line(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute("SELECT pg_advisory_xact_lock(726574)")?;
    }
    Ok(())
}

/// Entries after a place in the log, oldest first.
///
/// # Errors
/// Database errors only.
pub fn after(conn: &mut Conn, seq: i64, most: i64) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<(i64, String, String)> = c::table
        .filter(c::seq.gt(seq))
        .order(c::seq)
        .limit(most)
        .select((c::seq, c::entity, c::entity_id))
        .load(conn)?;
    rows.into_iter()
        .map(|(seq, entity, id)| {
            let what = match entity.as_str() {
                "member" => MemberId::parse(&id).map(Changed::Member),
                "member_gone" => id.parse().ok().map(Changed::MemberGone),
                "opening" => OpeningId::parse(&id).map(Changed::Opening),
                _ => None,
            };
            Ok(Change { seq, what: read(what, "change log entry")? })
        })
        .collect()
}

/// The numbers of members who left after a place in the log.
///
/// # Errors
/// Database errors only.
pub fn members_gone(conn: &mut Conn, seq: i64) -> Result<Vec<i64>, StoreError> {
    let numbers: Vec<String> =
        c::table.filter(c::seq.gt(seq).and(c::entity.eq("member_gone"))).select(c::entity_id).load(conn)?;
    numbers.iter().map(|number| read(number.parse().ok(), "change log entry")).collect()
}

/// The last place in the log; 0 when it is empty.
///
/// # Errors
/// Database errors only.
pub fn last(conn: &mut Conn) -> Result<i64, StoreError> {
    let last: Option<i64> = c::table.select(diesel::dsl::max(c::seq)).first(conn)?;
    Ok(last.unwrap_or(0))
}
