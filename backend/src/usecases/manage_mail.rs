//! An admin retries or discards a mail.

use domain::MailId;
use store::Conn;
use store::audit::Act;

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;

fn record(conn: &mut Conn, app: &App, admin: &SignedAdmin, action: &str, id: &MailId) -> Result<(), AppError> {
    let act =
        Act { actor: Some(admin.account()), role: "admin", action, object: "mail", id: id.as_str(), detail: None };
    Ok(store::audit::record(conn, &act, app.now())?)
}

fn explain(error: store::StoreError, found: bool) -> AppError {
    match error {
        store::StoreError::NotFound if found => AppError::Conflict("This mail is not in a state that this follows."),
        other => other.into(),
    }
}

/// Makes a deferred, ambiguous or dead mail due at once; it passes the gate again like any other.
///
/// # Errors
/// `NotFound`; `Conflict` when it is in no such state.
pub fn retry_mail(conn: &mut Conn, app: &App, admin: &SignedAdmin, id: &MailId) -> Result<(), AppError> {
    let found = store::outbox::exists(conn, id)?;
    store::outbox::retry(conn, id, app.now()).map_err(|e| explain(e, found))?;
    record(conn, app, admin, "mail.retry", id)
}

/// Takes a waiting or dead mail out.
///
/// # Errors
/// As `retry_mail`.
pub fn discard_mail(conn: &mut Conn, app: &App, admin: &SignedAdmin, id: &MailId) -> Result<(), AppError> {
    let found = store::outbox::exists(conn, id)?;
    store::outbox::discard(conn, id).map_err(|e| explain(e, found))?;
    record(conn, app, admin, "mail.discard", id)
}
