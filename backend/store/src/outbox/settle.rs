//! What became of a mail, written by the worker that had it in hand.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::mail::{Bucket, MailClass, MailState};

use super::events::{Move, note};
use super::{Claimed, LEASE};
use crate::schema::outbox as o;
use crate::time::{Time, at};
use crate::{Conn, StoreError};

/// The end of one try.
pub struct End<'a> {
    /// The next state.
    pub state: MailState,
    /// The answer's codes, or a word.
    pub code: Option<&'a str>,
    /// What stood in the way.
    pub class: Option<MailClass>,
    /// How far the conversation was.
    pub phase: &'a str,
    /// When it is due again.
    pub due_at: Option<DateTime<Utc>>,
    /// Nothing was tried, so no attempt is counted.
    pub uncounted: bool,
    /// The host of the address, when it must wait for it.
    pub bucket: Option<Bucket>,
}

/// Whose word counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The worker's own.
    Mine,
    /// The lease was lost, and the server's yes counted all the same: nobody has sent it again.
    LateAccept,
    /// The lease was lost; the word is in the history and changed nothing.
    Late,
}

#[derive(AsChangeset)]
#[diesel(table_name = o)]
struct Change<'a> {
    state: &'a str,
    last_code: Option<Option<&'a str>>,
    last_class: Option<Option<&'a str>>,
    lease_owner: Option<Option<&'a str>>,
    lease_until: Option<Option<Time>>,
    phase: &'a str,
    due_at: Option<Time>,
    accepted_at: Option<Option<Time>>,
    attempts: Option<i32>,
    bucket: Option<Option<&'a str>>,
}

/// Marks that the body is about to go on the wire and starts the lease anew; after a crash from here on nobody can say
/// whether it arrived. `false` when the lease was lost: the body must not go.
///
/// # Errors
/// Database errors only.
pub fn mark_body(conn: &mut Conn, mail: &Claimed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mine = o::id
        .eq(mail.id.as_str())
        .and(o::lease_epoch.eq(mail.lease_epoch))
        .and(o::state.eq(MailState::Claimed.as_str()));
    let change = (o::phase.eq("body"), o::lease_until.eq(Some(at(now + LEASE))));
    Ok(diesel::update(o::table.filter(mine)).set(change).execute(conn)? == 1)
}

/// Writes what became of a mail.
///
/// # Errors
/// Database errors only.
pub fn settle(
    conn: &mut Conn,
    mail: &Claimed,
    end: &End<'_>,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Settled, StoreError> {
    let accepted = end.state == MailState::Accepted;
    let change = Change {
        state: end.state.as_str(),
        last_code: Some(end.code),
        last_class: Some(end.class.map(MailClass::as_str)),
        lease_owner: Some(None),
        lease_until: Some(None),
        phase: "none",
        due_at: end.due_at.map(at),
        accepted_at: accepted.then_some(Some(at(now))),
        attempts: end.uncounted.then_some(mail.attempts.saturating_sub(1)),
        bucket: end.bucket.map(|bucket| Some(bucket.as_str())),
    };
    let mine = o::id
        .eq(mail.id.as_str())
        .and(o::lease_epoch.eq(mail.lease_epoch))
        .and(o::state.eq(MailState::Claimed.as_str()));
    let settled = if diesel::update(o::table.filter(mine)).set(change).execute(conn)? == 1 {
        Settled::Mine
    } else if accepted && accept_late(conn, mail, now)? {
        Settled::LateAccept
    } else {
        Settled::Late
    };
    let moved = Move {
        mail: mail.id.as_str(),
        node: owner,
        from: MailState::Claimed.as_str(),
        to: if settled == Settled::Mine { end.state.as_str() } else { "late_result" },
        attempt: mail.attempts,
        phase: end.phase,
        code: end.code.or(accepted.then_some("250")),
        class: end.class,
    };
    // A mail that was erased meanwhile has no history either.
    if settled == Settled::Mine || super::exists(conn, &mail.id)? {
        note(conn, &moved, now)?;
    }
    Ok(settled)
}

/// The server has the mail, so it must not go out again: unless another worker's body is on the way already.
fn accept_late(conn: &mut Conn, mail: &Claimed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    use MailState as S;
    let unsent = [S::Queued, S::Deferred, S::Ambiguous, S::Dead, S::Expired].map(S::as_str);
    let untouched = o::state.eq(S::Claimed.as_str()).and(o::phase.ne("body"));
    let later = o::id.eq(mail.id.as_str()).and(o::lease_epoch.gt(mail.lease_epoch));
    Ok(diesel::update(o::table.filter(later.and(o::state.eq_any(unsent).or(untouched))))
        .set((
            o::state.eq(S::Accepted.as_str()),
            o::accepted_at.eq(Some(at(now))),
            o::last_code.eq(None::<&str>),
            o::last_class.eq(None::<&str>),
            o::lease_owner.eq(None::<&str>),
            o::lease_until.eq(None::<Time>),
            // Whoever took it meanwhile finds the lease lost.
            o::lease_epoch.eq(o::lease_epoch + 1),
            o::phase.eq("none"),
        ))
        .execute(conn)?
        == 1)
}
