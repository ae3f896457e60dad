//! Jobs: effects that follow a commit, as rows of its transaction. They carry ids, are claimed with a lease
//! and may run twice.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamp};

use crate::schema::jobs as j;
use crate::time::at;
use crate::{Conn, StoreError};

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Job {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// What to do.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Ids it needs, as JSON.
    #[diesel(sql_type = Text)]
    pub payload: String,
    /// Attempts, this one included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// How long a claim holds; a worker that died frees its jobs after this.
pub const LEASE: Duration = Duration::seconds(60);

/// Adds a job to be run at a time.
///
/// # Errors
/// Database errors only.
pub fn add(
    conn: &mut Conn,
    kind: &str,
    payload: &str,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(j::table)
        .values((
            j::kind.eq(kind),
            j::payload.eq(payload),
            j::run_at.eq(at(run_at)),
            j::attempts.eq(0),
            j::created_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Claims due jobs, oldest first.
///
/// # Errors
/// Database errors only.
pub fn claim(conn: &mut Conn, owner: &str, most: i32, now: DateTime<Utc>) -> Result<Vec<Job>, StoreError> {
    // The one place where the SQL differs: PostgreSQL passes over rows another node is claiming; SQLite has
    // one writer and needs no such clause.
    let skip = match conn {
        Conn::Pg(_) => "FOR UPDATE SKIP LOCKED",
        Conn::Sqlite(_) => "",
    };
    // `$n` works on both; SQLite numbers them by first appearance.
    let sql = format!(
        "UPDATE jobs SET lease_owner = $1, lease_until = $2, attempts = attempts + 1 WHERE id IN \
         (SELECT id FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= $3 \
         AND (lease_until IS NULL OR lease_until <= $3) ORDER BY run_at, id LIMIT $4 {skip}) \
         RETURNING id, kind, payload, attempts"
    );
    let mut claimed: Vec<Job> = diesel::sql_query(sql)
        .bind::<Text, _>(owner)
        .bind::<Timestamp, _>(at(now + LEASE))
        .bind::<Timestamp, _>(at(now))
        .bind::<Integer, _>(most)
        .load(conn)?;
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

/// Holds a claim for another `LEASE`; false when it is another worker's by now.
///
/// # Errors
/// Database errors only.
pub fn renew(conn: &mut Conn, id: i64, owner: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mine = j::table.filter(j::id.eq(id).and(j::lease_owner.eq(owner)).and(j::done_at.is_null()));
    Ok(diesel::update(mine).set(j::lease_until.eq(Some(at(now + LEASE)))).execute(conn)? == 1)
}

/// Marks a job as done.
///
/// # Errors
/// Database errors only.
pub fn done(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(j::table.filter(j::id.eq(id))).set(j::done_at.eq(Some(at(now)))).execute(conn)?;
    Ok(())
}

/// Gives a failed job back, to be tried later; with `None` it is dead.
///
/// # Errors
/// Database errors only.
pub fn failed(
    conn: &mut Conn,
    id: i64,
    error: &str,
    again_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = j::table.filter(j::id.eq(id));
    match again_at {
        Some(run_at) => diesel::update(row)
            .set((j::run_at.eq(at(run_at)), j::lease_until.eq(None::<crate::Time>), j::last_error.eq(Some(error))))
            .execute(conn)?,
        None => diesel::update(row).set((j::dead_at.eq(Some(at(now))), j::last_error.eq(Some(error)))).execute(conn)?,
    };
    Ok(())
}

/// How many jobs are due or in hand, and how many are dead.
///
/// # Errors
/// Database errors only.
pub fn open_and_dead(conn: &mut Conn, now: DateTime<Utc>) -> Result<(i64, i64), StoreError> {
    let open = j::table
        .filter(j::done_at.is_null().and(j::dead_at.is_null()).and(j::run_at.le(at(now))))
        .count()
        .get_result(conn)?;
    let dead = j::table.filter(j::dead_at.is_not_null()).count().get_result(conn)?;
    Ok((open, dead))
}

/// When the next job is due.
///
/// # Errors
/// Database errors only.
pub fn next_due(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let next: Option<crate::Time> = j::table
        .filter(j::done_at.is_null().and(j::dead_at.is_null()))
        .select(diesel::dsl::min(j::run_at))
        .first(conn)?;
    Ok(next.map(crate::utc))
}

/// Removes jobs done before a moment.
///
/// # Errors
/// Database errors only.
pub fn forget_done(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(j::table.filter(j::done_at.lt(at(before)))).execute(conn)?)
}
