//! Alerts go to an address whose owner has shown that it is theirs.

use chrono::Duration;
use domain::MemberId;
use store::contacts::EmailMark;
use store::mail_tokens::{self, NewToken, Purpose};
use store::members::Member;
use store::{Conn, TokenPurpose, contacts, member_mail};

use super::manage_alerts::replan;
use crate::app::App;
use crate::error::AppError;
use crate::mail::queue;

/// How long the link works.
const LINK_LIFE: Duration = Duration::hours(48);
/// The least time between two such mails.
const AGAIN: Duration = Duration::minutes(10);

/// Mails the link that confirms the address of a member whose address is not confirmed; one in ten minutes at most.
///
/// # Errors
/// Database errors only.
pub fn ask_to_confirm(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    let Some(mark) = contacts::mark_of(conn, &member.account)? else { return Ok(()) };
    if member_mail::of(conn, &member.id)?.confirmed.as_ref() == Some(&mark) {
        return Ok(());
    }
    let now = app.now();
    let slot = now.timestamp() / AGAIN.num_seconds();
    if let Some(mail) = queue::confirm_address(conn, app, &member.account, &member.id, &slot.to_string())? {
        let token = app.vault.token(TokenPurpose::Confirm, mail.as_str());
        let new = NewToken {
            purpose: Purpose::Confirm,
            token: &token,
            member: &member.id,
            mail: &mail,
            note: Some(&mark.word()),
            expires_at: now + LINK_LIFE,
        };
        mail_tokens::add(conn, &new, now)?;
    }
    Ok(())
}

/// Notes that an address is confirmed. When it is not the member's any more, that says nothing about the one that is.
///
/// # Errors
/// Database errors only.
pub(super) fn note_address(conn: &mut Conn, app: &App, member: &MemberId, mark: &EmailMark) -> Result<(), AppError> {
    if member_mail::of(conn, member)?.confirmed.as_ref() != Some(mark) {
        member_mail::confirm(conn, member, mark, app.now())?;
        let member = store::members::find(conn, member)?;
        replan(conn, app, &member)?;
    }
    Ok(())
}

/// Uses the link of a confirmation up. An unknown, old or used one does nothing, and nobody can tell.
///
/// # Errors
/// Database errors only.
pub fn confirm_address(conn: &mut Conn, app: &App, token: &str) -> Result<(), AppError> {
    let now = app.now();
    let Some(found) = mail_tokens::find(conn, Purpose::Confirm, token, now)? else { return Ok(()) };
    if !mail_tokens::use_up(conn, token, now)? {
        return Ok(());
    }
    let member = store::members::find(conn, &found.member)?;
    member_mail::acted(conn, &member.id, now)?;
    match found.note.as_deref().and_then(EmailMark::parse) {
        Some(mark) => note_address(conn, app, &member.id, &mark),
        None => Ok(()),
    }
}
