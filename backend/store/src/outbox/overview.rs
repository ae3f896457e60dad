//! What stands in the outbox: for admins, metrics and the workers that wait. Never an address, never a text.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::MailId;
use domain::mail::{MailKind, MailState, Stream};

use crate::error::read;
use crate::schema::outbox as o;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A mail as admins see it: never an address, never a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: MailId,
    /// Stream.
    pub stream: Stream,
    /// Which mail.
    pub kind: MailKind,
    /// State.
    pub state: MailState,
    /// Attempts so far.
    pub attempts: i32,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// The last reply's code, or a word for what happened.
    pub last_code: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

type ListRow = (String, String, String, String, i32, Time, Option<String>, Time);

/// Mails, newest first; of one state or of all.
///
/// # Errors
/// Database errors only.
pub fn list(conn: &mut Conn, state: Option<MailState>, most: i64) -> Result<Vec<Listed>, StoreError> {
    let mut query = o::table
        .order((o::created_at.desc(), o::id))
        .limit(most)
        .select((o::id, o::stream, o::kind, o::state, o::attempts, o::due_at, o::last_code, o::created_at))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(o::state.eq(state.as_str()));
    }
    let rows: Vec<ListRow> = query.load(conn)?;
    rows.into_iter()
        .map(|(id, stream, kind, state, attempts, due_at, last_code, created_at)| {
            Ok(Listed {
                id: read(MailId::parse(&id), "mail id")?,
                stream: read(Stream::parse(&stream), "stream")?,
                kind: read(MailKind::parse(&kind), "mail kind")?,
                state: read(MailState::parse(&state), "mail state")?,
                attempts,
                due_at: utc(due_at),
                last_code,
                created_at: utc(created_at),
            })
        })
        .collect()
}

/// The mails of one stream in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Stream.
    pub stream: Stream,
    /// State.
    pub state: MailState,
    /// How many.
    pub count: i64,
    /// The earliest due time among them.
    pub oldest: DateTime<Utc>,
}

/// How many mails are in each state, by stream.
///
/// # Errors
/// Database errors only.
pub fn depth(conn: &mut Conn) -> Result<Vec<Depth>, StoreError> {
    let rows: Vec<(String, String, i64, Option<Time>)> = o::table
        .group_by((o::stream, o::state))
        .select((o::stream, o::state, diesel::dsl::count_star(), diesel::dsl::min(o::due_at)))
        .load(conn)?;
    rows.into_iter()
        .map(|(stream, state, count, oldest)| {
            Ok(Depth {
                stream: read(Stream::parse(&stream), "stream")?,
                state: read(MailState::parse(&state), "mail state")?,
                count,
                oldest: utc(read(oldest, "due time")?),
            })
        })
        .collect()
}

/// How many mails are due or in hand; `held` names a stream that waits for a setting and does not count.
///
/// # Errors
/// Database errors only.
pub fn open(conn: &mut Conn, held: Option<Stream>, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let waiting =
        [MailState::Queued, MailState::Claimed, MailState::Deferred, MailState::Ambiguous].map(MailState::as_str);
    let held = held.map_or("", Stream::as_str);
    Ok(o::table
        .filter(o::state.eq_any(waiting).and(o::due_at.le(at(now))).and(o::stream.ne(held)))
        .count()
        .get_result(conn)?)
}

/// When the next mail is due.
///
/// # Errors
/// Database errors only.
pub fn next_due(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let waiting = [MailState::Queued, MailState::Deferred, MailState::Ambiguous].map(MailState::as_str);
    let next: Option<Time> =
        o::table.filter(o::state.eq_any(waiting)).select(diesel::dsl::min(o::due_at)).first(conn)?;
    Ok(next.map(utc))
}

/// True when a mail outside the held stream can be claimed now.
///
/// # Errors
/// Database errors only.
pub fn any_due(conn: &mut Conn, held: Option<Stream>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let waiting = [MailState::Queued, MailState::Deferred, MailState::Ambiguous].map(MailState::as_str);
    let left = o::state
        .eq(MailState::Claimed.as_str())
        .and(o::lease_until.is_not_null().and(o::lease_until.assume_not_null().le(at(now))));
    let found: Option<String> = o::table
        .filter(o::due_at.le(at(now)).and(o::stream.ne(held.map_or("", Stream::as_str))))
        .filter(o::state.eq_any(waiting).or(left))
        .select(o::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// True when there is a mail with this id.
///
/// # Errors
/// Database errors only.
pub fn exists(conn: &mut Conn, id: &MailId) -> Result<bool, StoreError> {
    let count: i64 = o::table.filter(o::id.eq(id.as_str())).count().get_result(conn)?;
    Ok(count > 0)
}
