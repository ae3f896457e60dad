//! A member pauses everything, or goes on.

use domain::mail::Stream;
use domain::standing::MemberStanding;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::jobs::{self, Job};

/// Pauses or resumes: no matching and no alerts while paused; permissions and introductions stay as they are.
///
/// # Errors
/// `Conflict` when the member is neither active nor paused.
pub fn pause_membership(conn: &mut Conn, app: &App, member: &Member, paused: bool) -> Result<(), AppError> {
    let to = match (member.standing, paused) {
        (MemberStanding::Active, true) => MemberStanding::Paused,
        (MemberStanding::Paused, false) => MemberStanding::Active,
        (MemberStanding::Active, false) | (MemberStanding::Paused, true) => return Ok(()),
        _ => return Err(AppError::Conflict("Only an approved membership can be paused.")),
    };
    store::members::set_standing(conn, &member.id, to, None, app.now())?;
    if paused {
        store::outbox::cancel_of(conn, &member.account, Some(Stream::Alert), app.now())?;
    } else {
        jobs::add(conn, app, &Job::MatchMember { member: member.id.clone() })?;
    }
    Ok(())
}
