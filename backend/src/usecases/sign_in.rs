//! Sign-in by a one-time mail link.

use chrono::{DateTime, Duration, Utc};
use domain::contact::{Contact, EmailAddress, PersonName};
use domain::limits::Act;
use domain::standing::Role;
use domain::{AccountId, SessionId};
use store::accounts::{Account, NewSignInToken, Session, UsedLink};
use store::contacts::EmailMark;
use store::{Conn, StoreError, TokenPurpose, Vault};

use super::confirm_address::note_address;
use super::invite_seat::accept_seat;
use super::take_code::{Refused, take_code};
use crate::app::App;
use crate::auth::SESSION_LIFE;
use crate::client::Client;
use crate::errand;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::{mail, random};

/// Life of a link.
const LINK_LIFE: Duration = Duration::minutes(15);
/// How often the use of a session is written down.
const SEEN_EVERY: Duration = Duration::minutes(1);
/// Links an account may ask for in that time; more are silently not sent.
const LINKS_AT_MOST: i64 = 5;

/// Takes in that somebody wants a sign-in link. Whether the address has an account is looked at afterwards, by a job,
/// so that neither the answer nor the time it takes can tell. Whoever asks too often from one address gets the same
/// answer and no link.
///
/// # Errors
/// Database errors only.
pub fn request_sign_in(
    conn: &mut Conn,
    app: &App,
    client: Client,
    email: &EmailAddress,
    next: Option<&str>,
) -> Result<(), AppError> {
    if errand::take_in_silence(conn, app, Act::AskForLink, client)? {
        mail_link_later(conn, app, email, next)?;
    }
    Ok(())
}

/// Adds the job that mails a link to whoever has this address.
pub(super) fn mail_link_later(
    conn: &mut Conn,
    app: &App,
    email: &EmailAddress,
    next: Option<&str>,
) -> Result<(), AppError> {
    let to = EmailMark::of(&app.vault, email);
    let next = next.filter(|n| is_local_path(n)).map(str::to_owned);
    jobs::add(conn, app, &Job::MailLink { to, next })
}

/// Writes a sign-in mail when the address belongs to an account that may sign in.
///
/// # Errors
/// Database errors only.
pub fn mail_link(conn: &mut Conn, app: &App, to: &EmailMark, next: Option<&str>) -> Result<(), AppError> {
    match store::contacts::account_marked(conn, to)? {
        Some(id) => send_link(conn, app, &id, next),
        None => Ok(()),
    }
}

/// Notes that a link is tried, in a transaction of its own: a try counts whatever comes of it.
///
/// # Errors
/// `TooMany` when this address tries too often.
pub async fn try_link(app: &App, client: Client) -> Result<(), AppError> {
    match client.label() {
        Some(address) => errand::take_alone(app, Act::ConfirmLink, address).await,
        None => Ok(()),
    }
}

/// Writes a sign-in mail for an account.
///
/// # Errors
/// Database errors only.
pub(super) fn send_link(conn: &mut Conn, app: &App, id: &AccountId, next: Option<&str>) -> Result<(), AppError> {
    let account = store::accounts::find(conn, id)?;
    let asked = store::accounts::sign_in_tokens_since(conn, id, app.now() - LINK_LIFE)?;
    if account.disabled || asked >= LINKS_AT_MOST {
        return Ok(());
    }
    let mark = store::contacts::mark_of(conn, id)?;
    let token_id = remember_link(conn, &app.vault, id, next, mark.as_ref(), app.now())?;
    mail::queue::sign_in(conn, app, id, &token_id)
}

/// Makes a link for an operator or the demo; it is not mailed. Takes what it needs and no whole application, so that
/// the command line can make one while a server holds the index.
///
/// # Errors
/// Database errors only.
pub fn new_link(
    conn: &mut Conn,
    vault: &Vault,
    public_url: &str,
    id: &AccountId,
    now: DateTime<Utc>,
) -> Result<String, AppError> {
    let token_id = remember_link(conn, vault, id, None, None, now)?;
    Ok(format!("{public_url}/sign-in/{}", vault.token(TokenPurpose::SignIn, &token_id)))
}

fn remember_link(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    next: Option<&str>,
    mailed_to: Option<&EmailMark>,
    now: DateTime<Utc>,
) -> Result<String, AppError> {
    let id = random::secret().ok_or_else(|| AppError::internal("no randomness"))?;
    let token = vault.token(TokenPurpose::SignIn, &id);
    let new = NewSignInToken {
        id: &id,
        token: &token,
        account,
        next_path: next.filter(|n| is_local_path(n)),
        mailed_to,
        expires_at: now + LINK_LIFE,
    };
    store::accounts::add_sign_in_token(conn, &new, now)?;
    Ok(id)
}

/// A path of this site and nothing that a browser could read as another one.
fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 300
        && !path.chars().any(|c| c.is_control() || c == '\\')
}

/// A session that was just opened.
pub struct Opened {
    /// Its secret: the cookie's value and the refresh token.
    pub token: String,
    /// The session.
    pub id: SessionId,
    /// Whose.
    pub account: Account,
    /// Where the person wanted to go.
    pub next: Option<String>,
}

/// Uses a link up and opens a session. An account with a second factor needs a code as well; without a right one the
/// link stays good.
///
/// # Errors
/// `NotFound` when the link is used, run out or unknown.
pub fn confirm_sign_in(
    conn: &mut Conn,
    app: &App,
    token: &str,
    code: Option<&str>,
) -> Result<Result<Opened, Refused>, AppError> {
    let now = app.now();
    if let Some(account) = needs_code(conn, token, now)?
        && let Err(refused) = take_code(conn, app, &account, code.unwrap_or_default())?
    {
        return Ok(Err(refused));
    }
    let UsedLink { account, next, mailed_to } = store::accounts::use_sign_in_token(conn, token, now)?;
    let secret = random::secret().ok_or_else(|| AppError::internal("no randomness"))?;
    let id = random::id(SessionId::from_uuid);
    store::accounts::add_session(conn, &id, &secret, &account.id, now, now + SESSION_LIFE)?;
    if account.role == Role::Company {
        accept_seat(conn, &account.id, now)?;
    }
    if account.role == Role::Member {
        // Members without a permission are in no index; what fits them is judged now.
        let member = store::members::by_account(conn, &account.id)?.id;
        store::member_mail::acted(conn, &member, now)?;
        if let Some(mark) = mailed_to {
            // Whoever has the link of a mail has the mailbox.
            note_address(conn, app, &member, &mark)?;
        }
        jobs::add(conn, app, &Job::MatchMember { member })?;
    }
    Ok(Ok(Opened { token: secret, id, account, next }))
}

/// Whose code a live link needs, when its account has a second factor.
///
/// # Errors
/// `NotFound` when the link is used, run out or unknown.
pub fn needs_code(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Option<AccountId>, AppError> {
    let account = store::accounts::account_of_link(conn, token, now)?.id;
    Ok(store::second_factors::enrolled_at(conn, &account)?.map(|_| account))
}

/// Finds the live session of a secret and notes, once a minute at most, that it was used.
///
/// # Errors
/// `SignIn` when it is over or unknown.
pub fn refresh_session(conn: &mut Conn, app: &App, secret: &str) -> Result<Session, AppError> {
    let now = app.now();
    let session = store::accounts::session_by_token(conn, secret, now).map_err(|e| match e {
        StoreError::NotFound => AppError::SignIn,
        other => other.into(),
    })?;
    if now - session.seen_at > SEEN_EVERY {
        store::accounts::touch_session(conn, &session.id, now)?;
    }
    Ok(session)
}

/// Ends the session.
///
/// # Errors
/// Database errors only; a session that is over already is no error.
pub fn sign_out(conn: &mut Conn, app: &App, session: &Session) -> Result<(), AppError> {
    match store::accounts::revoke_session(conn, &session.account.id, &session.id, app.now()) {
        Ok(()) | Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Makes an admin of an address, or finds the admin it already is; one who was taken out is let in again.
///
/// # Errors
/// `Conflict` when the address belongs to a member or a company.
pub fn add_admin(
    conn: &mut Conn,
    vault: &Vault,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<AccountId, AppError> {
    if let Some(id) = store::contacts::account_of(conn, vault, email)? {
        let account = store::accounts::find(conn, &id)?;
        if account.role != Role::Admin {
            return Err(AppError::Conflict(
                "This address belongs to a member or a company; use another one for the admin.",
            ));
        }
        if account.disabled {
            store::accounts::enable(conn, &id)?;
            record_admin(conn, &id, now)?;
        }
        return Ok(id);
    }
    let id = random::id(AccountId::from_uuid);
    let name = PersonName::parse("Community admin").ok_or_else(|| AppError::internal("a fixed name"))?;
    let contact = Contact { name, email: email.clone(), phone: None, npi: None, cv: None, licences: Vec::new() };
    store::accounts::create(conn, &id, Role::Admin, now)?;
    store::contacts::put(conn, vault, &id, &contact, now)?;
    record_admin(conn, &id, now)?;
    Ok(id)
}

fn record_admin(conn: &mut Conn, id: &AccountId, now: DateTime<Utc>) -> Result<(), AppError> {
    let act = store::audit::Act {
        actor: None,
        role: "operator",
        action: "admin.add",
        object: "account",
        id: id.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, now)?)
}
