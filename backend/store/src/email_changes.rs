//! Who is asked to confirm a new address, by the hash of the token in the mail: one for each member. The address itself
//! waits in the sealed contact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::MemberId;

use crate::error::read;
use crate::schema::email_changes as t;
use crate::time::at;
use crate::vault::token_hash;
use crate::{Conn, StoreError};

/// Remembers a token; an earlier one of the member is worth nothing from then on.
///
/// # Errors
/// Database errors only.
pub fn ask(
    conn: &mut Conn,
    token: &str,
    member: &MemberId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    forget(conn, member)?;
    diesel::insert_into(t::table)
        .values((
            t::member_id.eq(member.as_str()),
            t::token_hash.eq(token_hash(token)),
            t::asked_at.eq(at(now)),
            t::expires_at.eq(at(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whose new address a token confirms.
///
/// # Errors
/// Database errors only; an unknown, used or old token is `None`.
pub fn asked_of(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Option<MemberId>, StoreError> {
    let row = t::table.filter(t::token_hash.eq(token_hash(token)).and(t::expires_at.gt(at(now))));
    let id: Option<String> = row.select(t::member_id).first(conn).optional()?;
    id.map(|id| read(MemberId::parse(&id), "member id")).transpose()
}

/// True while a member is asked.
///
/// # Errors
/// Database errors only.
pub fn is_asked(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = t::table.filter(t::member_id.eq(member.as_str()).and(t::expires_at.gt(at(now))));
    let count: i64 = row.count().get_result(conn)?;
    Ok(count > 0)
}

/// Uses a token up; `false` when another request was faster.
///
/// # Errors
/// Database errors only.
pub fn use_up(conn: &mut Conn, token: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(t::table.filter(t::token_hash.eq(token_hash(token)))).execute(conn)? == 1)
}

/// Makes a member's token worth nothing.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, member: &MemberId) -> Result<(), StoreError> {
    diesel::delete(t::table.filter(t::member_id.eq(member.as_str()))).execute(conn)?;
    Ok(())
}

/// The members whose tokens have run out.
///
/// # Errors
/// Database errors only.
pub fn run_out(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<MemberId>, StoreError> {
    let ids: Vec<String> = t::table.filter(t::expires_at.le(at(now))).select(t::member_id).load(conn)?;
    ids.iter().map(|id| read(MemberId::parse(id), "member id")).collect()
}
