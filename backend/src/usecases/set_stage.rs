//! A company says how far it is with an introduction. The member can read it in their own record.

use domain::IntroductionId;
use domain::introduction::{IntroductionState, Stage};
use store::Conn;

use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;

/// Sets the stage of a live introduction.
///
/// # Errors
/// `NotFound` when it was not given to this company; `Gone` when it is over.
pub fn set_stage(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    id: &IntroductionId,
    stage: Stage,
) -> Result<(), AppError> {
    let of = store::introductions::find_of_company(conn, &seat.company.id, id)?;
    if of.state_at(app.now()) != IntroductionState::Active {
        return Err(AppError::Gone("This introduction is over. Delete whatever you read under it."));
    }
    Ok(store::introductions::set_stage(conn, id, stage)?)
}
