//! Admins write to members about an opening, and read what became of it: in numbers, never to whom.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::outreach::OutreachStop;
use domain::{OpeningId, OutreachId};
use serde::Serialize;
use store::Conn;
use store::outreach::Outreach;

use super::extract::{Json, Params};
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases::{self, OutreachInput};

/// The most outreaches a list is cut from.
const MOST: i64 = 1_000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/outreach", list)
        .post("/api/v1/admin/outreach", reach_out)
        .get("/api/v1/admin/openings/{id}/outreach", reachable);
}

#[derive(Serialize)]
struct OutreachResponse {
    id: OutreachId,
    opening_id: OpeningId,
    opening_revision: i32,
    text: String,
    at: DateTime<Utc>,
    /// When everybody had a mail, or a reason for none.
    done_at: Option<DateTime<Utc>>,
    recipients: i64,
    waiting: i64,
    sent: i64,
    failed: i64,
    /// No mail, by reason.
    dropped: BTreeMap<OutreachStop, i64>,
}

fn response(conn: &mut Conn, of: Outreach) -> Result<OutreachResponse, AppError> {
    let tally = store::outreach::tally(conn, &of.id)?;
    Ok(OutreachResponse {
        id: of.id,
        opening_id: of.opening,
        opening_revision: of.revision,
        text: of.text,
        at: of.at,
        done_at: of.done_at,
        recipients: tally.recipients,
        waiting: tally.waiting,
        sent: tally.sent,
        failed: tally.failed,
        dropped: tally.dropped.into_iter().collect(),
    })
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let opening = params.parsed("opening_id", OpeningId::parse, "Give an opening's id.");
    let paging = Paging::from(&mut params);
    params.finish()?;
    let page = app
        .read(move |conn, _| {
            let all = store::outreach::list(conn, opening.as_ref(), MOST)?;
            let page = paging.cut(all, |of| of.id.to_string());
            page.try_map(|of| response(conn, of))
        })
        .await?;
    ok(&page)
}

/// An outreach that begins.
#[derive(Serialize)]
struct BegunResponse {
    id: OutreachId,
    opening_id: OpeningId,
    /// How many members could be written to when it was ordered.
    reachable: usize,
}

async fn reach_out(app: Data<App>, who: Guarded<Moderate>, body: Json<OutreachInput>) -> ApiResult {
    let admin = who.into_inner();
    let id = OpeningId::parse(&body.0.opening_id)
        .ok_or_else(|| AppError::field("opening_id", "malformed", "Give the id of an opening."))?;
    let (of, reachable) = app.write(move |conn, app| usecases::reach_out(conn, app, &admin, &id, &body.0.text)).await?;
    Ok(HttpResponse::Accepted().json(BegunResponse { id: of.id, opening_id: of.opening, reachable }))
}

/// What an outreach would come to.
#[derive(Serialize)]
struct ReachableResponse {
    opening_id: OpeningId,
    live: bool,
    /// How many members would get a mail now.
    reachable: usize,
}

async fn reachable(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let (opening, count) = app.read(move |conn, app| usecases::count_reachable(conn, app, &id)).await?;
    ok(&ReachableResponse { opening_id: opening.id, live: count.is_some(), reachable: count.unwrap_or(0) })
}
