//! Requests that came with an Idempotency-Key: one row for each key, one run that may act on it, and the answer.
//!
//! The run that holds a row marks it as acted on in the transaction of the act. So an act and its mark are there
//! together or not at all, whatever stops the server, and a second run cannot do what the first one did.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Nullable, Text, Timestamp};
use domain::AccountId;

use crate::schema::request_keys as k;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError, Vault};

/// How long a key is known.
pub const KEPT: Duration = Duration::hours(24);
/// A run that did not act within this is over: its server died.
pub const LEASE: Duration = Duration::seconds(60);

/// One request with its key, as keyed hashes.
#[derive(Debug, Clone)]
pub struct Request {
    id: Vec<u8>,
    request: Vec<u8>,
    account: Option<AccountId>,
}

impl Request {
    /// Of somebody with an account: a key means one request of theirs, and another request with it is a mistake.
    #[must_use]
    pub fn of_account(vault: &Vault, account: &AccountId, key: &str, line: &str, body: &[u8]) -> Self {
        Self {
            id: vault.request_key("account", &[account.as_str().as_bytes(), key.as_bytes()]),
            request: vault.request_key("request", &[line.as_bytes(), body]),
            account: Some(account.clone()),
        }
    }

    /// Of somebody who cannot be told from others: what was sent is part of the key, so that nobody gets the answer to
    /// another's request, or learns that there was one, by choosing the same key.
    #[must_use]
    pub fn of_nobody(vault: &Vault, key: &str, line: &str, body: &[u8]) -> Self {
        let request = vault.request_key("request", &[line.as_bytes(), body]);
        Self { id: vault.request_key("nobody", &[&request, key.as_bytes()]), request, account: None }
    }
}

/// A row that one run holds.
#[derive(Debug, Clone)]
pub struct Held {
    id: Vec<u8>,
    holder: String,
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its `Content-Type`.
    pub content_type: Option<String>,
    /// Its `Location`.
    pub location: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// What a key leads to.
#[derive(Debug)]
pub enum Reserved {
    /// Nothing was done yet: this run may.
    Ours(Held),
    /// It was done, and this was the answer.
    Done(Answer),
    /// It was done, and the answer is not there.
    DoneSilently,
    /// Another run is at it.
    InHand,
    /// The key came with another request.
    OtherRequest,
}

type Row = (Vec<u8>, String, Time, Option<Time>, Option<i32>, Option<String>, Option<String>, Option<Vec<u8>>);

/// Reserves the key for a run of this name, or says what became of it.
///
/// # Errors
/// Database errors only.
pub fn reserve(conn: &mut Conn, asked: &Request, holder: &str, now: DateTime<Utc>) -> Result<Reserved, StoreError> {
    let ours = Reserved::Ours(Held { id: asked.id.clone(), holder: holder.to_owned() });
    // diesel has no words for this that both databases understand. `$n` numbers by first appearance.
    let new = diesel::sql_query(
        "INSERT INTO request_keys (id, account_id, request, holder, reserved_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind::<Binary, _>(&asked.id)
    .bind::<Nullable<Text>, _>(asked.account.as_ref().map(AccountId::as_str))
    .bind::<Binary, _>(&asked.request)
    .bind::<Text, _>(holder)
    .bind::<Timestamp, _>(at(now));
    if new.execute(conn)? == 1 {
        return Ok(ours);
    }
    let row: Option<Row> = k::table
        .filter(k::id.eq(&asked.id))
        .select((k::request, k::holder, k::reserved_at, k::acted_at, k::status, k::content_type, k::location, k::body))
        .first(conn)
        .optional()?;
    // It was there a moment ago: its run gave it up meanwhile, and the caller asks again.
    let Some((request, former, reserved_at, acted_at, status, content_type, location, body)) = row else {
        return Ok(Reserved::InHand);
    };
    let age = now - utc(reserved_at);
    let untouched = acted_at.is_none() && status.is_none();
    if age >= KEPT || (untouched && age >= LEASE) {
        // A run that only seemed dead may act in this very moment; then the row is no longer as it was read.
        let as_read = k::table
            .filter(k::id.eq(&asked.id).and(k::holder.eq(&former)))
            .filter(k::acted_at.is_null().or(k::acted_at.eq(acted_at)));
        let anew = (
            k::account_id.eq(asked.account.as_ref().map(AccountId::as_str)),
            k::request.eq(&asked.request),
            k::holder.eq(holder),
            k::reserved_at.eq(at(now)),
            k::acted_at.eq(None::<Time>),
            k::status.eq(None::<i32>),
            k::content_type.eq(None::<String>),
            k::location.eq(None::<String>),
            k::body.eq(None::<Vec<u8>>),
        );
        let taken = diesel::update(as_read).set(anew).execute(conn)?;
        return Ok(if taken == 1 { ours } else { Reserved::InHand });
    }
    if request != asked.request {
        return Ok(Reserved::OtherRequest);
    }
    Ok(match (status.and_then(|s| u16::try_from(s).ok()), body) {
        (Some(status), Some(body)) => Reserved::Done(Answer { status, content_type, location, body }),
        (Some(_), None) => Reserved::DoneSilently,
        // Its answer is being written; or, when its server died after the commit, it never will be.
        (None, _) if age >= LEASE => Reserved::DoneSilently,
        (None, _) => Reserved::InHand,
    })
}

impl Held {
    /// Marks the row as acted on; to be called in the transaction that acts. False when another run has it by now:
    /// then this transaction must not be committed.
    ///
    /// # Errors
    /// Database errors only.
    pub fn acted(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mine = k::table.filter(k::id.eq(&self.id).and(k::holder.eq(&self.holder)));
        Ok(diesel::update(mine).set(k::acted_at.eq(Some(at(now)))).execute(conn)? == 1)
    }

    /// Keeps the answer.
    ///
    /// # Errors
    /// Database errors only.
    pub fn answered(&self, conn: &mut Conn, answer: &Answer) -> Result<(), StoreError> {
        let mine = k::table.filter(k::id.eq(&self.id).and(k::holder.eq(&self.holder)));
        diesel::update(mine)
            .set((
                k::status.eq(Some(i32::from(answer.status))),
                k::content_type.eq(answer.content_type.as_deref()),
                k::location.eq(answer.location.as_deref()),
                k::body.eq(Some(&answer.body)),
            ))
            .execute(conn)?;
        Ok(())
    }

    /// Says that it was done and that the answer is not kept: it is for one pair of eyes, or there was none.
    ///
    /// # Errors
    /// Database errors only.
    pub fn done_silently(&self, conn: &mut Conn, status: u16) -> Result<(), StoreError> {
        let mine = k::table.filter(k::id.eq(&self.id).and(k::holder.eq(&self.holder)).and(k::acted_at.is_not_null()));
        diesel::update(mine).set(k::status.eq(Some(i32::from(status)))).execute(conn)?;
        Ok(())
    }

    /// Gives the key back when nothing was done under it, so that the same request can be sent again.
    ///
    /// # Errors
    /// Database errors only.
    pub fn released(&self, conn: &mut Conn) -> Result<(), StoreError> {
        let mine = k::table.filter(k::id.eq(&self.id).and(k::holder.eq(&self.holder)));
        diesel::delete(mine.filter(k::acted_at.is_null().and(k::status.is_null()))).execute(conn)?;
        Ok(())
    }
}

/// Removes the keys that came before a moment.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(k::table.filter(k::reserved_at.lt(at(before)))).execute(conn)?)
}
