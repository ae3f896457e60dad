//! A member moves their switches.

use domain::AlertId;
use domain::alert::{Cadence, DropReason, Rhythm, Wish};
use domain::mail::Stream;
use domain::permission::{Permission, PermissionChange, PermissionEvent, Permissions};
use store::Conn;
use store::alerts::Alert;
use store::members::Member;

use super::confirm_address::ask_to_confirm;
use crate::app::App;
use crate::error::AppError;
use crate::jobs::{self, Job};
use crate::random;

/// The method of a switch that went off because nobody answered.
pub(super) const BY_SILENCE: &str = "silence";

/// Records an event for each switch that moves. Switching alerts on makes a first alert from the profile when there
/// is none; switching them off keeps the alerts and calls back what is queued.
///
/// # Errors
/// Database errors only.
pub fn set_permissions(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    wanted: Permissions,
    method: &str,
) -> Result<Permissions, AppError> {
    let now = app.now();
    let events = store::permissions::set(conn, &member.id, wanted, method, now)?;
    let moved = |change| events.contains(&PermissionEvent { permission: Permission::AlertsEmail, change });
    if moved(PermissionChange::Grant) && store::alerts::of_member(conn, &member.id)?.is_empty() {
        let first = Alert {
            id: random::id(AlertId::from_uuid),
            member: member.id.clone(),
            name: "Openings that fit my profile".to_owned(),
            wish: Wish::default(),
            rhythm: Rhythm::of(Cadence::Instant),
            paused: false,
            pause_until: None,
            created_at: now,
        };
        store::alerts::put(conn, &first, now)?;
    }
    if moved(PermissionChange::Revoke) {
        store::outbox::cancel_of(conn, &member.account, Some(Stream::Alert), app.now())?;
        store::alerts::drop_open(conn, &member.id, DropReason::Permission)?;
    }
    if moved(PermissionChange::Grant) {
        ask_to_confirm(conn, app, member)?;
    }
    if !events.is_empty() {
        if method != BY_SILENCE {
            store::member_mail::acted(conn, &member.id, now)?;
        }
        // The index follows the change log; the matches of openings that are live already are judged now.
        jobs::add(conn, app, &Job::MatchMember { member: member.id.clone() })?;
    }
    Ok(store::permissions::live(conn, &member.id)?)
}
