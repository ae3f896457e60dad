//! The link in every alert that stops alerts, without a sign-in.

use domain::permission::Permissions;
use store::{Conn, mail_tokens, members, permissions};

use super::set_permissions;
use crate::app::App;
use crate::error::AppError;

/// What a link did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopOutcome {
    /// Alerts are off now.
    Stopped,
    /// They were off already.
    AlreadyOff,
    /// No such link, or too old.
    Unknown,
}

/// Switches `alerts_email` off for the member whose link this is, and calls back what is queued. Doing it twice
/// is doing it once.
///
/// # Errors
/// Database errors only.
pub fn stop_alerts(conn: &mut Conn, app: &App, token: &str) -> Result<StopOutcome, AppError> {
    let Some(id) = mail_tokens::stop_of(conn, token, app.now())? else {
        return Ok(StopOutcome::Unknown);
    };
    let before = permissions::live(conn, &id)?;
    if !before.alerts_email {
        return Ok(StopOutcome::AlreadyOff);
    }
    let member = members::find(conn, &id)?;
    let wanted = Permissions { alerts_email: false, ..before };
    set_permissions(conn, app, &member, wanted, "mail_link")?;
    Ok(StopOutcome::Stopped)
}

/// True when the link of the page is good; looking changes nothing.
///
/// # Errors
/// Database errors only.
pub fn stop_token_is_known(conn: &mut Conn, app: &App, token: &str) -> Result<bool, AppError> {
    Ok(mail_tokens::stop_of(conn, token, app.now())?.is_some())
}
