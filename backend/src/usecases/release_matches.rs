//! An admin releases everything that waits for one opening.

use domain::OpeningId;
use domain::matching::{MatchState, ReviewWord};
use store::Conn;

use super::review_match::review_match;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;

/// The most matches of one transaction, so that nobody else waits long for theirs.
const AT_ONCE: i64 = 200;

/// Releases the best matches that are held for an opening, at most 200; gives how many were released and how many
/// still wait.
///
/// # Errors
/// `NotFound` for an unknown opening.
pub fn release_matches(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    opening: &OpeningId,
) -> Result<(usize, i64), AppError> {
    store::openings::find(conn, opening)?;
    let held = store::matches::in_state(conn, MatchState::Held, Some(opening), AT_ONCE)?;
    for found in &held {
        review_match(conn, app, admin, &found.id, ReviewWord::Release)?;
    }
    let left = store::matches::waiting(conn)?.into_iter().find(|(id, ..)| id == opening).map_or(0, |(_, n, _)| n);
    Ok((held.len(), left))
}
