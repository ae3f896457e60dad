//! A member leaves for good.

use domain::introduction::VoidCause;
use store::Conn;
use store::changes::Changed;
use store::members::Member;

use super::end_introduction::void_of_member;
use crate::app::App;
use crate::error::AppError;

/// Erases the member with everything that hangs on them: contact, profile, permissions, alerts, matches, queued mail,
/// sessions. Companies with a live introduction are told to delete what they read. The ledger keeps ids only.
///
/// # Errors
/// Database errors only.
pub fn leave(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    void_of_member(conn, app, &member.id, VoidCause::MemberLeft)?;
    store::changes::append(conn, &Changed::MemberGone(member.number), app.now())?;
    Ok(store::accounts::delete(conn, &member.account)?)
}
