//! A member saves their criteria.

use domain::input::ProfileInput;
use domain::profile::Profile;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::jobs::{self, Job};

/// Replaces the whole profile and has it judged against every live opening.
///
/// # Errors
/// `Invalid` with every wrong field; nothing is kept then.
pub fn save_profile(conn: &mut Conn, app: &App, member: &Member, input: &ProfileInput) -> Result<Profile, AppError> {
    let rules = store::facts::rulebook(conn)?;
    let profile = input.parse(&rules)?;
    store::profiles::put(conn, &member.id, &profile, app.now())?;
    jobs::add(conn, app, &Job::MatchMember { member: member.id.clone() })?;
    Ok(profile)
}
