//! A member leaves for good.

use domain::introduction::VoidCause;
use store::Conn;
use store::changes::Changed;
use store::members::Member;

use super::end_introduction::void_of_member;
use crate::app::App;
use crate::error::AppError;

/// Erases the member with everything that hangs on them: contact, profile, permissions, alerts, matches, queued mail,
/// sessions, and the entries of the ledger, of which the leaves stay and say nothing. Companies with a live introduction
/// are told to delete what they read.
///
/// # Errors
/// Database errors only.
pub fn leave(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    void_of_member(conn, app, &member.id, VoidCause::MemberLeft)?;
    store::changes::append(conn, &Changed::MemberGone(member.number), app.now())?;
    store::accounts::delete(conn, &member.account)?;
    store::ledger::erase(conn, &member.id, app.now())?;
    Ok(())
}
