//! The history of each mail: every move, with codes and never with words of a mail server.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::MailId;
use domain::mail::{MailClass, MailState, Stream};

use crate::schema::{outbox as o, outbox_events as e};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// How long moves are kept.
pub const EVENTS_KEPT: Duration = Duration::days(90);

/// A move about to be noted.
pub(super) struct Move<'a> {
    pub(super) mail: &'a str,
    pub(super) node: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) attempt: i32,
    pub(super) phase: &'a str,
    pub(super) code: Option<&'a str>,
    pub(super) class: Option<MailClass>,
}

/// Notes a move.
///
/// # Errors
/// Database errors only.
pub(super) fn note(conn: &mut Conn, moved: &Move<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(e::table)
        .values((
            e::mail_id.eq(moved.mail),
            e::at.eq(at(now)),
            e::node.eq(moved.node),
            e::from_state.eq(moved.from),
            e::to_state.eq(moved.to),
            e::attempt.eq(moved.attempt),
            e::phase.eq(moved.phase),
            e::code.eq(moved.code),
            e::class.eq(moved.class.map(MailClass::as_str)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes what a person or a rule did with a mail that is in no worker's hands.
///
/// # Errors
/// Database errors only.
pub(super) fn note_by_hand(
    conn: &mut Conn,
    mail: &str,
    from: &str,
    to: MailState,
    attempt: i32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let moved = Move { mail, node: "hand", from, to: to.as_str(), attempt, phase: "none", code: None, class: None };
    note(conn, &moved, now)
}

/// One move as it was noted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Event {
    at: Time,
    /// The process and worker, or `hand`.
    pub node: String,
    /// Before.
    pub from: String,
    /// After: a state, or `late_result` for the word of a worker whose lease was lost.
    pub to: String,
    /// The how-manieth try.
    pub attempt: i32,
    /// How far the conversation was.
    pub phase: String,
    /// Codes of the answer, or a word.
    pub code: Option<String>,
    /// What stood in the way.
    pub class: Option<String>,
}

impl Event {
    /// When.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        utc(self.at)
    }
}

/// The moves of a mail, oldest first.
///
/// # Errors
/// Database errors only.
pub fn of_mail(conn: &mut Conn, mail: &MailId) -> Result<Vec<Event>, StoreError> {
    Ok(e::table
        .filter(e::mail_id.eq(mail.as_str()))
        .order(e::id)
        .select((e::at, e::node, e::from_state, e::to_state, e::attempt, e::phase, e::code, e::class))
        .load(conn)?)
}

/// How often mails of a stream met this since a moment.
///
/// # Errors
/// Database errors only.
pub fn count_of_class(
    conn: &mut Conn,
    stream: Stream,
    class: MailClass,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let of_stream = o::table.filter(o::stream.eq(stream.as_str())).select(o::id);
    Ok(e::table
        .filter(e::class.eq(class.as_str()).and(e::at.gt(at(since))).and(e::mail_id.eq_any(of_stream)))
        .count()
        .get_result(conn)?)
}

/// Removes moves older than a moment.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(e::table.filter(e::at.lt(at(before)))).execute(conn)?)
}
