//! Mails sent again or called back by hand or by a rule.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::mail::{MailClass, MailKind, MailState, Stream};
use domain::{AccountId, MailId};

use super::Filter;
use super::events::note_by_hand;
use super::overview::ids;
use crate::error::read;
use crate::schema::{outbox as o, outbox_events as e};
use crate::time::at;
use crate::{Conn, StoreError};

/// Makes a deferred, ambiguous or dead mail due at once, with all its tries and its whole life before it.
///
/// # Errors
/// `NotFound` when it is in no such state.
pub fn retry(conn: &mut Conn, id: &MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if again(conn, id.as_str(), now)? { Ok(()) } else { Err(StoreError::NotFound) }
}

/// `retry` of every mail that a filter names and that can be retried; how many.
///
/// # Errors
/// Database errors only.
pub fn retry_all(conn: &mut Conn, filter: &Filter, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let ids = ids(conn, filter)?;
    let mut done = 0;
    for id in ids {
        done += usize::from(again(conn, &id, now)?);
    }
    Ok(done)
}

/// `retry` of what a stream lost to refusals since a moment: it was refused for what we are, not for what it is.
///
/// # Errors
/// Database errors only.
pub fn retry_refused(
    conn: &mut Conn,
    stream: Stream,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let refused = o::state
        .eq(MailState::Dead.as_str())
        .and(o::last_class.eq(MailClass::Policy.as_str()))
        .and(o::stream.eq(stream.as_str()));
    let lately = o::id
        .eq_any(e::table.filter(e::class.eq(MailClass::Policy.as_str()).and(e::at.gt(at(since)))).select(e::mail_id));
    let ids: Vec<String> = o::table.filter(refused.and(lately)).select(o::id).load(conn)?;
    let mut done = 0;
    for id in ids {
        done += usize::from(again(conn, &id, now)?);
    }
    Ok(done)
}

fn again(conn: &mut Conn, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let from = [MailState::Deferred, MailState::Ambiguous, MailState::Dead].map(MailState::as_str);
    let (kind, state): (String, String) = o::table.filter(o::id.eq(id)).select((o::kind, o::state)).first(conn)?;
    let life = read(MailKind::parse(&kind), "mail kind")?.life();
    let done = diesel::update(o::table.filter(o::id.eq(id).and(o::state.eq_any(from))))
        .set((
            o::state.eq(MailState::Queued.as_str()),
            o::due_at.eq(at(now)),
            o::expires_at.eq(at(now + life)),
            o::attempts.eq(0),
            o::last_code.eq(None::<&str>),
            o::last_class.eq(None::<&str>),
        ))
        .execute(conn)?;
    if done == 1 {
        note_by_hand(conn, id, &state, MailState::Queued, 0, now)?;
    }
    Ok(done == 1)
}

/// Takes a waiting or dead mail out; what is owed only when it is dead.
///
/// # Errors
/// `NotFound` when it is in no such state.
pub fn discard(conn: &mut Conn, id: &MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let from = [MailState::Queued, MailState::Deferred, MailState::Ambiguous, MailState::Dead].map(MailState::as_str);
    let (state, attempts): (String, i32) =
        o::table.filter(o::id.eq(id.as_str())).select((o::state, o::attempts)).first(conn)?;
    let may_go = o::kind.ne_all(owed()).or(o::state.eq(MailState::Dead.as_str()));
    let done = diesel::update(o::table.filter(o::id.eq(id.as_str()).and(o::state.eq_any(from)).and(may_go)))
        .set(o::state.eq(MailState::Cancelled.as_str()))
        .execute(conn)?;
    if done != 1 {
        return Err(StoreError::NotFound);
    }
    note_by_hand(conn, id.as_str(), &state, MailState::Cancelled, attempts, now)
}

/// The kinds that nobody calls back.
fn owed() -> Vec<&'static str> {
    MailKind::ALL.iter().filter(|kind| kind.is_owed()).map(|kind| kind.as_str()).collect()
}

/// Calls back the waiting mails of an account, of one stream or of all; not what is owed.
///
/// # Errors
/// Database errors only.
pub fn cancel_of(
    conn: &mut Conn,
    account: &AccountId,
    stream: Option<Stream>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let from = [MailState::Queued, MailState::Deferred, MailState::Ambiguous].map(MailState::as_str);
    let streams: Vec<&str> = match stream {
        Some(stream) => vec![stream.as_str()],
        None => Stream::ALL.iter().map(|s| s.as_str()).collect(),
    };
    let of_account = o::account_id.eq(account.as_str()).and(o::kind.ne_all(owed())).and(o::stream.eq_any(streams));
    let waiting: Vec<(String, String, i32)> =
        o::table.filter(of_account.and(o::state.eq_any(from))).select((o::id, o::state, o::attempts)).load(conn)?;
    let mut called = 0;
    for (id, state, attempts) in waiting {
        // One that a worker took meanwhile passes the gate, which reads what called it back.
        let done = diesel::update(o::table.filter(o::id.eq(&id).and(o::state.eq_any(from))))
            .set(o::state.eq(MailState::Cancelled.as_str()))
            .execute(conn)?;
        if done == 1 {
            note_by_hand(conn, &id, &state, MailState::Cancelled, attempts, now)?;
            called += 1;
        }
    }
    Ok(called)
}
