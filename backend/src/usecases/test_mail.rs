//! An admin wants to see what alerts look like.

use store::Conn;

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::mail;

/// Mails the newest live openings to the admin who asks, as members get them.
///
/// # Errors
/// `Conflict` when no alert could be sent.
pub fn test_mail(conn: &mut Conn, app: &App, admin: &SignedAdmin) -> Result<(), AppError> {
    if app.config.postal_address.is_none() {
        return Err(AppError::Conflict("Set ROSTERLINE_POSTAL_ADDRESS first: no alert goes out without it."));
    }
    mail::queue::alert_test(conn, app, admin.account())
}
