//! A member's alerts.

use domain::AlertId;
pub use domain::input::AlertInput;
use store::Conn;
use store::alerts::Alert;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::random;

/// The most alerts a member may keep.
const ALERTS_AT_MOST: usize = 20;

/// Makes an alert, or changes the one with this id. An opening that is live already is not told again for it.
///
/// # Errors
/// `Invalid` with every wrong field; `NotFound` when the id is not the member's.
pub fn save_alert(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: Option<&AlertId>,
    input: &AlertInput,
) -> Result<Alert, AppError> {
    let created_at = match id {
        Some(id) => store::alerts::find(conn, &member.id, id)?.created_at,
        None if store::alerts::of_member(conn, &member.id)?.len() >= ALERTS_AT_MOST => {
            return Err(AppError::Conflict("You have 20 alerts; delete one first."));
        }
        None => app.now(),
    };
    let settings = input.parse()?;
    let alert = Alert {
        id: id.cloned().unwrap_or_else(|| random::id(AlertId::from_uuid)),
        member: member.id.clone(),
        name: settings.name,
        wish: settings.wish,
        cadence: settings.cadence,
        paused: settings.paused,
        created_at,
    };
    store::alerts::put(conn, &alert, app.now())?;
    Ok(alert)
}

/// Deletes an alert.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn delete_alert(conn: &mut Conn, app: &App, member: &Member, id: &AlertId) -> Result<(), AppError> {
    Ok(store::alerts::delete(conn, &member.id, id, app.now())?)
}
