//! `/admin`: what waits, and whether everything runs.

use chrono::{DateTime, Utc};
use domain::mail::MailState;
use domain::matching::MatchState;
use domain::opening::OpeningStatus;
use domain::standing::{CompanyStanding, MemberStanding};
use frontend::pages::{AdminHome, QueueTile};
use frontend::view::Fact;
use store::Conn;

use super::super::WebResult;
use super::super::shell::Shell;
use super::labels::waiting;
use super::mail_words::Standing;
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin", show);
}

async fn show(shell: Shell, _: Guarded<Moderate>) -> WebResult {
    let page = shell.app.read(read).await?;
    shell.page(&page)
}

fn read(conn: &mut Conn, app: &App) -> Result<AdminHome, AppError> {
    let now = app.now();
    let standing = Standing::read(conn, app)?;
    Ok(AdminHome {
        health: health(conn, app, now)?,
        queue: tiles(conn, now)?,
        mail: mail(&standing, now),
        mail_problem: standing.problem(app, now),
        numbers: numbers(conn, now)?,
    })
}

/// Whether the index has seen everything, and whether a job was given up.
fn health(conn: &mut Conn, app: &App, now: DateTime<Utc>) -> Result<String, AppError> {
    let behind = store::changes::last(conn)? - app.index.reached();
    let index = match behind {
        i64::MIN..=0 => "The search index is current.".to_owned(),
        n => format!("The search index is {n} changes behind and catching up."),
    };
    let (open, dead) = store::jobs::open_and_dead(conn, now)?;
    let jobs = match (open, dead) {
        (0, 0) => "No job waits.".to_owned(),
        (open, 0) => format!("Jobs in hand: {open}."),
        (_, dead) => format!("Jobs given up: {dead}; the server’s log says why."),
    };
    Ok(format!("{index} {jobs}"))
}

fn tiles(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<QueueTile>, AppError> {
    let opening = store::openings::by_status(conn, OpeningStatus::Submitted, 1)?;
    let opening = opening.first().map(|o| o.submitted_at.unwrap_or(o.created_at));
    let member = store::members::by_standing(conn, MemberStanding::Pending, 1)?.first().map(|m| m.joined_at);
    // Newest first, so the oldest is the last of all that wait.
    let company = store::companies::list(conn, Some(CompanyStanding::Pending), i64::MAX)?.last().map(|c| c.created_at);
    let held = store::matches::waiting(conn)?.iter().map(|(.., since)| *since).min();
    let all = [
        (
            "/admin/queue?kind=opening",
            store::openings::count(conn, OpeningStatus::Submitted)?,
            ["opening", "openings"],
            "to review",
            opening,
        ),
        (
            "/admin/queue?kind=member",
            store::members::count(conn, MemberStanding::Pending)?,
            ["member", "members"],
            "to approve",
            member,
        ),
        (
            "/admin/queue?kind=company",
            store::companies::count(conn, CompanyStanding::Pending)?,
            ["company", "companies"],
            "to verify",
            company,
        ),
        (
            "/admin/queue?kind=dispute",
            store::disputes::count_waiting(conn)?,
            ["report", "reports"],
            "to decide",
            store::disputes::waiting(conn, 1)?.first().map(|d| d.opened_at),
        ),
        ("/admin/matches", store::matches::count(conn, MatchState::Held)?, ["match", "matches"], "to release", held),
    ];
    let tile =
        |(href, count, [one, many], what, oldest): (&str, i64, [&str; 2], &str, Option<DateTime<Utc>>)| QueueTile {
            href: href.to_owned(),
            count,
            label: format!("{} {what}", if count == 1 { one } else { many }),
            oldest: oldest.map(|since| waiting(since, now)),
        };
    Ok(all.into_iter().filter(|(_, count, ..)| *count > 0).map(tile).collect())
}

fn mail(depth: &Standing, now: DateTime<Utc>) -> Vec<Fact> {
    if depth.is_empty() {
        return Vec::new();
    }
    let oldest = depth
        .overdue_since(None, now)
        .map_or_else(|| "Nothing is late".to_owned(), |due| format!("Oldest late by {}", waiting(due, now)));
    let waits = depth.count(MailState::Queued) + depth.count(MailState::Claimed);
    vec![
        Fact { note: Some(oldest), ..Fact::new("Waiting", waits.to_string()) },
        Fact::new("Taken by the mail server", depth.count(MailState::Accepted).to_string()),
        Fact::new(
            "To be tried again",
            (depth.count(MailState::Deferred) + depth.count(MailState::Ambiguous)).to_string(),
        ),
        Fact::new("Given up", depth.count(MailState::Dead).to_string()),
    ]
}

fn numbers(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Fact>, AppError> {
    let paused = store::members::count(conn, MemberStanding::Paused)?;
    let active = store::members::count(conn, MemberStanding::Active)?;
    let (admins, seeing) = store::admins::count(conn)?;
    Ok(vec![
        Fact {
            note: (paused > 0).then(|| format!("and {paused} paused")),
            ..Fact::new("Active members", active.to_string())
        },
        Fact::new("Approved companies", store::companies::count(conn, CompanyStanding::Approved)?.to_string()),
        Fact::new("Live openings", store::openings::live(conn, now)?.len().to_string()),
        Fact {
            note: Some("decided by the operator of this site".to_owned()),
            ..Fact::new("Admins who may look at contacts", format!("{seeing} of {admins}"))
        },
        Fact::new("Released matches", store::matches::count(conn, MatchState::Released)?.to_string()),
    ])
}
