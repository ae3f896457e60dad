//! Somebody sets up, renews or takes off the second factor of the account they are signed in to. Each of it is mailed to
//! the account, so that nobody else does it unnoticed.

use domain::AccountId;
use domain::access::needs_second_factor;
use domain::second_factor::{Code, RECOVERY_CODES, SecondFactorChange};
use store::accounts::Session;
use store::audit::Act;
use store::{Conn, StoreError, Zeroizing, second_factors};

use super::take_code::Refused;
use crate::app::App;
use crate::auth::SignedIn;
use crate::error::AppError;
use crate::mail::queue;
use crate::random;

/// Recovery codes, shown once. Wiped when dropped.
pub type RecoveryCodes = Vec<Zeroizing<String>>;

/// Makes a new secret, which is in force once a code of it was given; one that is in force stays until then.
///
/// # Errors
/// Database errors only.
pub fn begin_second_factor(conn: &mut Conn, app: &App, session: &Session) -> Result<(), AppError> {
    let id = random::id(|id| id.to_string());
    Ok(second_factors::begin(conn, &app.vault, &session.account.id, &id, app.now())?)
}

/// The secret that waits for its first code, as apps take it.
///
/// # Errors
/// Internal when the key does not open it.
pub fn waiting_secret(conn: &mut Conn, app: &App, account: &AccountId) -> Result<Option<Zeroizing<String>>, AppError> {
    Ok(second_factors::pending(conn, &app.vault, account)?)
}

/// What an authenticator app reads from a picture or a link (the "key URI" format). It names the site and the role,
/// not the person.
#[must_use]
pub fn key_uri(app: &App, session: &Session, secret: &str) -> Zeroizing<String> {
    let host = app.public_url.split_once("://").map_or(app.public_url.as_str(), |(_, rest)| rest);
    let label: String = format!("{host} ({})", session.account.role).bytes().map(percent).collect();
    Zeroizing::new(format!(
        "otpauth://totp/Rosterline:{label}?secret={secret}&issuer=Rosterline&algorithm=SHA1&digits=6&period=30"
    ))
}

fn percent(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}

/// Takes the first code of the waiting secret: it is in force, every other session ends, since none of them has given
/// a code, and new recovery codes replace the former ones.
///
/// # Errors
/// `Conflict` when no secret waits.
pub fn confirm_second_factor(
    conn: &mut Conn,
    app: &App,
    session: &Session,
    code: &str,
) -> Result<Result<RecoveryCodes, Refused>, AppError> {
    if code.trim().is_empty() {
        return Ok(Err(Refused::Needed));
    }
    let Some(code) = Code::parse(code).filter(|code| matches!(code, Code::App(_))) else {
        return Ok(Err(Refused::Malformed));
    };
    let account = &session.account.id;
    let codes = new_codes()?;
    let texts: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
    match second_factors::confirm(conn, &app.vault, account, &code, &texts, app.now()) {
        Ok(true) => {}
        Ok(false) => return Ok(Err(Refused::Wrong)),
        Err(StoreError::NotFound) => {
            return Err(AppError::Conflict("Nothing waits to be confirmed; begin the setup again."));
        }
        Err(error) => return Err(error.into()),
    }
    store::accounts::end_other_sessions(conn, account, &session.id, app.now())?;
    // A code was just given: as good a proof as at sign-in.
    store::accounts::prove_again(conn, &session.id, app.now())?;
    record(conn, app, session, "second_factor.confirm")?;
    queue::second_factor(conn, account, SecondFactorChange::SetUp, app.now())?;
    Ok(Ok(codes))
}

/// Replaces the recovery codes.
///
/// # Errors
/// `Conflict` when there is no second factor in force.
pub fn renew_recovery_codes(conn: &mut Conn, app: &App, session: &Session) -> Result<RecoveryCodes, AppError> {
    let account = &session.account.id;
    must_be_enrolled(conn, account)?;
    let codes = new_codes()?;
    let texts: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
    second_factors::renew_codes(conn, &app.vault, account, &texts)?;
    record(conn, app, session, "second_factor.new_codes")?;
    queue::second_factor(conn, account, SecondFactorChange::NewCodes, app.now())?;
    Ok(codes)
}

/// Takes the second factor off.
///
/// # Errors
/// `Conflict` when there is none, and for those whose role needs one.
pub fn remove_second_factor(conn: &mut Conn, app: &App, who: &SignedIn) -> Result<(), AppError> {
    let session = who.session().ok_or(AppError::SignIn)?;
    must_be_enrolled(conn, &session.account.id)?;
    if !may_do_without(who) {
        return Err(AppError::Conflict(
            "Admins and company owners keep their second step; set up another one instead.",
        ));
    }
    second_factors::remove(conn, &session.account.id)?;
    record(conn, app, session, "second_factor.remove")?;
    queue::second_factor(conn, &session.account.id, SecondFactorChange::TakenOff, app.now())
}

/// True for those whose role needs no second factor.
#[must_use]
pub fn may_do_without(who: &SignedIn) -> bool {
    match who {
        SignedIn::Visitor | SignedIn::Enrolling(_) => false,
        SignedIn::Member(m) => !needs_second_factor(m.session.account.role, None),
        SignedIn::Seat(s) => !needs_second_factor(s.session.account.role, Some(s.seat.role)),
        SignedIn::Admin(a) => !needs_second_factor(a.session.account.role, None),
    }
}

/// Takes the second factor off an account whose phone and recovery codes are lost, and ends its sessions: for the
/// operator, who has made sure who asks.
///
/// # Errors
/// `Conflict` when there is none.
pub fn reset_second_factor(
    conn: &mut Conn,
    account: &AccountId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), AppError> {
    must_be_enrolled(conn, account)?;
    second_factors::remove(conn, account)?;
    store::accounts::end_sessions(conn, account, now)?;
    let act = Act {
        actor: None,
        role: "operator",
        action: "second_factor.reset",
        object: "account",
        id: account.as_str(),
        detail: None,
    };
    store::audit::record(conn, &act, now)?;
    queue::second_factor(conn, account, SecondFactorChange::Reset, now)
}

fn must_be_enrolled(conn: &mut Conn, account: &AccountId) -> Result<(), AppError> {
    match second_factors::enrolled_at(conn, account)? {
        Some(_) => Ok(()),
        None => Err(AppError::Conflict("This account has no second step.")),
    }
}

fn new_codes() -> Result<RecoveryCodes, AppError> {
    let code = |_| random::short_code().map(Zeroizing::new).ok_or_else(|| AppError::internal("no randomness"));
    (0..RECOVERY_CODES).map(code).collect()
}

fn record(conn: &mut Conn, app: &App, session: &Session, action: &str) -> Result<(), AppError> {
    let id = &session.account.id;
    let role = session.account.role.as_str();
    let act = Act { actor: Some(id), role, action, object: "account", id: id.as_str(), detail: None };
    Ok(store::audit::record(conn, &act, app.now())?)
}
