//! What stands in the outbox: for admins, metrics and the workers that wait. Never an address, never a text.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Timestamp;
use domain::MailId;
use domain::mail::{MailClass, MailKind, MailState, Stream};

use super::Closed;
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
    /// What stood in the way.
    pub class: Option<MailClass>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

type ListRow = (String, String, String, String, i32, Time, Option<String>, Option<String>, Time);

/// Which mails are asked for; what is `None` does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// State.
    pub state: Option<MailState>,
    /// What stood in the way.
    pub class: Option<MailClass>,
    /// The last answer, word for word.
    pub code: Option<String>,
    /// Which mail.
    pub kind: Option<MailKind>,
}

impl Filter {
    fn query(&self) -> o::BoxedQuery<'_, <Conn as Connection>::Backend> {
        let mut query = o::table.into_boxed();
        if let Some(state) = self.state {
            query = query.filter(o::state.eq(state.as_str()));
        }
        if let Some(class) = self.class {
            query = query.filter(o::last_class.eq(class.as_str()));
        }
        if let Some(code) = &self.code {
            query = query.filter(o::last_code.eq(code));
        }
        if let Some(kind) = self.kind {
            query = query.filter(o::kind.eq(kind.as_str()));
        }
        query
    }
}

/// The ids of the mails that a filter names.
///
/// # Errors
/// Database errors only.
pub(super) fn ids(conn: &mut Conn, filter: &Filter) -> Result<Vec<String>, StoreError> {
    Ok(filter.query().select(o::id).load(conn)?)
}

/// Mails, newest first.
///
/// # Errors
/// Database errors only.
pub fn list(conn: &mut Conn, filter: &Filter, most: i64) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<ListRow> =
        filter.query().order((o::created_at.desc(), o::id)).limit(most).select(LISTED).load(conn)?;
    rows.into_iter().map(listed).collect()
}

/// One mail.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &MailId) -> Result<Listed, StoreError> {
    let row: ListRow = o::table.filter(o::id.eq(id.as_str())).select(LISTED).first(conn)?;
    listed(row)
}

type Columns =
    (o::id, o::stream, o::kind, o::state, o::attempts, o::due_at, o::last_code, o::last_class, o::created_at);

const LISTED: Columns =
    (o::id, o::stream, o::kind, o::state, o::attempts, o::due_at, o::last_code, o::last_class, o::created_at);

fn listed(row: ListRow) -> Result<Listed, StoreError> {
    let (id, stream, kind, state, attempts, due_at, last_code, class, created_at) = row;
    Ok(Listed {
        id: read(MailId::parse(&id), "mail id")?,
        stream: read(Stream::parse(&stream), "stream")?,
        kind: read(MailKind::parse(&kind), "mail kind")?,
        state: read(MailState::parse(&state), "mail state")?,
        attempts,
        due_at: utc(due_at),
        last_code,
        class: class.as_deref().and_then(MailClass::parse),
        created_at: utc(created_at),
    })
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

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// How many mails are due or in hand; those that are held or stopped do not count until they are in hand.
///
/// # Errors
/// Database errors only.
pub fn open(conn: &mut Conn, closed: &Closed, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT count(*) AS count FROM outbox WHERE state = 'claimed' OR \
         (state IN ('queued', 'deferred', 'ambiguous') AND due_at <= $1{})",
        closed.sql()
    );
    let found: Count = diesel::sql_query(sql).bind::<Timestamp, _>(at(now)).get_result(conn)?;
    Ok(found.count)
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

/// True when a mail can be taken in hand now, or was left behind by a worker that is gone.
///
/// # Errors
/// Database errors only.
pub fn any_due(conn: &mut Conn, closed: &Closed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    // Two questions, since one with OR would walk the whole table: it has an index for each.
    if any_waiting(conn, closed, now)? {
        return Ok(true);
    }
    let over = o::lease_until.is_not_null().and(o::lease_until.assume_not_null().le(at(now)));
    let left: Option<String> =
        o::table.filter(o::state.eq(MailState::Claimed.as_str()).and(over)).select(o::id).first(conn).optional()?;
    Ok(left.is_some())
}

/// True when a mail waits that is due.
///
/// # Errors
/// Database errors only.
pub fn any_waiting(conn: &mut Conn, closed: &Closed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT count(*) AS count FROM (SELECT 1 FROM outbox WHERE state IN ('queued', 'deferred', 'ambiguous') \
         AND due_at <= $1{} LIMIT 1) AS due",
        closed.sql()
    );
    let due: Count = diesel::sql_query(sql).bind::<Timestamp, _>(at(now)).get_result(conn)?;
    Ok(due.count > 0)
}

/// True when there is a mail with this id.
///
/// # Errors
/// Database errors only.
pub fn exists(conn: &mut Conn, id: &MailId) -> Result<bool, StoreError> {
    let count: i64 = o::table.filter(o::id.eq(id.as_str())).count().get_result(conn)?;
    Ok(count > 0)
}
