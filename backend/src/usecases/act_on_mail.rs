//! What the links of an alert mail do without a sign-in: stop, pause, mute, slow down, and take that back. A forwarded mail
//! can at worst stop alerts; it shows no profile and no contact, and what it undoes is what it did.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, Mute};
use domain::permission::Permissions;
use domain::{AlertId, CompanyId};
use serde::{Deserialize, Serialize};
use store::alerts::Alert;
use store::mail_tokens::{self, MailToken, Purpose};
use store::members::Member;
use store::{Conn, StoreError, alerts, member_mail, members, openings, permissions};

use super::manage_alerts::replan;
use super::set_permissions;
use crate::app::App;
use crate::error::AppError;

/// How long a mail's links change anything but stop it.
const CHANGES_FOR: Duration = Duration::days(30);
/// How long an act can be taken back.
const UNDO_FOR: Duration = Duration::hours(24);
/// How long the pause of a mail's link is.
pub const PAUSE_DAYS: i64 = 30;

/// What a link is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailAct {
    /// Stop all alert mail: what a mail program's own button does.
    StopAll,
    /// Pause the alerts of this mail for good.
    StopThese,
    /// Mute a company of this mail.
    Mute(CompanyId),
    /// Pause the alerts of this mail for 30 days.
    Pause,
    /// Let the alerts of this mail write so often.
    Slow(Cadence),
    /// Take the last act of this link back.
    Undo,
}

/// What a link did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// It is done now.
    Done,
    /// It was so already.
    Already,
    /// Too old for that; it stops mail still.
    OnlyStops,
    /// No such link, or too old.
    Unknown,
}

/// What the page of a link can offer.
pub struct MailLinks {
    /// The names of the mail's alerts that there still are.
    pub alerts: Vec<String>,
    /// The companies of the mail.
    pub companies: Vec<(CompanyId, String)>,
    /// Whether it may do more than stop all.
    pub may_change: bool,
}

#[derive(Serialize, Deserialize)]
struct Was {
    id: AlertId,
    cadence: Cadence,
    paused: bool,
    pause_until: Option<DateTime<Utc>>,
}

/// How things stood before an act.
#[derive(Serialize, Deserialize)]
struct Before {
    at: DateTime<Utc>,
    all: bool,
    alerts: Vec<Was>,
    muted: Option<CompanyId>,
}

/// What a link's page shows; `None` for one that is unknown or too old. Looking changes nothing.
///
/// # Errors
/// Database errors only.
pub fn mail_links(conn: &mut Conn, app: &App, token: &str) -> Result<Option<MailLinks>, AppError> {
    let Some(found) = mail_tokens::find(conn, Purpose::Stop, token, app.now())? else { return Ok(None) };
    let mine = alerts_of(conn, &found)?;
    Ok(Some(MailLinks {
        may_change: may_change(app, &found) && !mine.is_empty(),
        alerts: mine.into_iter().map(|a| a.name).collect(),
        companies: companies_of(conn, &found)?,
    }))
}

/// Does what a link is asked to; again is the same.
///
/// # Errors
/// Database errors only.
pub fn act_on_mail(conn: &mut Conn, app: &App, token: &str, act: &MailAct) -> Result<Acted, AppError> {
    let now = app.now();
    let Some(found) = mail_tokens::find(conn, Purpose::Stop, token, now)? else { return Ok(Acted::Unknown) };
    let member = members::find(conn, &found.member)?;
    member_mail::acted(conn, &member.id, now)?;
    if *act == MailAct::Undo {
        return undo(conn, app, token, &found, &member);
    }
    if *act != MailAct::StopAll && !may_change(app, &found) {
        return Ok(Acted::OnlyStops);
    }
    let mut before = Before { at: now, all: false, alerts: Vec::new(), muted: None };
    let done = match act {
        MailAct::StopAll => stop_all(conn, app, &member, &mut before)?,
        MailAct::Mute(company) => mute(conn, app, &found, &member, company, &mut before)?,
        MailAct::StopThese => change(conn, app, &found, &member, &mut before, |alert| {
            (alert.paused, alert.pause_until) = (true, None);
        })?,
        MailAct::Pause => change(conn, app, &found, &member, &mut before, |alert| {
            alert.pause_until = alert.pause_until.max(Some(now + Duration::days(PAUSE_DAYS)));
        })?,
        MailAct::Slow(cadence) => {
            change(conn, app, &found, &member, &mut before, |alert| alert.rhythm.cadence = *cadence)?
        }
        MailAct::Undo => false,
    };
    if !done {
        return Ok(Acted::Already);
    }
    let note = serde_json::to_string(&before).map_err(AppError::internal)?;
    mail_tokens::set_note(conn, token, Some(&note))?;
    Ok(Acted::Done)
}

fn may_change(app: &App, token: &MailToken) -> bool {
    app.now() < token.created_at + CHANGES_FOR
}

/// The alerts that found the cards of the mail, as they are now.
fn alerts_of(conn: &mut Conn, token: &MailToken) -> Result<Vec<Alert>, AppError> {
    let Some(mail) = &token.mail else { return Ok(Vec::new()) };
    let ids: HashSet<AlertId> = alerts::in_mail(conn, mail)?.into_iter().flat_map(|c| c.alerts).collect();
    let mut mine = alerts::of_member(conn, &token.member)?;
    mine.retain(|a| ids.contains(&a.id));
    Ok(mine)
}

fn companies_of(conn: &mut Conn, token: &MailToken) -> Result<Vec<(CompanyId, String)>, AppError> {
    let Some(mail) = &token.mail else { return Ok(Vec::new()) };
    let mut all: Vec<(CompanyId, String)> = Vec::new();
    for card in alerts::in_mail(conn, mail)? {
        match openings::find(conn, &card.opening) {
            Ok(opening) if all.iter().all(|(id, _)| *id != opening.company) => {
                all.push((opening.company, opening.company_name));
            }
            Ok(_) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(all)
}

/// `alerts_email` off; what is queued is called back.
fn stop_all(conn: &mut Conn, app: &App, member: &Member, before: &mut Before) -> Result<bool, AppError> {
    let live = permissions::live(conn, &member.id)?;
    if live.alerts_email {
        before.all = true;
        set_permissions(conn, app, member, Permissions { alerts_email: false, ..live }, "mail_link")?;
    }
    Ok(before.all)
}

fn mute(
    conn: &mut Conn,
    app: &App,
    token: &MailToken,
    member: &Member,
    company: &CompanyId,
    before: &mut Before,
) -> Result<bool, AppError> {
    let mute = Mute::Company(company.clone());
    // Only a company that stands in the mail: a link is no way to look others up.
    let is_there = companies_of(conn, token)?.iter().any(|(id, _)| id == company);
    if !is_there || member_mail::mutes(conn, &member.id)?.contains(&mute) {
        return Ok(false);
    }
    member_mail::set_mute(conn, &member.id, &mute, true, app.now())?;
    before.muted = Some(company.clone());
    Ok(true)
}

/// Changes each alert of the mail; `false` when none is another afterwards.
fn change(
    conn: &mut Conn,
    app: &App,
    token: &MailToken,
    member: &Member,
    before: &mut Before,
    change: impl Fn(&mut Alert),
) -> Result<bool, AppError> {
    for was in alerts_of(conn, token)? {
        let mut alert = was.clone();
        change(&mut alert);
        if alert != was {
            let Alert { id, rhythm, paused, pause_until, .. } = was;
            before.alerts.push(Was { id, cadence: rhythm.cadence, paused, pause_until });
            alerts::put(conn, &alert, app.now())?;
        }
    }
    replan(conn, app, member)?;
    Ok(!before.alerts.is_empty())
}

/// Puts back what the last act of this link changed.
fn undo(conn: &mut Conn, app: &App, token: &str, found: &MailToken, member: &Member) -> Result<Acted, AppError> {
    let before: Option<Before> = found.note.as_deref().and_then(|note| serde_json::from_str(note).ok());
    let Some(before) = before.filter(|b| app.now() < b.at + UNDO_FOR) else { return Ok(Acted::Already) };
    if before.all {
        let live = permissions::live(conn, &member.id)?;
        set_permissions(conn, app, member, Permissions { alerts_email: true, ..live }, "mail_link")?;
    }
    if let Some(company) = &before.muted {
        member_mail::set_mute(conn, &member.id, &Mute::Company(company.clone()), false, app.now())?;
    }
    for mut alert in alerts::of_member(conn, &member.id)? {
        if let Some(was) = before.alerts.iter().find(|was| was.id == alert.id) {
            alert.rhythm.cadence = was.cadence;
            (alert.paused, alert.pause_until) = (was.paused, was.pause_until);
            alerts::put(conn, &alert, app.now())?;
        }
    }
    replan(conn, app, member)?;
    mail_tokens::set_note(conn, token, None)?;
    Ok(Acted::Done)
}
