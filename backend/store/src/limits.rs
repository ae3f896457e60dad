//! Counts of what was done in a window of time, by keyed hashes of who did it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Text, Timestamp};
use domain::limits::Act;

use crate::schema::act_counts as c;
use crate::time::at;
use crate::{Conn, StoreError, Vault};

/// What a limit says to one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What was asked for.
    pub act: Act,
    /// How many are left in this window; `None` when there was none for this one either.
    pub left: Option<u32>,
    /// Seconds until the next window begins, at least one.
    pub resets_in: u64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Integer)]
    taken: i32,
}

/// Takes one of an act for somebody, when the window has one left. One statement, so that two nodes cannot take the
/// same one; it stands only when the caller's transaction does.
///
/// # Errors
/// Database errors only.
pub fn take(conn: &mut Conn, vault: &Vault, act: Act, who: &str, now: DateTime<Utc>) -> Result<Taken, StoreError> {
    let limit = act.limit();
    let (start, end) = limit.window_at(now);
    let most = i32::try_from(limit.most).unwrap_or(i32::MAX);
    let row: Option<Count> = diesel::sql_query(
        "INSERT INTO act_counts (act, who, window_start, taken) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (act, who, window_start) DO UPDATE SET taken = act_counts.taken + 1 \
         WHERE act_counts.taken < $4 RETURNING taken",
    )
    .bind::<Text, _>(act.as_str())
    .bind::<Binary, _>(vault.limit_key(act.as_str(), who))
    .bind::<Timestamp, _>(at(start))
    .bind::<Integer, _>(most)
    .get_result(conn)
    .optional()?;
    let left = row.map(|row| u32::try_from(most.saturating_sub(row.taken)).unwrap_or(0));
    let resets_in = u64::try_from((end - now).num_seconds()).unwrap_or(0).max(1);
    Ok(Taken { act, left, resets_in })
}

/// Removes counts of windows that began before a moment.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(c::table.filter(c::window_start.lt(at(before)))).execute(conn)?)
}
