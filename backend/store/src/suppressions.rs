//! Addresses that get no mail, and the strikes that lead there. Keyed hashes only: they outlive the account.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Timestamp};
use domain::MailId;
use domain::mail::{MailClass, SuppressionReason, SuppressionScope};

use crate::contacts::EmailMark;
use crate::error::read;
use crate::schema::{address_strikes as k, suppressions as s};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// How long a strike counts at most.
pub const STRIKES_KEPT: Duration = Duration::days(14);

/// That an address gets no mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// How far.
    pub scope: SuppressionScope,
    /// Why.
    pub reason: SuppressionReason,
    /// Where it is known from: codes of an answer, `inbound`, or `admin`.
    pub source: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Writes that an address gets no mail. A final reason is never replaced by a lesser one.
///
/// # Errors
/// Database errors only.
pub fn add(
    conn: &mut Conn,
    address: &EmailMark,
    scope: SuppressionScope,
    reason: SuppressionReason,
    source: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known = of(conn, address)?.into_iter().find(|known| known.scope == scope);
    if known.is_some_and(|known| known.reason.is_final() && !reason.is_final()) {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO suppressions (address_hmac, scope, reason, source, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (address_hmac, scope) DO UPDATE SET reason = excluded.reason, source = excluded.source, \
         at = excluded.at",
    )
    .bind::<Binary, _>(address.as_bytes())
    .bind::<Text, _>(scope.as_str())
    .bind::<Text, _>(reason.as_str())
    .bind::<Text, _>(source)
    .bind::<Timestamp, _>(at(now))
    .execute(conn)?;
    Ok(())
}

/// What holds mail to an address back.
///
/// # Errors
/// Database errors only.
pub fn of(conn: &mut Conn, address: &EmailMark) -> Result<Vec<Suppression>, StoreError> {
    let rows: Vec<(String, String, String, Time)> = s::table
        .filter(s::address_hmac.eq(address.as_bytes()))
        .order(s::scope)
        .select((s::scope, s::reason, s::source, s::at))
        .load(conn)?;
    rows.into_iter()
        .map(|(scope, reason, source, since)| {
            Ok(Suppression {
                scope: read(SuppressionScope::parse(&scope), "scope of a suppression")?,
                reason: read(SuppressionReason::parse(&reason), "reason of a suppression")?,
                source,
                at: utc(since),
            })
        })
        .collect()
}

/// Lets mail go to an address again; `false` when nothing of this scope held it back.
///
/// # Errors
/// Database errors only.
pub fn lift(conn: &mut Conn, address: &EmailMark, scope: SuppressionScope) -> Result<bool, StoreError> {
    let row = s::table.filter(s::address_hmac.eq(address.as_bytes()).and(s::scope.eq(scope.as_str())));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// Counts a mail that did not arrive against its address, once.
///
/// # Errors
/// Database errors only.
pub fn strike(
    conn: &mut Conn,
    address: &EmailMark,
    mail: &MailId,
    class: MailClass,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::sql_query(
        "INSERT INTO address_strikes (address_hmac, mail_id, class, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<Binary, _>(address.as_bytes())
    .bind::<Text, _>(mail.as_str())
    .bind::<Text, _>(class.as_str())
    .bind::<Timestamp, _>(at(now))
    .execute(conn)?;
    Ok(())
}

/// How many mails count against an address for this since a moment.
///
/// # Errors
/// Database errors only.
pub fn strikes(
    conn: &mut Conn,
    address: &EmailMark,
    class: MailClass,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    Ok(k::table
        .filter(k::address_hmac.eq(address.as_bytes()).and(k::class.eq(class.as_str())).and(k::at.gt(at(since))))
        .count()
        .get_result(conn)?)
}

/// A mail arrived: what counted against the address counts no more.
///
/// # Errors
/// Database errors only.
pub fn forgive(conn: &mut Conn, address: &EmailMark) -> Result<(), StoreError> {
    diesel::delete(k::table.filter(k::address_hmac.eq(address.as_bytes()))).execute(conn)?;
    Ok(())
}

/// Removes strikes older than a moment.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(k::table.filter(k::at.lt(at(before)))).execute(conn)?)
}
