//! Digests: one for a member, a rhythm and a period, whatever the clock does; and mails that wait for a later hour.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::alert::Cadence;
use domain::mail::MailState;
use domain::{AccountId, MailId, MemberId};

use crate::error::read;
use crate::outbox::Claimed;
use crate::schema::{digest_periods as d, outbox as o};
use crate::time::at;
use crate::{Conn, StoreError};

/// True when the period has its mail.
///
/// # Errors
/// Database errors only.
pub fn is_taken(conn: &mut Conn, member: &MemberId, cadence: Cadence, period: &str) -> Result<bool, StoreError> {
    let key = d::cadence.eq(cadence.as_str()).and(d::period_key.eq(period));
    let there: i64 = d::table.filter(d::member_id.eq(member.as_str()).and(key)).count().get_result(conn)?;
    Ok(there > 0)
}

/// Notes the mail of a period; `Taken` when it has one.
///
/// # Errors
/// `Taken`, and database errors.
pub fn add(
    conn: &mut Conn,
    member: &MemberId,
    cadence: Cadence,
    period: &str,
    mail: &MailId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(d::table)
        .values((
            d::member_id.eq(member.as_str()),
            d::cadence.eq(cadence.as_str()),
            d::period_key.eq(period),
            d::mail_id.eq(mail.as_str()),
            d::at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets periods that are long over.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(d::table.filter(d::at.lt(at(before)))).execute(conn)?;
    Ok(())
}

/// Says until when a mail is worth sending.
///
/// # Errors
/// Database errors only.
pub fn expires(conn: &mut Conn, mail: &MailId, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(o::table.filter(o::id.eq(mail.as_str()))).set(o::expires_at.eq(at(expires_at))).execute(conn)?;
    Ok(())
}

/// Lets a mail in hand wait for a later hour: it was not tried.
///
/// # Errors
/// Database errors only.
pub fn postpone(conn: &mut Conn, mail: &Claimed, due_at: DateTime<Utc>) -> Result<(), StoreError> {
    let row = o::table.filter(o::id.eq(mail.id.as_str()).and(o::lease_epoch.eq(mail.lease_epoch)));
    diesel::update(row).set((o::due_at.eq(at(due_at)), o::attempts.eq(o::attempts - 1))).execute(conn)?;
    Ok(())
}

/// Where a mail stands; nothing when it is gone.
///
/// # Errors
/// Database errors only.
pub fn state_of(conn: &mut Conn, mail: &MailId) -> Result<Option<MailState>, StoreError> {
    let state: Option<String> = o::table.filter(o::id.eq(mail.as_str())).select(o::state).first(conn).optional()?;
    state.map(|state| read(MailState::parse(&state), "mail state")).transpose()
}

/// True when a mail server took a mail of this cause before a moment.
///
/// # Errors
/// Database errors only.
pub fn was_taken(
    conn: &mut Conn,
    account: &AccountId,
    dedupe_key: &str,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let of = o::account_id.eq(account.as_str()).and(o::dedupe_key.eq(dedupe_key));
    let there: i64 = o::table.filter(of.and(o::accepted_at.le(at(before)))).count().get_result(conn)?;
    Ok(there > 0)
}
