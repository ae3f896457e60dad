//! A member's alerts.

use chrono::Duration;
use domain::AlertId;
pub use domain::input::AlertInput;
use store::Conn;
use store::alerts::Alert;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::mail::Planner;
use crate::random;

/// The most alerts a member may keep.
const ALERTS_AT_MOST: usize = 20;

/// The longest pause that ends by itself.
const PAUSE_MOST: Duration = Duration::days(366);

/// Makes an alert, or changes the one with this id. What is live already and new to the member comes in the next digest,
/// never at once.
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
    let (settings, now) = (input.parse()?, app.now());
    if settings.paused_until.is_some_and(|until| until > now + PAUSE_MOST) {
        return Err(AppError::field(
            "paused_until",
            "out_of_range",
            "Give a day within a year, or pause without an end.",
        ));
    }
    let alert = Alert {
        id: id.cloned().unwrap_or_else(|| random::id(AlertId::from_uuid)),
        member: member.id.clone(),
        name: settings.name,
        wish: settings.wish,
        rhythm: settings.rhythm,
        paused: settings.paused,
        // A moment that has come ends nothing.
        pause_until: settings.paused_until.filter(|until| *until > now),
        created_at,
    };
    store::alerts::put(conn, &alert, now)?;
    replan(conn, app, member)?;
    jobs::add(conn, app, &Job::MatchMember { member: member.id.clone() })?;
    Ok(alert)
}

/// Deletes an alert.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn delete_alert(conn: &mut Conn, app: &App, member: &Member, id: &AlertId) -> Result<(), AppError> {
    store::alerts::delete(conn, &member.id, id, app.now())?;
    replan(conn, app, member)
}

/// Plans anew when the digest of what waits is due, since the member moved a time, a zone or a pause.
///
/// # Errors
/// Database errors only.
pub(super) fn replan(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    let now = app.now();
    let member = store::members::find(conn, &member.id)?;
    let planner = Planner::of(conn, app, &member)?;
    for card in store::alerts::waiting_of(conn, &member.id)? {
        let plan = planner.later(conn, &card, now)?;
        store::alerts::defer(conn, &member.id, &card, plan.cadence, card.cause, plan.due_at)?;
    }
    Ok(())
}
