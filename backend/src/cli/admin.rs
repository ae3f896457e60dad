//! What only the operator decides about people: who is an admin no more, who may look at contacts, whose lost second factor
//! is taken off, and who gets mail again that came back. Works beside a running server, which reads the decision with the
//! next request.

use domain::contact::EmailAddress;

use super::{account_of, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::AppError;
use crate::server::{Ground, StartError};
use crate::usecases;

/// Gives or takes an admin's sight of contacts.
///
/// # Errors
/// When the address belongs to no admin.
pub fn contacts(config: &Config, email: &EmailAddress, yes: bool) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    let changed = ground.db.write::<_, AppError>(|conn| {
        let admin = account_of(conn, &ground, email)?;
        usecases::let_admin_look(conn, &admin, yes, Clock::system().now())
    })?;
    say(match (yes, changed) {
        (true, true) => {
            "This admin may look at a contact now: of members who allow it, with a reason, and the member is told."
        }
        (true, false) => "This admin may look at contacts already; nothing was changed.",
        (false, true) => "This admin may no longer look at contacts.",
        (false, false) => "This admin may not look at contacts anyway; nothing was changed.",
    });
    Ok(())
}

/// Shuts an admin out.
///
/// # Errors
/// When the address belongs to no admin.
pub fn remove(config: &Config, email: &EmailAddress) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    ground.db.write::<_, AppError>(|conn| {
        let admin = account_of(conn, &ground, email)?;
        usecases::remove_admin(conn, &admin, Clock::system().now())
    })?;
    say("This admin is out: every session has ended, and pending links and unused invitation codes work no more.");
    Ok(())
}

/// Takes the second factor off an account.
///
/// # Errors
/// When no account has the address, or it has no second factor.
pub fn reset_second_factor(config: &Config, email: &EmailAddress) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    ground.db.write::<_, AppError>(|conn| {
        let account = account_of(conn, &ground, email)?;
        usecases::reset_second_factor(conn, &account, Clock::system().now())
    })?;
    say(
        "The second step is off and every session of the account has ended. Whoever needs one sets it up at the next sign-in.",
    );
    Ok(())
}

/// Lifts what holds mail to the address of an account back.
///
/// # Errors
/// When no account has the address, or nothing holds its mail back.
pub fn allow_mail(config: &Config, email: &EmailAddress) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    ground.db.write::<_, AppError>(|conn| {
        let account = account_of(conn, &ground, email)?;
        usecases::allow_mail(conn, &account, Clock::system().now())
    })?;
    say("Mail goes to this address again. If it comes back once more, it is held back once more.");
    Ok(())
}
