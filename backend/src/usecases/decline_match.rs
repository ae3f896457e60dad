//! A member says no to a match.

use domain::MatchId;
use domain::introduction::IntroductionState;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;

/// Notes the no. The company cannot tell it from silence; an alert that still waits leaves the opening out.
///
/// # Errors
/// `NotFound` when it is not the member's; `Conflict` while a yes to the same opening is in force.
pub fn decline_match(conn: &mut Conn, app: &App, member: &Member, id: &MatchId) -> Result<(), AppError> {
    let now = app.now();
    let found = store::matches::find(conn, id)?;
    if found.member != member.id {
        return Err(AppError::NotFound);
    }
    let shared = store::introductions::of_member(conn, &member.id)?
        .iter()
        .any(|yes| yes.opening == found.opening && yes.state_at(now) == IntroductionState::Active);
    if shared {
        return Err(AppError::Conflict("You have said yes to this opening; take that back first, under Permissions."));
    }
    Ok(store::matches::decline(conn, &member.id, id, now)?)
}
