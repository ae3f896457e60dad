//! `/admin/queue`: everything that waits for an admin, oldest first.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use domain::opening::OpeningStatus;
use domain::standing::{CompanyStanding, MemberStanding};
use frontend::pages::{AdminQueue, QueueItem, QueueTab};
use frontend::view::Tag;
use store::Conn;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::labels::{member, waiting};
use super::rules::{checks, tag};
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// The most of each kind the page shows; what is decided makes room for the next.
const AT_MOST: i64 = 200;

/// The kinds, with the words of a tab and of an item.
const KINDS: [(&str, &str, &str); 5] = [
    ("opening", "Openings", "Opening"),
    ("member", "Members", "Member"),
    ("company", "Companies", "Company"),
    ("dispute", "Reports", "Report"),
    ("match", "Matches", "Matches"),
];

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/queue", show);
}

async fn show(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let chosen = KINDS.iter().map(|(kind, ..)| *kind).find(|kind| *kind == query.text("kind"));
    let (all, counts) = shell
        .app
        .read(|conn, app| {
            let now = app.now();
            let mut all = openings(conn, now)?;
            all.extend(members(conn)?);
            all.extend(companies(conn)?);
            all.extend(disputes(conn)?);
            all.extend(matches(conn)?);
            all.sort_by_key(|w| w.since);
            Ok((all, counts(conn)?))
        })
        .await?;
    let now = shell.app.now();
    shell.page(&AdminQueue {
        tabs: tabs(chosen, counts),
        items: all.into_iter().filter(|w| chosen.is_none_or(|kind| w.kind == kind)).map(|w| w.item(now)).collect(),
    })
}

/// Something that waits.
struct Waiting {
    kind: &'static str,
    title: String,
    href: String,
    since: DateTime<Utc>,
    note: Option<Tag>,
}

impl Waiting {
    fn item(self, now: DateTime<Utc>) -> QueueItem {
        let label = KINDS.iter().find(|(kind, ..)| *kind == self.kind).map_or("", |(.., label)| label);
        QueueItem {
            kind: self.kind.to_owned(),
            kind_label: label.to_owned(),
            title: self.title,
            href: self.href,
            waiting: waiting(self.since, now),
            note: self.note,
        }
    }
}

fn openings(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Waiting>, AppError> {
    let rules = store::facts::rulebook(conn)?;
    let all = store::openings::by_status(conn, OpeningStatus::Submitted, AT_MOST)?;
    let item = |o: store::openings::Opening| Waiting {
        kind: "opening",
        title: format!("{}, {}", o.terms.title, o.company_name),
        href: format!("/admin/openings/{}", o.id),
        since: o.submitted_at.unwrap_or(o.created_at),
        note: Some(tag(&checks(&rules, &o, now))),
    };
    Ok(all.into_iter().map(item).collect())
}

fn members(conn: &mut Conn) -> Result<Vec<Waiting>, AppError> {
    let all = store::members::by_standing(conn, MemberStanding::Pending, AT_MOST)?;
    let item = |m: store::members::Member| Waiting {
        kind: "member",
        title: member(&m.id),
        href: format!("/admin/members/{}", m.id),
        since: m.joined_at,
        note: (m.joined_by == "invitation").then(|| Tag::new("ok", "Invited")),
    };
    Ok(all.into_iter().map(item).collect())
}

fn companies(conn: &mut Conn) -> Result<Vec<Waiting>, AppError> {
    let all = store::companies::list(conn, Some(CompanyStanding::Pending), AT_MOST)?;
    let item = |c: store::companies::Company| Waiting {
        kind: "company",
        title: c.name,
        href: format!("/admin/companies/{}", c.id),
        since: c.created_at,
        note: None,
    };
    Ok(all.into_iter().map(item).collect())
}

fn disputes(conn: &mut Conn) -> Result<Vec<Waiting>, AppError> {
    let all = store::disputes::waiting(conn, AT_MOST)?;
    let item = |d: store::disputes::Dispute| Waiting {
        kind: "dispute",
        title: d.kind.label().to_owned(),
        href: format!("/admin/disputes/{}", d.id),
        since: d.opened_at,
        note: d.answered_at.map(|_| Tag::new("ok", "Both sides heard")),
    };
    Ok(all.into_iter().map(item).collect())
}

/// One item for each opening whose matches are held.
fn matches(conn: &mut Conn) -> Result<Vec<Waiting>, AppError> {
    let waiting = store::matches::waiting(conn)?;
    let ids: Vec<String> = waiting.iter().map(|(id, ..)| id.to_string()).collect();
    let openings = store::openings::find_many(conn, &ids)?;
    let item = |(id, n, since): (domain::OpeningId, i64, DateTime<Utc>)| {
        let title = openings.iter().find(|o| o.id == id).map(|o| o.terms.title.as_str()).unwrap_or_default();
        Waiting {
            kind: "match",
            title: format!("{n} held for “{title}”"),
            href: "/admin/matches".to_owned(),
            since,
            note: None,
        }
    };
    Ok(waiting.into_iter().map(item).collect())
}

/// How many wait of each kind, in the order of `KINDS`.
fn counts(conn: &mut Conn) -> Result<[i64; 5], AppError> {
    Ok([
        store::openings::count(conn, OpeningStatus::Submitted)?,
        store::members::count(conn, MemberStanding::Pending)?,
        store::companies::count(conn, CompanyStanding::Pending)?,
        store::disputes::count_waiting(conn)?,
        i64::try_from(store::matches::waiting(conn)?.len()).unwrap_or(i64::MAX),
    ])
}

fn tabs(chosen: Option<&str>, counts: [i64; 5]) -> Vec<QueueTab> {
    let all = QueueTab {
        href: "/admin/queue".to_owned(),
        label: format!("All ({})", counts.iter().sum::<i64>()),
        current: chosen.is_none(),
    };
    let each = KINDS.iter().zip(counts).map(|((kind, label, _), n)| QueueTab {
        href: format!("/admin/queue?kind={kind}"),
        label: format!("{label} ({n})"),
        current: chosen == Some(*kind),
    });
    std::iter::once(all).chain(each).collect()
}
