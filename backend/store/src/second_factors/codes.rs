//! Codes for a lost phone, and how many wrong codes an account has given.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::AccountId;
use domain::second_factor::{Code, MISSES_AT_MOST, MISSES_WITHIN};

use crate::schema::{recovery_codes as r, second_factor_misses as m};
use crate::time::{Time, at, utc};
use crate::vault::Vault;
use crate::{Conn, StoreError};

/// Replaces an account's recovery codes.
///
/// # Errors
/// `Corrupt` for a text that is no recovery code.
pub fn renew_codes(conn: &mut Conn, vault: &Vault, account: &AccountId, codes: &[String]) -> Result<(), StoreError> {
    diesel::delete(r::table.filter(r::account_id.eq(account.as_str()))).execute(conn)?;
    for code in codes {
        let Some(Code::Recovery(letters)) = Code::parse(code) else {
            return Err(StoreError::Corrupt("recovery code"));
        };
        diesel::insert_into(r::table)
            .values((r::account_id.eq(account.as_str()), r::code_hash.eq(hash(vault, account, &letters))))
            .execute(conn)?;
    }
    Ok(())
}

/// How many recovery codes an account has left.
///
/// # Errors
/// Database errors only.
pub fn codes_left(conn: &mut Conn, account: &AccountId) -> Result<i64, StoreError> {
    Ok(r::table.filter(r::account_id.eq(account.as_str()).and(r::used_at.is_null())).count().get_result(conn)?)
}

/// Uses a recovery code up; `false` when it is unknown or was used.
pub(super) fn use_code(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    letters: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let same = r::account_id.eq(account.as_str()).and(r::code_hash.eq(hash(vault, account, letters)));
    let unused = r::table.filter(same.and(r::used_at.is_null()));
    Ok(diesel::update(unused).set(r::used_at.eq(Some(at(now)))).execute(conn)? == 1)
}

/// Keyed, since fifty bits could be tried through by whoever has the database.
fn hash(vault: &Vault, account: &AccountId, letters: &str) -> Vec<u8> {
    vault.blind_index("recovery/v1", &format!("{account}|{letters}"))
}

/// From when on the next code is looked at, when too many wrong ones were given.
pub(super) fn waits_until(
    conn: &mut Conn,
    account: &AccountId,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let most = i64::try_from(MISSES_AT_MOST).unwrap_or(i64::MAX);
    let lately: Vec<Time> = m::table
        .filter(m::account_id.eq(account.as_str()).and(m::at.gt(at(now - MISSES_WITHIN))))
        .order(m::at.desc())
        .limit(most)
        .select(m::at)
        .load(conn)?;
    Ok(lately.get(MISSES_AT_MOST - 1).map(|oldest| utc(*oldest) + MISSES_WITHIN))
}

/// Remembers a wrong code and forgets those that no longer count.
pub(super) fn note_miss(conn: &mut Conn, account: &AccountId, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of_account = m::account_id.eq(account.as_str());
    diesel::delete(m::table.filter(of_account.and(m::at.le(at(now - MISSES_WITHIN))))).execute(conn)?;
    diesel::insert_into(m::table)
        .values((m::id.eq(id), m::account_id.eq(account.as_str()), m::at.eq(at(now))))
        .execute(conn)?;
    Ok(())
}
