//! An admin makes an invitation code.

use chrono::{DateTime, Duration, Utc};
use domain::limits;
use store::Conn;
use store::audit::Act;

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::errand;
use crate::error::AppError;
use crate::random;

/// Life of a code.
const LIFE: Duration = Duration::days(30);

/// A code that was just made. It is shown once; only its hash is kept.
pub struct Invitation {
    /// The code.
    pub code: String,
    /// Its end.
    pub expires_at: DateTime<Utc>,
}

/// Makes a code that lets one physician join without an NPI.
///
/// # Errors
/// `TooMany`.
pub fn invite_member(conn: &mut Conn, app: &App, admin: &SignedAdmin) -> Result<Invitation, AppError> {
    let now = app.now();
    errand::take(conn, app, limits::Act::Invite, admin.account().as_str())?;
    let code = random::code().ok_or_else(|| AppError::internal("no randomness"))?;
    let expires_at = now + LIFE;
    store::invitations::add(conn, &code, admin.account(), now, expires_at)?;
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: "invitation.make",
        object: "account",
        id: admin.account().as_str(),
        detail: None,
    };
    store::audit::record(conn, &act, now)?;
    Ok(Invitation { code, expires_at })
}
