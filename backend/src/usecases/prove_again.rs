//! Somebody who is signed in proves again who they are, since what comes next needs a fresh proof.

use store::Conn;
use store::accounts::Session;

use super::sign_in::send_link;
use super::take_code::{Refused, take_code};
use crate::app::App;
use crate::error::AppError;

/// Takes a code of the second factor and makes the session fresh.
///
/// # Errors
/// `Conflict` when the account has no second factor.
pub fn prove_again(conn: &mut Conn, app: &App, session: &Session, code: &str) -> Result<Result<(), Refused>, AppError> {
    let account = &session.account.id;
    if store::second_factors::enrolled_at(conn, account)?.is_none() {
        return Err(AppError::Conflict("This account has no second step; sign in again with a new link instead."));
    }
    if let Err(refused) = take_code(conn, app, account, code)? {
        return Ok(Err(refused));
    }
    store::accounts::prove_again(conn, &session.id, app.now())?;
    Ok(Ok(()))
}

/// Mails a new sign-in link to whoever is signed in, which leads back to where they were.
///
/// # Errors
/// Database errors only.
pub fn mail_own_link(conn: &mut Conn, app: &App, session: &Session, next: Option<&str>) -> Result<(), AppError> {
    send_link(conn, app, &session.account.id, next)
}
