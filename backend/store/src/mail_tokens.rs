//! Hashes of the tokens in mail links that work without a session.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::MemberId;

use crate::error::read;
use crate::schema::mail_tokens as t;
use crate::time::at;
use crate::vault::token_hash;
use crate::{Conn, StoreError};

/// Remembers a token that stops alerts.
///
/// # Errors
/// Database errors only.
pub fn add_stop(
    conn: &mut Conn,
    token: &str,
    member: &MemberId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(t::table)
        .values((
            t::token_hash.eq(token_hash(token)),
            t::purpose.eq("stop"),
            t::member_id.eq(member.as_str()),
            t::created_at.eq(at(now)),
            t::expires_at.eq(at(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whose alerts a token stops; it stays good, since stopping twice is stopping.
///
/// # Errors
/// Database errors only; an unknown or old token is `None`.
pub fn stop_of(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Option<MemberId>, StoreError> {
    let id: Option<String> = t::table
        .filter(t::token_hash.eq(token_hash(token)).and(t::purpose.eq("stop")).and(t::expires_at.gt(at(now))))
        .select(t::member_id)
        .first(conn)
        .optional()?;
    id.map(|id| read(MemberId::parse(&id), "member id")).transpose()
}
