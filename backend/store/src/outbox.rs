//! The outbox: mails as rows of ids, written in the transaction of their cause, claimed with a lease and fenced.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use domain::mail::{MailKind, MailState, Stream};
use domain::{AccountId, MailId};

use crate::contacts::DeliveryGrant;
use crate::error::read;
use crate::schema::{accounts as a, members as m, outbox as o};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

mod overview;
mod recall;

pub use overview::{Depth, Listed, any_due, depth, exists, list, next_due, open};
pub use recall::{cancel_of, discard, retry};

/// How long a claim holds. It must exceed the step time-outs of one send.
pub const LEASE: Duration = Duration::seconds(60);

/// A mail to be sent.
pub struct NewMail<'a> {
    /// Its id.
    pub id: &'a MailId,
    /// Which mail.
    pub kind: MailKind,
    /// To whom.
    pub account: &'a AccountId,
    /// Ids the template needs, as JSON.
    pub payload: &'a str,
    /// The same cause never makes two mails.
    pub dedupe_key: &'a str,
    /// Epoch of the member's permissions when it was written, for mails that need one.
    pub permission_epoch: Option<i64>,
    /// Not before.
    pub due_at: DateTime<Utc>,
}

/// Writes a mail unless the same cause made one; `true` when it is new.
///
/// # Errors
/// Database errors only.
pub fn add(conn: &mut Conn, new: &NewMail<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let there: i64 = o::table.filter(o::dedupe_key.eq(new.dedupe_key)).count().get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    let stream = new.kind.stream();
    diesel::insert_into(o::table)
        .values((
            o::id.eq(new.id.as_str()),
            o::stream.eq(stream.as_str()),
            o::kind.eq(new.kind.as_str()),
            o::account_id.eq(new.account.as_str()),
            o::payload.eq(new.payload),
            o::dedupe_key.eq(new.dedupe_key),
            o::permission_epoch.eq(new.permission_epoch),
            o::state.eq(MailState::Queued.as_str()),
            o::priority.eq(stream.priority()),
            o::due_at.eq(at(new.due_at)),
            o::expires_at.eq(at(new.due_at + new.kind.life())),
            o::attempts.eq(0),
            o::lease_epoch.eq(0),
            o::phase.eq("none"),
            o::created_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(true)
}

/// A mail in a worker's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its id.
    pub id: MailId,
    /// Which mail.
    pub kind: MailKind,
    /// To whom.
    pub account: AccountId,
    /// Ids the template needs.
    pub payload: String,
    /// Epoch of the permissions.
    pub permission_epoch: Option<i64>,
    /// Attempts, this one included.
    pub attempts: i32,
    /// Fence: a later claim has a higher one.
    pub lease_epoch: i64,
    /// When it was written: its `Date`.
    pub created_at: DateTime<Utc>,
    /// Not worth sending after this.
    pub expires_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct ClaimRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
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
}

/// Claims due mails, the most urgent stream first. A mail whose worker died while its body was on the way
/// comes back too; whether it arrived nobody can say, so it goes out again under the same Message-ID.
///
/// # Errors
/// Database errors only.
pub fn claim(conn: &mut Conn, owner: &str, most: i32, now: DateTime<Utc>) -> Result<Vec<Claimed>, StoreError> {
    claim_without(conn, None, owner, most, now)
}

/// As `claim`, and leaves one stream where it is.
///
/// # Errors
/// Database errors only.
pub fn claim_without(
    conn: &mut Conn,
    held: Option<Stream>,
    owner: &str,
    most: i32,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>, StoreError> {
    let skip = match conn {
        Conn::Pg(_) => "FOR UPDATE SKIP LOCKED",
        Conn::Sqlite(_) => "",
    };
    // SQLite numbers $-parameters by first appearance, so they stand in their order.
    let sql = format!(
        "UPDATE outbox SET state = 'claimed', lease_owner = $1, lease_until = $2, lease_epoch = lease_epoch + 1, \
         attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox WHERE due_at <= $3 AND \
         (state IN ('queued', 'deferred', 'ambiguous') OR (state = 'claimed' AND lease_until <= $3)) \
         AND stream <> $4 ORDER BY priority, due_at, id LIMIT $5 {skip}) \
         RETURNING id, kind, account_id, payload, permission_epoch, attempts, lease_epoch, created_at, expires_at"
    );
    let rows: Vec<ClaimRow> = diesel::sql_query(sql)
        .bind::<Text, _>(owner)
        .bind::<Timestamp, _>(at(now + LEASE))
        .bind::<Timestamp, _>(at(now))
        .bind::<Text, _>(held.map_or("", Stream::as_str))
        .bind::<Integer, _>(most)
        .load(conn)?;
    rows.into_iter()
        .map(|r| {
            Ok(Claimed {
                id: read(MailId::parse(&r.id), "mail id")?,
                kind: read(MailKind::parse(&r.kind), "mail kind")?,
                account: read(AccountId::parse(&r.account_id), "account id")?,
                payload: r.payload,
                permission_epoch: r.permission_epoch,
                attempts: r.attempts,
                lease_epoch: r.lease_epoch,
                created_at: utc(r.created_at),
                expires_at: utc(r.expires_at),
            })
        })
        .collect()
}

/// Passes a mail through the last part of the gate: the lease is still ours, the account may get mail, and the
/// member's permissions have not moved since the mail was written. Gives the one-use grant for the address.
///
/// # Errors
/// Database errors only; `None` says the mail must not go out.
pub fn pass_gate(conn: &mut Conn, mail: &Claimed) -> Result<Option<DeliveryGrant>, StoreError> {
    let mine: i64 = o::table
        .filter(
            o::id
                .eq(mail.id.as_str())
                .and(o::lease_epoch.eq(mail.lease_epoch))
                .and(o::state.eq(MailState::Claimed.as_str())),
        )
        .count()
        .get_result(conn)?;
    let disabled: Option<Time> = a::table.filter(a::id.eq(mail.account.as_str())).select(a::disabled_at).first(conn)?;
    let epoch_holds = match mail.permission_epoch {
        None => true,
        Some(epoch) => {
            let now: Option<i64> = m::table
                .filter(m::account_id.eq(mail.account.as_str()))
                .select(m::permission_epoch)
                .first(conn)
                .optional()?;
            now == Some(epoch)
        }
    };
    let passes = mine == 1 && disabled.is_none() && epoch_holds;
    Ok(passes.then(|| DeliveryGrant { account: mail.account.clone() }))
}

/// Marks that the body is about to go on the wire; after a crash from here on nobody can say whether it arrived.
///
/// # Errors
/// Database errors only; `false` when the lease was lost.
pub fn mark_body(conn: &mut Conn, mail: &Claimed) -> Result<bool, StoreError> {
    let row = o::table.filter(o::id.eq(mail.id.as_str()).and(o::lease_epoch.eq(mail.lease_epoch)));
    Ok(diesel::update(row).set(o::phase.eq("body")).execute(conn)? == 1)
}

/// Writes what became of a mail; `false` when the lease was lost and the word of a later worker counts.
///
/// # Errors
/// Database errors only.
pub fn settle(
    conn: &mut Conn,
    mail: &Claimed,
    state: MailState,
    code: Option<&str>,
    due_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = o::table.filter(o::id.eq(mail.id.as_str()).and(o::lease_epoch.eq(mail.lease_epoch)));
    let done = diesel::update(row)
        .set((
            o::state.eq(state.as_str()),
            o::last_code.eq(code),
            o::lease_owner.eq(None::<&str>),
            o::lease_until.eq(None::<Time>),
            o::phase.eq("none"),
        ))
        .execute(conn)?;
    if let Some(due_at) = due_at {
        diesel::update(row).set(o::due_at.eq(at(due_at))).execute(conn)?;
    }
    if state == MailState::Accepted {
        diesel::update(row).set(o::accepted_at.eq(Some(at(now)))).execute(conn)?;
    }
    Ok(done == 1)
}

/// Starts the lease anew, right before the mail goes on the wire; `false` when it was lost.
///
/// # Errors
/// Database errors only.
pub fn renew(conn: &mut Conn, mail: &Claimed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = o::table.filter(
        o::id
            .eq(mail.id.as_str())
            .and(o::lease_epoch.eq(mail.lease_epoch))
            .and(o::state.eq(MailState::Claimed.as_str())),
    );
    let until = o::lease_until.eq(Some(at(now + LEASE)));
    Ok(diesel::update(row).set(until).execute(conn)? == 1)
}

/// Notes that a mail was read again under a newer epoch of the member's permissions.
///
/// # Errors
/// Database errors only.
pub fn set_epoch(conn: &mut Conn, mail: &Claimed, epoch: i64) -> Result<(), StoreError> {
    let row = o::table.filter(o::id.eq(mail.id.as_str()).and(o::lease_epoch.eq(mail.lease_epoch)));
    diesel::update(row).set(o::permission_epoch.eq(Some(epoch))).execute(conn)?;
    Ok(())
}

/// The word or code of the last attempt.
///
/// # Errors
/// `NotFound`.
pub fn last_code(conn: &mut Conn, id: &MailId) -> Result<Option<String>, StoreError> {
    Ok(o::table.filter(o::id.eq(id.as_str())).select(o::last_code).first(conn)?)
}

/// A mail with this payload that still waits for its first worker, kept from being claimed until the caller's
/// transaction ends, so that something can be put into it.
///
/// # Errors
/// Database errors only.
pub fn hold_waiting(
    conn: &mut Conn,
    account: &AccountId,
    kind: MailKind,
    payload: &str,
    now: DateTime<Utc>,
) -> Result<Option<MailId>, StoreError> {
    let waits = o::state.eq(MailState::Queued.as_str());
    let ids: Vec<String> = o::table
        .filter(
            o::account_id
                .eq(account.as_str())
                .and(o::kind.eq(kind.as_str()))
                .and(o::payload.eq(payload))
                .and(o::expires_at.gt(at(now)))
                .and(waits),
        )
        .order(o::due_at)
        .select(o::id)
        .load(conn)?;
    for id in ids {
        // The write locks the row; it finds nothing when a worker was faster.
        let held = diesel::update(o::table.filter(o::id.eq(&id).and(waits))).set(waits).execute(conn)?;
        if held == 1 {
            return Ok(Some(read(MailId::parse(&id), "mail id")?));
        }
    }
    Ok(None)
}
