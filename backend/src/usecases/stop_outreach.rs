//! The link in every mail of an outreach that stops them, without a sign-in.

use domain::permission::Permissions;
use store::mail_tokens::{self, Purpose};
use store::{Conn, member_mail, members, permissions};

use super::set_permissions;
use crate::app::App;
use crate::error::AppError;

/// Switches `admin_outreach` off for the member whose link this is; what waits is stopped at the gate. `None` for a link
/// that is unknown or too old, `Some(false)` when it was off already: doing it twice is doing it once.
///
/// # Errors
/// Database errors only.
pub fn stop_outreach(conn: &mut Conn, app: &App, token: &str) -> Result<Option<bool>, AppError> {
    let now = app.now();
    let Some(found) = mail_tokens::find(conn, Purpose::StopOutreach, token, now)? else { return Ok(None) };
    let member = members::find(conn, &found.member)?;
    member_mail::acted(conn, &member.id, now)?;
    let before = permissions::live(conn, &member.id)?;
    if !before.admin_outreach {
        return Ok(Some(false));
    }
    set_permissions(conn, app, &member, Permissions { admin_outreach: false, ..before }, "mail_link")?;
    Ok(Some(true))
}

/// True when the link of the page is good; looking changes nothing.
///
/// # Errors
/// Database errors only.
pub fn outreach_link_is_known(conn: &mut Conn, app: &App, token: &str) -> Result<bool, AppError> {
    Ok(mail_tokens::find(conn, Purpose::StopOutreach, token, app.now())?.is_some())
}
