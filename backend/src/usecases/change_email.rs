//! A member changes the address they sign in with: the new one must say that it is theirs, the old one is told, and for
//! three days nothing can be shared, so that whoever had the old one can say that it was not them.

use chrono::{DateTime, Duration, Utc};
use domain::access::Freshness;
use domain::contact::EmailAddress;
use domain::introduction::{EMAIL_HOLD, VoidCause};
use domain::{MemberId, limits};
use store::audit::Act;
use store::contacts::OwnContact;
use store::members::Member;
use store::{Conn, StoreError, TokenPurpose, email_changes};

use super::confirm_address::note_address;
use super::end_introduction::void_of_member;
use crate::app::App;
use crate::errand;
use crate::error::AppError;
use crate::{mail, random};

/// How long the link to the new address works.
const LIFE: Duration = Duration::hours(24);

/// What the link came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The new address is the one on file.
    Changed,
    /// The link is unknown, used or old, or the address belongs to somebody else by now.
    Unknown,
}

/// Asks the new address whether it is the member's; once, however often it is sent. One that somebody has already gets
/// no mail, and the member the same answer: nobody learns here who is known.
///
/// # Errors
/// `FreshSignIn`; `TooMany`.
pub(super) fn propose_email(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    fresh: Freshness,
    new: &EmailAddress,
) -> Result<(), AppError> {
    let (now, owner) = (app.now(), OwnContact::of_signed_in(member.account.clone()));
    if store::contacts::proposed_email(conn, &app.vault, &owner)?.as_ref() == Some(new)
        && email_changes::is_asked(conn, &member.id, now)?
    {
        return Ok(());
    }
    if fresh < Freshness::Recent {
        return Err(AppError::FreshSignIn);
    }
    errand::take(conn, app, limits::Act::ChangeEmail, member.id.as_str())?;
    store::contacts::propose_email(conn, &app.vault, &owner, Some(new), now)?;
    let token_id = random::secret().ok_or_else(|| AppError::internal("no randomness"))?;
    let token = app.vault.token(TokenPurpose::NewAddress, &token_id);
    email_changes::ask(conn, &token, &member.id, now, now + LIFE)?;
    let known = store::contacts::account_of(conn, &app.vault, new)?;
    if known.is_none_or(|account| account == member.account) {
        mail::queue::new_address(conn, app, &member.account, &member.id, &token_id)?;
    }
    Ok(())
}

/// Forgets an address that was to be the new one.
///
/// # Errors
/// Database errors only.
pub(super) fn withdraw_email(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    store::contacts::propose_email(conn, &app.vault, &owner, None, app.now())?;
    Ok(email_changes::forget(conn, &member.id)?)
}

/// The address that waits to be confirmed, for its owner.
///
/// # Errors
/// Database errors only.
pub fn waiting_email(conn: &mut Conn, app: &App, member: &Member) -> Result<Option<EmailAddress>, AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    if !email_changes::is_asked(conn, &member.id, app.now())? {
        return Ok(None);
    }
    Ok(store::contacts::proposed_email(conn, &app.vault, &owner)?)
}

/// True when the link of the page is good; looking changes nothing.
///
/// # Errors
/// Database errors only.
pub fn new_address_is_known(conn: &mut Conn, app: &App, token: &str) -> Result<bool, AppError> {
    Ok(email_changes::asked_of(conn, token, app.now())?.is_some())
}

/// Uses the link up: the new address is on file from now on, the old one is told, what was agreed is over, and whoever is
/// signed in with the old one is signed out.
///
/// # Errors
/// Database errors only.
pub fn confirm_new_address(conn: &mut Conn, app: &App, token: &str) -> Result<Confirmed, AppError> {
    let now = app.now();
    let Some(id) = email_changes::asked_of(conn, token, now)? else { return Ok(Confirmed::Unknown) };
    if !email_changes::use_up(conn, token)? {
        return Ok(Confirmed::Unknown);
    }
    let member = store::members::find(conn, &id)?;
    let adopted =
        store::unless_taken(conn, |conn| match store::contacts::adopt_email(conn, &app.vault, &member.account, now) {
            Err(StoreError::NotFound) => Ok(false),
            adopted => adopted.map(|()| true),
        })?;
    if adopted != Some(true) {
        withdraw_email(conn, app, &member)?;
        return Ok(Confirmed::Unknown);
    }
    store::members::set_email_changed(conn, &id, Some(now))?;
    if let Some(mark) = store::contacts::mark_of(conn, &member.account)? {
        note_address(conn, app, &id, &mark)?;
    }
    void_of_member(conn, app, &id, VoidCause::EmailChanged)?;
    store::accounts::end_sessions(conn, &member.account, now)?;
    mail::queue::email_changed(conn, app, &member.account, &id)?;
    let act = Act {
        actor: Some(&member.account),
        role: "member",
        action: "member.email_change",
        object: "member",
        id: id.as_str(),
        detail: None,
    };
    store::audit::record(conn, &act, now)?;
    Ok(Confirmed::Changed)
}

/// Until when a member can share nothing because the address changed lately.
///
/// # Errors
/// Database errors only.
pub(super) fn held_until(
    conn: &mut Conn,
    id: &MemberId,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let changed = store::members::email_changed_at(conn, id)?;
    Ok(changed.map(|at| at + EMAIL_HOLD).filter(|until| now < *until))
}

/// Forgets new addresses that were not confirmed in time, and former ones that need not be told any more.
///
/// # Errors
/// Database errors only.
pub(super) fn forget_old(conn: &mut Conn, app: &App, now: DateTime<Utc>) -> Result<(), AppError> {
    for id in email_changes::run_out(conn, now)? {
        let member = store::members::find(conn, &id)?;
        withdraw_email(conn, app, &member)?;
    }
    for member in store::members::email_changed_before(conn, now - EMAIL_HOLD)? {
        store::contacts::forget_former_email(conn, &app.vault, &member.account, now)?;
        store::members::set_email_changed(conn, &member.id, None)?;
    }
    Ok(())
}
