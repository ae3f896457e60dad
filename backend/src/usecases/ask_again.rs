//! Who has been silent for long is asked once whether alerts are still wanted. Without an answer they end.

use chrono::{DateTime, Duration, Utc};
use domain::MemberId;
use domain::permission::Permissions;
use store::audit::Act;
use store::mail_tokens::{self, NewToken, Purpose};
use store::members::Member;
use store::{Conn, TokenPurpose, digests, member_mail};

use super::set_permissions::{BY_SILENCE, set_permissions};
use crate::app::App;
use crate::error::AppError;
use crate::mail::queue;

/// How long without a sign-in or an act on a page of a mail is silence.
const SILENCE: Duration = Duration::days(180);
/// How long an answer to the question whether alerts are still wanted may take.
pub const ANSWER: Duration = Duration::days(30);
/// Members in one transaction.
const CHUNK: i64 = 100;
/// How long the link that stops alerts works.
const STOP_LIFE: Duration = Duration::days(400);

/// Asks who is silent, and switches the alerts of those off who were asked and did not answer; the profile stays.
///
/// # Errors
/// Database errors only.
pub fn ask_again(conn: &mut Conn, app: &App) -> Result<(), AppError> {
    let now = app.now();
    for id in member_mail::silent_since(conn, now - SILENCE, CHUNK)? {
        ask(conn, app, &id, now)?;
    }
    for (id, account) in member_mail::unanswered_since(conn, now - ANSWER, CHUNK)? {
        let asked_at = member_mail::of(conn, &id)?.asked_at.unwrap_or(now);
        let key = queue::still_wanted_key(&account, &cause(asked_at));
        // A question that no mail server took was not asked.
        if digests::was_taken(conn, &account, &key, now)? { end(conn, app, &id)? } else { ask(conn, app, &id, now)? }
    }
    Ok(())
}

fn cause(asked_at: DateTime<Utc>) -> String {
    asked_at.timestamp().to_string()
}

fn ask(conn: &mut Conn, app: &App, id: &MemberId, now: DateTime<Utc>) -> Result<(), AppError> {
    let member = store::members::find(conn, id)?;
    member_mail::asked(conn, id, now)?;
    let Some(mail) = queue::still_wanted(conn, app, &member, &cause(now))? else { return Ok(()) };
    for (purpose, of, life) in
        [(Purpose::Still, TokenPurpose::Still, SILENCE), (Purpose::Stop, TokenPurpose::Stop, STOP_LIFE)]
    {
        let token = app.vault.token(of, mail.as_str());
        let new = NewToken { purpose, token: &token, member: id, mail: &mail, note: None, expires_at: now + life };
        mail_tokens::add(conn, &new, now)?;
    }
    Ok(())
}

fn end(conn: &mut Conn, app: &App, id: &MemberId) -> Result<(), AppError> {
    let member: Member = store::members::find(conn, id)?;
    let wanted = Permissions { alerts_email: false, ..member.permissions };
    set_permissions(conn, app, &member, wanted, BY_SILENCE)?;
    let act = Act {
        actor: None,
        role: "system",
        action: "alerts.end",
        object: "member",
        id: id.as_str(),
        detail: Some("No sign-in for 180 days and no answer to the question in 30."),
    };
    Ok(store::audit::record(conn, &act, app.now())?)
}

/// Takes a member's yes to the question; the same for a link that is unknown or old.
///
/// # Errors
/// Database errors only.
pub fn still_wanted(conn: &mut Conn, app: &App, token: &str) -> Result<bool, AppError> {
    match mail_tokens::find(conn, Purpose::Still, token, app.now())? {
        Some(found) => {
            member_mail::acted(conn, &found.member, app.now())?;
            Ok(true)
        }
        None => Ok(false),
    }
}
