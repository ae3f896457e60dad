//! A member removes what was written under an introduction, by both sides and for good.

use domain::IntroductionId;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;

/// Removes the conversation; the company sees that it was removed. `false` when there was nothing.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn remove_messages(conn: &mut Conn, app: &App, member: &Member, id: &IntroductionId) -> Result<bool, AppError> {
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    Ok(store::conversations::remove(conn, &of.id, app.now())?)
}
