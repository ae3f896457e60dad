//! Who was erased, until the traces in the database's own log are gone and the journal outside has them.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use domain::{AccountId, MemberId};

use crate::error::read;
use crate::schema::erasures as e;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A member who left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The account that was.
    pub account: AccountId,
    /// The member that was.
    pub member: MemberId,
    /// When they left.
    pub at: DateTime<Utc>,
}

/// Notes an erasure, in its transaction. One that is noted already stays as it is.
///
/// # Errors
/// Database errors only.
pub fn record(conn: &mut Conn, erased: &Erased) -> Result<(), StoreError> {
    let there: i64 = e::table.filter(e::account_id.eq(erased.account.as_str())).count().get_result(conn)?;
    if there == 0 {
        diesel::insert_into(e::table)
            .values((
                e::account_id.eq(erased.account.as_str()),
                e::member_id.eq(erased.member.as_str()),
                e::at.eq(at(erased.at)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// All of them, oldest first.
///
/// # Errors
/// Database errors only.
pub fn all(conn: &mut Conn) -> Result<Vec<Erased>, StoreError> {
    let rows: Vec<(String, String, Time)> =
        e::table.order((e::at, e::account_id)).select((e::account_id, e::member_id, e::at)).load(conn)?;
    rows.into_iter()
        .map(|(account, member, at)| {
            let account = read(AccountId::parse(&account), "account id")?;
            Ok(Erased { account, member: read(MemberId::parse(&member), "member id")?, at: utc(at) })
        })
        .collect()
}

/// True when the traces of an erasure may still be in the database's own log.
///
/// # Errors
/// Database errors only.
pub fn any_unwiped(conn: &mut Conn) -> Result<bool, StoreError> {
    let count: i64 = e::table.filter(e::wiped_at.is_null()).count().get_result(conn)?;
    Ok(count > 0)
}

/// Notes that the traces of everyone who left until a moment are gone.
///
/// # Errors
/// Database errors only.
pub fn mark_wiped(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(e::table.filter(e::wiped_at.is_null().and(e::at.le(at(now)))))
        .set(e::wiped_at.eq(Some(at(now))))
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Checkpointed {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Empties SQLite's write-ahead log, in which a deleted row stands until then; `false` when a reader was in the way and
/// it has to be tried again. Not to be called in a transaction. PostgreSQL recycles its log by itself: what it may
/// still hold of a contact is sealed.
///
/// # Errors
/// Database errors only.
pub fn truncate_log(conn: &mut Conn) -> Result<bool, StoreError> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(true) };
    // Writers wait while this waits for readers, so it gives up soon.
    sqlite.batch_execute("PRAGMA busy_timeout=500")?;
    let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Checkpointed>(sqlite);
    sqlite.batch_execute("PRAGMA busy_timeout=5000")?;
    Ok(done?.busy == 0)
}
