//! A member's alerts.

use domain::alert::Cadence;
use domain::errors::Errors;
use domain::input::one_line;
use domain::place::Market;
use domain::{AlertId, Kind};
use serde::Deserialize;
use store::Conn;
use store::alerts::Alert;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::random;

/// The most alerts a member may keep.
const ALERTS_AT_MOST: usize = 20;

/// An alert as the API takes it; empty lists mean "as my profile".
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertInput {
    /// A name of the member's own.
    pub name: String,
    /// Only these kinds.
    pub kinds: Vec<String>,
    /// Only these markets.
    pub markets: Vec<String>,
    /// `instant`, `daily` or `weekly`.
    pub cadence: String,
    /// Silenced.
    pub paused: bool,
}

/// Makes an alert, or changes the one with this id.
///
/// # Errors
/// `Invalid` with every wrong field; `NotFound` when the id is not the member's.
pub fn save_alert(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: Option<&AlertId>,
    input: &AlertInput,
) -> Result<Alert, AppError> {
    let created_at = match id {
        Some(id) => store::alerts::find(conn, &member.id, id)?.created_at,
        None if store::alerts::of_member(conn, &member.id)?.len() >= ALERTS_AT_MOST => {
            return Err(AppError::Conflict("You have 20 alerts; delete one first."));
        }
        None => app.now(),
    };
    let mut e = Errors::default();
    let name = one_line(&mut e, "name", &input.name, true, 80);
    let mut words = |field: &str, list: &[String], known: &dyn Fn(&str) -> bool| {
        for (i, word) in list.iter().enumerate().filter(|(_, w)| !known(w)) {
            e.add(format!("{field}[{i}]"), "unknown", format!("{word:?} is not in the list."));
        }
    };
    words("kinds", &input.kinds, &|w| Kind::parse(w).is_some());
    words("markets", &input.markets, &|w| Market::parse(w).is_some());
    let cadence = if input.cadence.is_empty() { Some(Cadence::Instant) } else { Cadence::parse(&input.cadence) };
    if cadence.is_none() {
        e.add("cadence", "unknown", "Choose instant, daily or weekly.");
    }
    let alert = Alert {
        id: id.cloned().unwrap_or_else(|| random::id(AlertId::from_uuid)),
        member: member.id.clone(),
        name,
        kinds: input.kinds.iter().filter_map(|w| Kind::parse(w)).collect(),
        markets: input.markets.iter().filter_map(|w| Market::parse(w)).collect(),
        cadence: cadence.unwrap_or(Cadence::Instant),
        paused: input.paused,
        created_at,
    };
    let alert = e.finish(alert)?;
    store::alerts::put(conn, &alert)?;
    Ok(alert)
}

/// Deletes an alert.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn delete_alert(conn: &mut Conn, member: &Member, id: &AlertId) -> Result<(), AppError> {
    Ok(store::alerts::delete(conn, &member.id, id)?)
}
