//! The operator takes an admin out.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::standing::Role;
use store::Conn;
use store::audit::Act;

use crate::error::AppError;

/// Shuts an admin out: sessions, pending links, queued mail, unused invitation codes and sight of contacts go in the same
/// transaction. Takes what it needs and no whole application, so that it works beside a running server.
///
/// # Errors
/// `Conflict` when the account is no admin's, or was taken out before.
pub fn remove_admin(conn: &mut Conn, admin: &AccountId, now: DateTime<Utc>) -> Result<(), AppError> {
    let account = store::accounts::find(conn, admin)?;
    if account.role != Role::Admin || account.disabled {
        return Err(AppError::Conflict("This address belongs to no admin."));
    }
    store::accounts::disable(conn, admin, now)?;
    store::outbox::cancel_of(conn, admin, None, now)?;
    store::invitations::withdraw_of(conn, admin)?;
    store::admins::set_sees_contacts(conn, admin, false, now)?;
    let act = Act {
        actor: None,
        role: "operator",
        action: "admin.remove",
        object: "account",
        id: admin.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, now)?)
}
