//! Taking mails in hand: leases with a fence, the most urgent stream first.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use domain::mail::{Bucket, MailClass, MailKind, MailState, Stream};
use domain::{AccountId, MailId};

use super::events::{Move, note};
use super::{Claimed, LEASE};
use crate::error::read;
use crate::schema::outbox as o;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// How long a mail waits whose worker died while its body was on the way, when it is nothing that somebody waits for.
const AFTER_CRASH: Duration = Duration::minutes(15);

/// What is not to be taken now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closed {
    /// Streams that are held or stopped.
    pub streams: Vec<Stream>,
    /// Hosts that were asked too much of.
    pub buckets: Vec<Bucket>,
}

impl Closed {
    /// Only this stream is open.
    #[must_use]
    pub fn but(&self, stream: Stream) -> Self {
        let others = Stream::ALL.iter().copied().filter(|s| *s != stream).collect();
        Self { streams: others, buckets: self.buckets.clone() }
    }

    /// As a condition of SQL. The words are ours, so they need no binding.
    pub(super) fn sql(&self) -> String {
        let list = |words: Vec<&str>| words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(", ");
        let mut sql = String::new();
        if !self.streams.is_empty() {
            sql.push_str(&format!(" AND stream NOT IN ({})", list(self.streams.iter().map(|s| s.as_str()).collect())));
        }
        if !self.buckets.is_empty() {
            let words = list(self.buckets.iter().map(|b| b.as_str()).collect());
            sql.push_str(&format!(" AND (bucket IS NULL OR bucket NOT IN ({words}))"));
        }
        sql
    }
}

/// Who takes how much.
pub struct Ask<'a> {
    /// The worker.
    pub owner: &'a str,
    /// At most.
    pub most: i32,
    /// Not these.
    pub closed: &'a Closed,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    account_id: String,
    #[diesel(sql_type = Text)]
    payload: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    permission_epoch: Option<i64>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = BigInt)]
    lease_epoch: i64,
    #[diesel(sql_type = Timestamp)]
    created_at: Time,
    #[diesel(sql_type = Timestamp)]
    expires_at: Time,
    #[diesel(sql_type = Nullable<Text>)]
    last_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_class: Option<String>,
}

impl Row {
    fn claimed(self) -> Result<Claimed, StoreError> {
        Ok(Claimed {
            id: read(MailId::parse(&self.id), "mail id")?,
            kind: read(MailKind::parse(&self.kind), "mail kind")?,
            account: read(AccountId::parse(&self.account_id), "account id")?,
            payload: self.payload,
            permission_epoch: self.permission_epoch,
            attempts: self.attempts.saturating_add(1),
            lease_epoch: self.lease_epoch.saturating_add(1),
            created_at: utc(self.created_at),
            expires_at: utc(self.expires_at),
            last_code: self.last_code,
            last_class: self.last_class.as_deref().and_then(MailClass::parse),
        })
    }
}

/// `take` of whatever is open.
///
/// # Errors
/// Database errors only.
pub fn claim(conn: &mut Conn, owner: &str, most: i32, now: DateTime<Utc>) -> Result<Vec<Claimed>, StoreError> {
    take(conn, &Ask { owner, most, closed: &Closed::default() }, now)
}

/// A mail as its worker would have it, without taking it in hand.
///
/// # Errors
/// `NotFound`.
pub fn peek(conn: &mut Conn, id: &MailId) -> Result<Claimed, StoreError> {
    let sql = "SELECT id, kind, state, account_id, payload, permission_epoch, attempts, lease_epoch, created_at, \
               expires_at, last_code, last_class FROM outbox WHERE id = $1";
    let row: Option<Row> = diesel::sql_query(sql).bind::<Text, _>(id.as_str()).get_result(conn).optional()?;
    row.ok_or(StoreError::NotFound)?.claimed()
}

/// Takes due mails in hand, the most urgent stream first, after freeing those whose worker is gone. For a transaction
/// that writes.
///
/// # Errors
/// Database errors only.
pub fn take(conn: &mut Conn, ask: &Ask<'_>, now: DateTime<Utc>) -> Result<Vec<Claimed>, StoreError> {
    free(conn, ask.owner, now)?;
    let skip = match conn {
        Conn::Pg(_) => "FOR UPDATE SKIP LOCKED",
        // The transaction is the only one that writes.
        Conn::Sqlite(_) => "",
    };
    // The states are worded as the index `outbox_waiting` words them, so that both databases walk it in its order.
    let sql = format!(
        "SELECT id, kind, state, account_id, payload, permission_epoch, attempts, lease_epoch, created_at, \
         expires_at, last_code, last_class FROM outbox \
         WHERE state IN ('queued', 'deferred', 'ambiguous') AND due_at <= $1{} \
         ORDER BY priority, due_at, id LIMIT $2 {skip}",
        ask.closed.sql()
    );
    let rows: Vec<Row> =
        diesel::sql_query(sql).bind::<Timestamp, _>(at(now)).bind::<Integer, _>(ask.most).load(conn)?;
    rows.into_iter()
        .map(|row| {
            let moved = Move {
                mail: &row.id,
                node: ask.owner,
                from: &row.state,
                to: MailState::Claimed.as_str(),
                attempt: row.attempts.saturating_add(1),
                phase: "none",
                code: None,
                class: None,
            };
            note(conn, &moved, now)?;
            diesel::update(o::table.filter(o::id.eq(&row.id)))
                .set((
                    o::state.eq(MailState::Claimed.as_str()),
                    o::lease_owner.eq(Some(ask.owner)),
                    o::lease_until.eq(Some(at(now + LEASE))),
                    o::lease_epoch.eq(o::lease_epoch + 1),
                    o::attempts.eq(o::attempts + 1),
                    o::phase.eq("none"),
                ))
                .execute(conn)?;
            row.claimed()
        })
        .collect()
}

type Left = (String, String, i32, i64, String);

/// Frees mails whose worker is gone. Before the body nothing was sent, and they are due as before, the try uncounted.
/// After it nobody can say: what somebody waits for goes out again at once, the rest after a while, under the same
/// Message-ID. The fence moves on, so that a worker that was only frozen finds its lease lost.
fn free(conn: &mut Conn, owner: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let over = o::lease_until.is_not_null().and(o::lease_until.assume_not_null().le(at(now)));
    let left: Vec<Left> = o::table
        .filter(o::state.eq(MailState::Claimed.as_str()).and(over))
        .select((o::id, o::stream, o::attempts, o::lease_epoch, o::phase))
        .load(conn)?;
    for (id, stream, attempts, epoch, phase) in left {
        let row =
            o::table.filter(o::id.eq(&id).and(o::lease_epoch.eq(epoch)).and(o::state.eq(MailState::Claimed.as_str())));
        let on_the_way = phase == "body";
        let done = if on_the_way {
            let wait = match read(Stream::parse(&stream), "stream")? {
                Stream::Security | Stream::Introduction => Duration::zero(),
                Stream::Admin | Stream::Outreach | Stream::Alert => AFTER_CRASH,
            };
            diesel::update(row)
                .set((
                    o::state.eq(MailState::Ambiguous.as_str()),
                    o::due_at.eq(at(now + wait)),
                    o::last_code.eq(Some("crash")),
                    o::last_class.eq(Some(MailClass::Ambiguous.as_str())),
                    o::lease_epoch.eq(o::lease_epoch + 1),
                    o::lease_until.eq(None::<Time>),
                    o::phase.eq("none"),
                ))
                .execute(conn)?
        } else {
            diesel::update(row)
                .set((
                    o::state.eq(MailState::Queued.as_str()),
                    o::attempts.eq(attempts.saturating_sub(1)),
                    o::lease_epoch.eq(o::lease_epoch + 1),
                    o::lease_until.eq(None::<Time>),
                ))
                .execute(conn)?
        };
        if done == 1 {
            let to = if on_the_way { MailState::Ambiguous } else { MailState::Queued };
            let moved = Move {
                mail: &id,
                node: owner,
                from: MailState::Claimed.as_str(),
                to: to.as_str(),
                attempt: attempts,
                phase: &phase,
                code: Some("crash"),
                class: on_the_way.then_some(MailClass::Ambiguous),
            };
            note(conn, &moved, now)?;
        }
    }
    Ok(())
}
