//! An admin decides on a company.

use domain::CompanyId;
use domain::introduction::VoidCause;
use domain::opening::{OpeningAction, next_status};
use domain::standing::CompanyStanding;
use store::Conn;
use store::audit::Act;
use store::companies::{Company, Seat};

use super::end_introduction::void_of_company;
use super::ruling::Ruling;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::mail;

/// Moves a company to `approved`, `suspended` or `banned`. A suspension or ban is one transaction: openings hidden,
/// introductions over, queued mail called back, sessions and pending links dead. After a ban its openings are closed and
/// nobody of it signs in again. What seems to hold contact is not approved without a word on that.
///
/// # Errors
/// `NotFound`; `Conflict` when the company is not in a standing that this follows; `ContactInText`.
pub fn review_company(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &CompanyId,
    to: CompanyStanding,
    ruling: Ruling<'_>,
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
    let (approves, reason) = (to == S::Approved, ruling.reason()?);
    let spotted = if approves { company.spotted() } else { Vec::new() };
    let action = ruling.audited(action, !spotted.is_empty());
    ruling.holds(spotted)?;
    store::companies::set_standing(conn, id, to, reason.as_deref(), now)?;
    let seats = store::companies::seats(conn, id)?;
    if approves {
        welcome(conn, app, &company, &seats)?;
    } else {
        shut_out(conn, app, &company, &seats, to)?;
    }
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: &action,
        object: "company",
        id: id.as_str(),
        detail: reason.as_deref(),
    };
    Ok(store::audit::record(conn, &act, now)?)
}

fn welcome(conn: &mut Conn, app: &App, company: &Company, seats: &[Seat]) -> Result<(), AppError> {
    for seat in seats {
        mail::queue::company_approved(conn, app, &seat.account, &company.id)?;
    }
    // Openings that were approved before a suspension are live again.
    for opening in store::openings::of_company(conn, &company.id)? {
        if opening.liveness.is_live(app.now()) {
            jobs::add(conn, app, &Job::MatchOpening { opening: opening.id })?;
        }
    }
    Ok(())
}

fn shut_out(
    conn: &mut Conn,
    app: &App,
    company: &Company,
    seats: &[Seat],
    to: CompanyStanding,
) -> Result<(), AppError> {
    let now = app.now();
    for seat in seats {
        store::outbox::cancel_of(conn, &seat.account, None, app.now())?;
        match to {
            CompanyStanding::Banned => store::accounts::disable(conn, &seat.account, now)?,
            _ => store::accounts::end_sessions(conn, &seat.account, now)?,
        }
    }
    store::seat_invitations::withdraw_all(conn, &company.id)?;
    void_of_company(conn, app, &company.id, VoidCause::CompanySuspended)?;
    if to == CompanyStanding::Banned {
        for opening in store::openings::of_company(conn, &company.id)? {
            if let Some(closed) = next_status(opening.liveness.status, OpeningAction::Close) {
                store::openings::set_status(conn, &opening.id, closed, None, now)?;
            }
        }
    }
    Ok(())
}
