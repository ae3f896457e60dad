//! Who did what: every act of an admin and every change of standing. No contact values.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::AccountId;

use crate::schema::audit as a;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// An act to be recorded.
pub struct Act<'a> {
    /// Who; `None` for the system itself.
    pub actor: Option<&'a AccountId>,
    /// As what: `member`, `company`, `admin`, `operator` or `system`.
    pub role: &'a str,
    /// For example `opening.approve`.
    pub action: &'a str,
    /// For example `opening`.
    pub object: &'a str,
    /// Its id.
    pub id: &'a str,
    /// A reason, in the actor's words.
    pub detail: Option<&'a str>,
}

/// A recorded act.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Recorded {
    /// Place in the record.
    pub seq: i64,
    at: Time,
    /// Account.
    pub actor: Option<String>,
    /// Role.
    pub role: String,
    /// Action.
    pub action: String,
    /// Kind of object.
    pub object: String,
    /// Its id.
    pub id: String,
    /// Reason.
    pub detail: Option<String>,
}

impl Recorded {
    /// When.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        utc(self.at)
    }
}

/// Records an act.
///
/// # Errors
/// Database errors only.
pub fn record(conn: &mut Conn, act: &Act<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(a::table)
        .values((
            a::at.eq(at(now)),
            a::actor_account.eq(act.actor.map(AccountId::as_str)),
            a::actor_role.eq(act.role),
            a::action.eq(act.action),
            a::object_kind.eq(act.object),
            a::object_id.eq(act.id),
            a::detail.eq(act.detail),
        ))
        .execute(conn)?;
    Ok(())
}

/// Which acts are wanted; what is `None` is not asked.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// As what.
    pub role: Option<String>,
    /// Beginning of the action, for example `opening.`.
    pub action: Option<String>,
    /// Id of the object, or of the account that acted.
    pub id: Option<String>,
}

/// The record, newest first, before a place.
///
/// # Errors
/// Database errors only.
pub fn list(conn: &mut Conn, wanted: &Wanted, before: Option<i64>, most: i64) -> Result<Vec<Recorded>, StoreError> {
    let mut acts = a::table.filter(a::seq.lt(before.unwrap_or(i64::MAX))).into_boxed();
    if let Some(role) = &wanted.role {
        acts = acts.filter(a::actor_role.eq(role.clone()));
    }
    if let Some(start) = &wanted.action {
        let literal = start.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        acts = acts.filter(a::action.like(format!("{literal}%")).escape('\\'));
    }
    if let Some(id) = &wanted.id {
        acts = acts.filter(a::object_id.eq(id.clone()).or(a::actor_account.eq(id.clone())));
    }
    Ok(acts
        .order(a::seq.desc())
        .limit(most)
        .select((a::seq, a::at, a::actor_account, a::actor_role, a::action, a::object_kind, a::object_id, a::detail))
        .load(conn)?)
}

/// The acts on one object, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_object(conn: &mut Conn, object: &str, id: &str) -> Result<Vec<Recorded>, StoreError> {
    Ok(a::table
        .filter(a::object_kind.eq(object).and(a::object_id.eq(id)))
        .order(a::seq.desc())
        .limit(100)
        .select((a::seq, a::at, a::actor_account, a::actor_role, a::action, a::object_kind, a::object_id, a::detail))
        .load(conn)?)
}
