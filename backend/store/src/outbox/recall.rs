//! Mails sent again or called back by hand or by a rule.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::mail::{MailKind, MailState, Stream};
use domain::{AccountId, MailId};

use crate::error::read;
use crate::schema::outbox as o;
use crate::time::at;
use crate::{Conn, StoreError};

/// Makes a deferred, ambiguous or dead mail due at once.
///
/// # Errors
/// `NotFound` when it is in no such state.
pub fn retry(conn: &mut Conn, id: &MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let from = [MailState::Deferred, MailState::Ambiguous, MailState::Dead].map(MailState::as_str);
    let kind: String = o::table.filter(o::id.eq(id.as_str())).select(o::kind).first(conn)?;
    let life = read(MailKind::parse(&kind), "mail kind")?.life();
    let done = diesel::update(o::table.filter(o::id.eq(id.as_str()).and(o::state.eq_any(from))))
        .set((o::state.eq(MailState::Queued.as_str()), o::due_at.eq(at(now)), o::expires_at.eq(at(now + life))))
        .execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Takes a waiting or dead mail out; what is owed only when it is dead.
///
/// # Errors
/// `NotFound` when it is in no such state.
pub fn discard(conn: &mut Conn, id: &MailId) -> Result<(), StoreError> {
    let from = [MailState::Queued, MailState::Deferred, MailState::Ambiguous, MailState::Dead].map(MailState::as_str);
    let may_go = o::kind.ne_all(owed()).or(o::state.eq(MailState::Dead.as_str()));
    let done = diesel::update(o::table.filter(o::id.eq(id.as_str()).and(o::state.eq_any(from)).and(may_go)))
        .set(o::state.eq(MailState::Cancelled.as_str()))
        .execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The kinds that nobody calls back.
fn owed() -> Vec<&'static str> {
    MailKind::ALL.iter().filter(|kind| kind.is_owed()).map(|kind| kind.as_str()).collect()
}

/// Calls back the waiting mails of an account, of one stream or of all; not what is owed.
///
/// # Errors
/// Database errors only.
pub fn cancel_of(conn: &mut Conn, account: &AccountId, stream: Option<Stream>) -> Result<usize, StoreError> {
    let from = [MailState::Queued, MailState::Deferred, MailState::Ambiguous].map(MailState::as_str);
    let streams: Vec<&str> = match stream {
        Some(stream) => vec![stream.as_str()],
        None => Stream::ALL.iter().map(|s| s.as_str()).collect(),
    };
    let of_account = o::account_id.eq(account.as_str()).and(o::kind.ne_all(owed()));
    Ok(diesel::update(o::table.filter(of_account.and(o::state.eq_any(from)).and(o::stream.eq_any(streams))))
        .set(o::state.eq(MailState::Cancelled.as_str()))
        .execute(conn)?)
}
