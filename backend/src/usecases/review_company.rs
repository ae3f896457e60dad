//! An admin decides on a company.

use domain::CompanyId;
use domain::introduction::VoidCause;
use domain::standing::CompanyStanding;
use store::Conn;
use store::audit::Act;

use super::end_introduction::void_of_company;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::mail;

/// Moves a company to `approved`, `suspended` or `banned`. A suspension or ban is one transaction: openings hidden,
/// introductions over, queued mail called back; sessions and pending links dead; after a ban nobody signs in again.
///
/// # Errors
/// `NotFound`; `Conflict` when the company is not in a standing that this follows.
pub fn review_company(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &CompanyId,
    to: CompanyStanding,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let now = app.now();
    let company = store::companies::find(conn, id)?;
    use CompanyStanding as S;
    let action = match (company.standing, to) {
        (S::Pending | S::Suspended, S::Approved) => "company.approve",
        (S::Pending | S::Approved, S::Suspended) => "company.suspend",
        (S::Pending | S::Approved | S::Suspended, S::Banned) => "company.ban",
        _ => return Err(AppError::Conflict("This company is not in a standing that this decision follows.")),
    };
    store::companies::set_standing(conn, id, to, reason, now)?;
    let seats = store::companies::seats(conn, id)?;
    if to == S::Approved {
        for seat in &seats {
            mail::queue::company_approved(conn, app, &seat.account, id)?;
        }
        // Openings that were approved before a suspension are live again.
        for opening in store::openings::of_company(conn, id)? {
            if opening.liveness.is_live(now) {
                jobs::add(conn, app, &Job::MatchOpening { opening: opening.id })?;
            }
        }
    } else {
        for seat in &seats {
            store::outbox::cancel_of(conn, &seat.account, None)?;
            match to {
                S::Banned => store::accounts::disable(conn, &seat.account, now)?,
                _ => store::accounts::end_sessions(conn, &seat.account, now)?,
            }
        }
        void_of_company(conn, app, id, VoidCause::CompanySuspended)?;
    }
    let act =
        Act { actor: Some(admin.account()), role: "admin", action, object: "company", id: id.as_str(), detail: reason };
    Ok(store::audit::record(conn, &act, now)?)
}
