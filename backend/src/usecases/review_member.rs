//! An admin decides on a member.

use domain::MemberId;
use domain::introduction::VoidCause;
use domain::standing::MemberStanding;
use store::Conn;
use store::audit::Act;

use super::end_introduction::void_of_member;
use super::ruling::Ruling;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::mail;

/// Moves a member to `active`, `rejected` or `suspended`, with everything that follows from it in one transaction.
///
/// # Errors
/// `NotFound`; `Conflict` when the member is not in a standing that this follows.
pub fn review_member(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &MemberId,
    to: MemberStanding,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let now = app.now();
    let reason = Ruling::because(reason).reason()?;
    let reason = reason.as_deref();
    let member = store::members::find(conn, id)?;
    use MemberStanding as S;
    let action = match (member.standing, to) {
        (S::Pending | S::Rejected | S::Suspended, S::Active) => "member.approve",
        (S::Pending, S::Rejected) => "member.reject",
        (S::Pending | S::Active | S::Paused, S::Suspended) => "member.suspend",
        _ => return Err(AppError::Conflict("This member is not in a standing that this decision follows.")),
    };
    store::members::set_standing(conn, id, to, reason, now)?;
    if to == S::Active {
        jobs::add(conn, app, &Job::MatchMember { member: id.clone() })?;
        mail::queue::member_approved(conn, app, &member.account, id)?;
    } else {
        store::outbox::cancel_of(conn, &member.account, None, app.now())?;
        store::accounts::end_sessions(conn, &member.account, now)?;
        void_of_member(conn, app, id, VoidCause::MemberLeft)?;
    }
    let act =
        Act { actor: Some(admin.account()), role: "admin", action, object: "member", id: id.as_str(), detail: reason };
    Ok(store::audit::record(conn, &act, now)?)
}
