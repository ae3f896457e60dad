//! An admin releases, holds or drops a match.

use domain::MatchId;
use domain::alert::Cause;
use domain::matching::{MatchState, ReviewWord, after_review};
use store::Conn;
use store::audit::Act;

use super::tell_member::tell_member;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;

/// Carries the word out. A release tells the member, when they asked to be told and the opening is still live.
///
/// # Errors
/// `NotFound`; `Conflict` when the word does not follow the state.
pub fn review_match(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &MatchId,
    word: ReviewWord,
) -> Result<(), AppError> {
    let now = app.now();
    let found = store::matches::find(conn, id)?;
    let to =
        after_review(found.state, word).ok_or(AppError::Conflict("This match is not in a state that this follows."))?;
    store::matches::set_state(conn, id, to)?;
    if to == MatchState::Released {
        let opening = store::openings::find(conn, &found.opening)?;
        let member = store::members::find(conn, &found.member)?;
        if opening.liveness.is_live(now) && opening.revision == found.revision {
            tell_member(conn, app, &opening, &member, Cause::Published)?;
        }
    }
    let action = format!("match.{word}");
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: &action,
        object: "match",
        id: id.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, now)?)
}
