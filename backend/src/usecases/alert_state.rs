//! How a member's alert mail stands, and what the next digest would show.

use chrono::{DateTime, NaiveDate, Utc};
use domain::alert::{Cadence, CardState};
use store::alerts::{self, Card};
use store::members::Member;
use store::{Conn, member_mail};

use crate::app::App;
use crate::error::AppError;
use crate::mail::{Judge, Judged, Planner, Standing, standing};

/// What keeps alerts from coming, and when the next come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertState {
    /// The address has to be confirmed first.
    pub unconfirmed: bool,
    /// Mail to the address came back, or was called unwanted.
    pub suppressed: bool,
    /// No mail before this day.
    pub vacation_until: Option<NaiveDate>,
    /// When the next digest with something in it is due.
    pub next: Option<DateTime<Utc>>,
}

/// How a member's alert mail stands.
///
/// # Errors
/// Database errors only.
pub fn alert_state(conn: &mut Conn, app: &App, member: &Member) -> Result<AlertState, AppError> {
    let mail = member_mail::of(conn, &member.id)?;
    let standing = standing(conn, &member.account, &mail)?;
    let waiting = alerts::waiting_of(conn, &member.id)?;
    let is_away = Planner::of(conn, app, member)?.back_from_vacation(app.now()).is_some();
    Ok(AlertState {
        unconfirmed: standing == Standing::Unconfirmed,
        suppressed: standing == Standing::Suppressed,
        vacation_until: mail.times.vacation_until.filter(|_| is_away),
        next: waiting.iter().map(|c| c.due_at).min(),
    })
}

/// What waits for a member, judged as the next digest would be; and what stands in an instant mail that has not left.
pub(crate) struct DigestPreview {
    /// What would be shown.
    pub(crate) judged: Judged,
    /// When the next digest is due.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// Cards in an instant mail that waits for its hold.
    pub(crate) on_the_way: Vec<Card>,
}

/// What the next digest would show. Looking changes nothing.
///
/// # Errors
/// Database errors only.
pub(crate) fn preview_digest(conn: &mut Conn, app: &App, member: &Member) -> Result<DigestPreview, AppError> {
    let waiting = alerts::waiting_of(conn, &member.id)?;
    let due_at = waiting.iter().map(|c| c.due_at).min();
    let judge = Judge::of(conn, app, member)?;
    let judged = judge.mail(conn, waiting, Cadence::Daily, app.now())?;
    let mut on_the_way = alerts::open_of(conn, &member.id)?;
    on_the_way.retain(|c| c.state == CardState::Taken);
    Ok(DigestPreview { judged, due_at, on_the_way })
}
