//! What waits for an admin.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::opening::OpeningStatus;
use domain::standing::{CompanyStanding, MemberStanding};
use serde::Serialize;
use store::Conn;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// The most of one kind the queue shows.
const MOST: i64 = 500;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/admin/queue", queue);
}

#[derive(Serialize)]
struct QueueItem {
    kind: &'static str,
    id: String,
    title: String,
    waiting_since: DateTime<Utc>,
}

async fn queue(app: Data<App>, _who: Guarded<Moderate>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let mut all = app.read(|conn, _| waiting(conn)).await?;
    all.sort_by_key(|item| item.waiting_since);
    ok(&paging.cut(all, |item| format!("{}/{}", item.kind, item.id)))
}

/// A member is named by how they joined: an admin's list holds no contact.
fn waiting(conn: &mut Conn) -> Result<Vec<QueueItem>, AppError> {
    let mut all = Vec::new();
    for m in store::members::by_standing(conn, MemberStanding::Pending, MOST)? {
        let title = format!("Member, joined by {}", m.joined_by);
        all.push(QueueItem { kind: "member", id: m.id.to_string(), title, waiting_since: m.joined_at });
    }
    for c in store::companies::list(conn, Some(CompanyStanding::Pending), MOST)? {
        all.push(QueueItem { kind: "company", id: c.id.to_string(), title: c.name, waiting_since: c.created_at });
    }
    for o in store::openings::by_status(conn, OpeningStatus::Submitted, MOST)? {
        let since = o.submitted_at.unwrap_or(o.updated_at);
        all.push(QueueItem { kind: "opening", id: o.id.to_string(), title: o.terms.title, waiting_since: since });
    }
    for d in store::disputes::waiting(conn, MOST)? {
        let title = format!("Report: {}", d.kind.label());
        all.push(QueueItem { kind: "dispute", id: d.id.to_string(), title, waiting_since: d.opened_at });
    }
    for m in store::matches::in_state(conn, domain::matching::MatchState::Held, None, MOST)? {
        let title = format!("Match, {}", m.place);
        all.push(QueueItem { kind: "match", id: m.id.to_string(), title, waiting_since: m.matched_at });
    }
    Ok(all)
}
