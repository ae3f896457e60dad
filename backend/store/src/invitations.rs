//! Invitation codes: made by admins, used once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AccountId, MemberId};

use crate::schema::invitations as i;
use crate::time::at;
use crate::vault::token_hash;
use crate::{Conn, StoreError};

/// Remembers a code by its hash.
///
/// # Errors
/// Database errors only.
pub fn add(
    conn: &mut Conn,
    code: &str,
    by: &AccountId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(i::table)
        .values((
            i::code_hash.eq(token_hash(code)),
            i::created_by.eq(by.as_str()),
            i::created_at.eq(at(now)),
            i::expires_at.eq(at(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses a code up for a member; `false` when it is unknown, used or expired.
///
/// # Errors
/// Database errors only.
pub fn redeem(conn: &mut Conn, code: &str, member: &MemberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = diesel::update(live(code, now))
        .set((i::used_at.eq(Some(at(now))), i::used_by.eq(Some(member.as_str()))))
        .execute(conn)?;
    Ok(done == 1)
}

/// Withdraws the codes of an admin that nobody has used.
///
/// # Errors
/// Database errors only.
pub fn withdraw_of(conn: &mut Conn, by: &AccountId) -> Result<(), StoreError> {
    diesel::delete(i::table.filter(i::created_by.eq(by.as_str()).and(i::used_at.is_null()))).execute(conn)?;
    Ok(())
}

/// True when a code could be used.
///
/// # Errors
/// Database errors only.
pub fn is_live(conn: &mut Conn, code: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let count: i64 = live(code, now).count().get_result(conn)?;
    Ok(count > 0)
}

#[diesel::dsl::auto_type]
fn live(code: &str, now: DateTime<Utc>) -> _ {
    let hash: Vec<u8> = token_hash(code);
    let moment: crate::Time = at(now);
    i::table.filter(i::code_hash.eq(hash).and(i::used_at.is_null()).and(i::expires_at.gt(moment)))
}
