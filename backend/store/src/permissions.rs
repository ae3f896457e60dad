//! Permission events, and the live switches folded from them in the same transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::MemberId;
use domain::permission::{Permission, PermissionChange, PermissionEvent, Permissions};
use sha2::{Digest, Sha256};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::{members as m, permission_events as e};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// One event as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What was said.
    pub event: PermissionEvent,
    /// Version of the text that was shown.
    pub text_version: String,
    /// `page`, `api` or `mail_link`.
    pub method: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Moves the switches to the wanted state: one event for each switch that moves, then the live state, then the
/// change log. Says which events were recorded.
///
/// # Errors
/// `NotFound`.
pub fn set(
    conn: &mut Conn,
    member: &MemberId,
    wanted: Permissions,
    method: &str,
    now: DateTime<Utc>,
) -> Result<Vec<PermissionEvent>, StoreError> {
    let before = live(conn, member)?;
    let events = before.changes_to(wanted);
    for event in &events {
        let (version, text) = event.permission.text();
        let digest: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        diesel::insert_into(e::table)
            .values((
                e::member_id.eq(member.as_str()),
                e::permission.eq(event.permission.as_str()),
                e::change.eq(event.change.as_str()),
                e::text_version.eq(version),
                e::text_sha256.eq(digest),
                e::method.eq(method),
                e::at.eq(at(now)),
            ))
            .execute(conn)?;
    }
    if !events.is_empty() {
        let state = events.iter().copied().fold(before, Permissions::after);
        diesel::update(m::table.filter(m::id.eq(member.as_str())))
            .set((
                m::alerts_email.eq(state.alerts_email),
                m::admin_outreach.eq(state.admin_outreach),
                m::anonymous_counts.eq(state.anonymous_counts),
                m::permission_epoch.eq(m::permission_epoch + 1),
            ))
            .execute(conn)?;
        changes::append(conn, &Changed::Member(member.clone()), now)?;
    }
    Ok(events)
}

/// The switches in force.
///
/// # Errors
/// `NotFound`.
pub fn live(conn: &mut Conn, member: &MemberId) -> Result<Permissions, StoreError> {
    let (alerts_email, admin_outreach, anonymous_counts) = m::table
        .filter(m::id.eq(member.as_str()))
        .select((m::alerts_email, m::admin_outreach, m::anonymous_counts))
        .first(conn)?;
    Ok(Permissions { alerts_email, admin_outreach, anonymous_counts })
}

/// The whole log of a member, oldest first.
///
/// # Errors
/// Database errors only.
pub fn log(conn: &mut Conn, member: &MemberId) -> Result<Vec<Recorded>, StoreError> {
    let rows: Vec<(String, String, String, String, Time)> = e::table
        .filter(e::member_id.eq(member.as_str()))
        .order(e::seq)
        .select((e::permission, e::change, e::text_version, e::method, e::at))
        .load(conn)?;
    rows.into_iter()
        .map(|(permission, change, text_version, method, at)| {
            let event = PermissionEvent {
                permission: read(Permission::parse(&permission), "permission")?,
                change: read(PermissionChange::parse(&change), "permission change")?,
            };
            Ok(Recorded { event, text_version, method, at: utc(at) })
        })
        .collect()
}
