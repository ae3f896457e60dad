//! A company writes and moves its openings.

use domain::OpeningId;
use domain::input::OpeningInput;
use domain::introduction::VoidCause;
use domain::limits::Act;
use domain::opening::{OpeningAction, OpeningStatus, Terms, next_status};
use store::Conn;
use store::openings::Opening;

use super::end_introduction::void_of_opening;
use crate::app::App;
use crate::auth::SignedSeat;
use crate::errand;
use crate::error::AppError;
use crate::random;

/// Openings a company may have that are not closed or rejected.
const OPEN_AT_MOST: usize = 200;

fn terms(conn: &mut Conn, app: &App, input: &OpeningInput) -> Result<Terms, AppError> {
    let rules = store::facts::rulebook(conn)?;
    Ok(input.parse(&rules, app.now().date_naive())?)
}

/// The state an action leads to, or why it cannot be done.
pub(super) fn step(from: OpeningStatus, action: OpeningAction) -> Result<OpeningStatus, AppError> {
    next_status(from, action).ok_or(match action {
        OpeningAction::Edit => AppError::Conflict("A closed or rejected opening cannot be changed; clone it instead."),
        OpeningAction::Submit => AppError::Conflict("Only a draft or a returned opening can be sent for review."),
        OpeningAction::Confirm => AppError::Conflict("Only an approved opening can be confirmed."),
        OpeningAction::Close => AppError::Conflict("This opening is closed already."),
        OpeningAction::Approve | OpeningAction::Return | OpeningAction::Reject => {
            AppError::Conflict("Only an opening that waits for review can be decided; someone may have been faster.")
        }
    })
}

/// Writes a draft.
///
/// # Errors
/// `Invalid` with every wrong field.
pub fn draft_opening(conn: &mut Conn, app: &App, seat: &SignedSeat, input: &OpeningInput) -> Result<Opening, AppError> {
    let terms = terms(conn, app, input)?;
    create(conn, app, seat, &terms)
}

fn create(conn: &mut Conn, app: &App, seat: &SignedSeat, terms: &Terms) -> Result<Opening, AppError> {
    let there = store::openings::of_company(conn, &seat.company.id)?;
    let open =
        there.iter().filter(|o| !matches!(o.liveness.status, OpeningStatus::Closed | OpeningStatus::Rejected)).count();
    if open >= OPEN_AT_MOST {
        return Err(AppError::Conflict("Your company has 200 openings that are not closed; close some first."));
    }
    let id = random::id(OpeningId::from_uuid);
    store::openings::create(conn, &id, &seat.company.id, terms, &seat.session.account.id, app.now())?;
    Ok(store::openings::find(conn, &id)?)
}

/// Changes an opening. A live one goes back to review; a material change makes a new revision and voids what was
/// agreed under the old one.
///
/// # Errors
/// `Invalid`, `Conflict` when it cannot be changed, `NotFound` when it is not the company's.
pub fn edit_opening(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    id: &OpeningId,
    input: &OpeningInput,
) -> Result<Opening, AppError> {
    let before = store::openings::find_of(conn, &seat.company.id, id)?;
    let to = step(before.liveness.status, OpeningAction::Edit)?;
    let terms = terms(conn, app, input)?;
    // Drafts that nobody has agreed to yet have no history worth keeping.
    let material = before.published_at.is_some() && terms.differs_materially(&before.terms);
    store::openings::set_terms(conn, id, &terms, material, &seat.session.account.id, app.now())?;
    if to != before.liveness.status {
        store::openings::set_status(conn, id, to, None, app.now())?;
    }
    if material {
        void_of_opening(conn, app, id, VoidCause::MaterialEdit)?;
    }
    Ok(store::openings::find(conn, id)?)
}

/// Sends an opening for review.
///
/// # Errors
/// As `edit_opening`; `TooMany`.
pub fn submit_opening(conn: &mut Conn, app: &App, seat: &SignedSeat, id: &OpeningId) -> Result<Opening, AppError> {
    let before = store::openings::find_of(conn, &seat.company.id, id)?;
    let to = step(before.liveness.status, OpeningAction::Submit)?;
    if before.terms.closes_on < app.now().date_naive() {
        return Err(AppError::field("closes_on", "out_of_range", "The closing day has passed; choose a later one."));
    }
    errand::take(conn, app, Act::SubmitOpening, seat.company.id.as_str())?;
    store::openings::set_status(conn, id, to, None, app.now())?;
    Ok(store::openings::find(conn, id)?)
}

/// Closes an opening; what was agreed for it ends.
///
/// # Errors
/// As `edit_opening`.
pub fn close_opening(conn: &mut Conn, app: &App, seat: &SignedSeat, id: &OpeningId) -> Result<Opening, AppError> {
    let before = store::openings::find_of(conn, &seat.company.id, id)?;
    let to = step(before.liveness.status, OpeningAction::Close)?;
    store::openings::set_status(conn, id, to, None, app.now())?;
    void_of_opening(conn, app, id, VoidCause::OpeningClosed)?;
    Ok(store::openings::find(conn, id)?)
}

/// Says that an opening is still open.
///
/// # Errors
/// As `edit_opening`.
pub fn confirm_opening(conn: &mut Conn, app: &App, seat: &SignedSeat, id: &OpeningId) -> Result<Opening, AppError> {
    let before = store::openings::find_of(conn, &seat.company.id, id)?;
    step(before.liveness.status, OpeningAction::Confirm)?;
    store::openings::confirm(conn, id, app.now())?;
    Ok(store::openings::find(conn, id)?)
}

/// Makes a draft of the same terms.
///
/// # Errors
/// `NotFound` when it is not the company's.
pub fn clone_opening(conn: &mut Conn, app: &App, seat: &SignedSeat, id: &OpeningId) -> Result<Opening, AppError> {
    let from = store::openings::find_of(conn, &seat.company.id, id)?;
    create(conn, app, seat, &from.terms)
}
