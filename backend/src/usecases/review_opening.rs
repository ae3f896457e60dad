//! An admin decides on an opening.

use domain::OpeningId;
use domain::introduction::VoidCause;
use domain::opening::OpeningAction;
use store::Conn;
use store::audit::Act;
use store::openings::Opening;

use super::end_introduction::void_of_opening;
use super::ruling::Ruling;
use super::write_opening::step;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::mail;

/// Approves, returns or rejects. An approval has the job written that finds who fits; a return or rejection needs a
/// reason, which goes to the company. What seems to hold contact is not approved without a word on that.
///
/// # Errors
/// `NotFound`; `Conflict` when it does not wait for review; `ContactInText`; `Invalid` without a reason.
pub fn review_opening(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &OpeningId,
    action: OpeningAction,
    ruling: Ruling<'_>,
) -> Result<Opening, AppError> {
    let now = app.now();
    let before = store::openings::find(conn, id)?;
    let to = step(before.liveness.status, action)?;
    let (approves, reason) = (action == OpeningAction::Approve, ruling.reason()?);
    if !approves && reason.is_none() {
        return Err(AppError::field("reason", "required", "Say why; the company reads it."));
    }
    if approves && !before.liveness.company_good {
        return Err(AppError::Conflict("Approve the company first."));
    }
    let spotted = if approves { before.terms.spotted() } else { Vec::new() };
    let word = ruling.audited(&format!("opening.{action}"), !spotted.is_empty());
    ruling.holds(spotted)?;
    // Why something was let pass is between admins.
    store::openings::set_status(conn, id, to, reason.as_deref().filter(|_| !approves), now)?;
    if action == OpeningAction::Reject {
        void_of_opening(conn, app, id, VoidCause::OpeningClosed)?;
    }
    if approves {
        jobs::add(conn, app, &Job::MatchOpening { opening: id.clone() })?;
    }
    for seat in store::companies::seats(conn, &before.company)? {
        mail::queue::opening_reviewed(conn, app, &seat.account, id, action, before.revision)?;
    }
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: &word,
        object: "opening",
        id: id.as_str(),
        detail: reason.as_deref(),
    };
    store::audit::record(conn, &act, now)?;
    Ok(store::openings::find(conn, id)?)
}
