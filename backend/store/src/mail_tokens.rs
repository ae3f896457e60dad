//! Hashes of the tokens in mail links that work without a session.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{MailId, MemberId};

use crate::error::read;
use crate::schema::mail_tokens as t;
use crate::time::{Time, at, utc};
use crate::vault::token_hash;
use crate::{Conn, StoreError};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Stops, pauses or changes alerts. Works again and again: stopping twice is stopping.
    Stop,
    /// Confirms the address, once.
    Confirm,
    /// Says that mail is still wanted.
    Still,
    /// Stops what the community team writes. Works again and again.
    StopOutreach,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Confirm => "confirm",
            Self::Still => "still",
            Self::StopOutreach => "stop_outreach",
        }
    }
}

/// A token to be remembered; only its hash is stored.
pub struct NewToken<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The token in the link.
    pub token: &'a str,
    /// Whose.
    pub member: &'a MemberId,
    /// The mail it stands in.
    pub mail: &'a MailId,
    /// The address that it confirms, as `EmailMark::word` writes it.
    pub note: Option<&'a str>,
    /// Its end.
    pub expires_at: DateTime<Utc>,
}

/// Remembers a token.
///
/// # Errors
/// Database errors only.
pub fn add(conn: &mut Conn, new: &NewToken<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(t::table)
        .values((
            t::token_hash.eq(token_hash(new.token)),
            t::purpose.eq(new.purpose.as_str()),
            t::member_id.eq(new.member.as_str()),
            t::subject.eq(Some(new.mail.as_str())),
            t::note.eq(new.note),
            t::created_at.eq(at(now)),
            t::expires_at.eq(at(new.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A token that is known and not out of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailToken {
    /// Whose.
    pub member: MemberId,
    /// The mail it stands in; older ones do not say.
    pub mail: Option<MailId>,
    /// What its last act changed, or the address that it confirms.
    pub note: Option<String>,
    /// Since when it is known.
    pub created_at: DateTime<Utc>,
    /// When it was used, of a token that works once.
    pub used_at: Option<DateTime<Utc>>,
}

/// Finds a token.
///
/// # Errors
/// Database errors only; an unknown or old token is `None`.
pub fn find(
    conn: &mut Conn,
    purpose: Purpose,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<MailToken>, StoreError> {
    type Found = (String, Option<String>, Option<String>, Time, Option<Time>);
    let live = t::purpose.eq(purpose.as_str()).and(t::expires_at.gt(at(now)));
    let found: Option<Found> = t::table
        .filter(t::token_hash.eq(token_hash(token)).and(live))
        .select((t::member_id, t::subject, t::note, t::created_at, t::used_at))
        .first(conn)
        .optional()?;
    found
        .map(|(member, mail, note, created_at, used_at)| {
            Ok(MailToken {
                member: read(MemberId::parse(&member), "member id")?,
                mail: mail.map(|id| read(MailId::parse(&id), "mail id")).transpose()?,
                note,
                created_at: utc(created_at),
                used_at: used_at.map(utc),
            })
        })
        .transpose()
}

/// Remembers what an act of a token changed, or that there is nothing to undo.
///
/// # Errors
/// Database errors only.
pub fn set_note(conn: &mut Conn, token: &str, note: Option<&str>) -> Result<(), StoreError> {
    diesel::update(t::table.filter(t::token_hash.eq(token_hash(token)))).set(t::note.eq(note)).execute(conn)?;
    Ok(())
}

/// Uses a token up that works once; `false` when it was used before.
///
/// # Errors
/// Database errors only.
pub fn use_up(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let unused = t::table.filter(t::token_hash.eq(token_hash(token)).and(t::used_at.is_null()));
    Ok(diesel::update(unused).set(t::used_at.eq(Some(at(now)))).execute(conn)? == 1)
}

/// Forgets tokens that are out of date.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(t::table.filter(t::expires_at.lt(at(before)))).execute(conn)?;
    Ok(())
}
