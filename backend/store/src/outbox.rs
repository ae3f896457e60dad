//! The outbox: mails as rows of ids, written in the transaction of their cause, claimed with a lease and fenced.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::mail::{MailClass, MailKind, MailState};
use domain::{AccountId, MailId};

use crate::contacts::{DeliveryGrant, Recipient};
use crate::error::read;
use crate::schema::{accounts as a, members as m, outbox as o};
use crate::time::{Time, at};
use crate::{Conn, StoreError};

mod claim;
mod events;
mod overview;
mod recall;
mod settle;

pub use claim::{Ask, Closed, claim, peek, take};
pub use events::{EVENTS_KEPT, Event, count_of_class, forget as forget_events, of_mail as events_of};
pub use overview::{Depth, Filter, Listed, any_due, any_waiting, depth, exists, find, list, next_due, open};
pub use recall::{cancel_of, discard, retry, retry_all, retry_refused};
pub use settle::{End, Settled, mark_body, settle};

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
    /// What the try before said.
    pub last_code: Option<String>,
    /// And what stood in its way.
    pub last_class: Option<MailClass>,
}

/// Passes a mail through the last part of the gate: the lease is still ours, the account may get mail, and the
/// member's permissions have not moved since the mail was written. Gives the one-use grant for the address.
///
/// # Errors
/// Database errors only; `None` says the mail must not go out.
pub fn pass_gate<'tx>(conn: &'tx mut Conn, mail: &Claimed) -> Result<Option<DeliveryGrant<'tx>>, StoreError> {
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
    let to = match mail.kind {
        MailKind::NewAddress => Recipient::New,
        MailKind::EmailChanged => Recipient::Former,
        _ => Recipient::OnFile,
    };
    Ok(passes.then(|| DeliveryGrant { conn, account: mail.account.clone(), to }))
}

/// Starts the lease anew, right before the conversation about the mail begins; `false` when it was lost.
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
