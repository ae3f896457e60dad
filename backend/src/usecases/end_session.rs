//! Someone ends one of their own sessions, on this device or another.

use domain::SessionId;
use store::Conn;
use store::accounts::Account;

use crate::app::App;
use crate::error::AppError;

/// Ends it for the next request after the commit.
///
/// # Errors
/// `NotFound` when it is not the account's or is over already.
pub fn end_session(conn: &mut Conn, app: &App, account: &Account, id: &SessionId) -> Result<(), AppError> {
    Ok(store::accounts::revoke_session(conn, &account.id, id, app.now())?)
}
