//! A member's matches.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::eligibility::Reason;
use domain::matching::MatchState;
use domain::{MatchId, OpeningId};
use serde::Serialize;
use store::matches::Match;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;

/// The most matches a member's list is cut from.
const MOST: i64 = 5000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/matches", list)
        .get("/api/v1/me/matches/widen", widen)
        .get("/api/v1/me/matches/{id}/why", why)
        .post("/api/v1/me/matches/{id}/decline", decline);
}

#[derive(Serialize)]
pub(super) struct MatchResponse {
    id: MatchId,
    opening_id: OpeningId,
    opening_revision: i32,
    state: MatchState,
    score: i32,
    place: String,
    reasons: Vec<Reason>,
    matched_at: DateTime<Utc>,
}

impl From<Match> for MatchResponse {
    fn from(m: Match) -> Self {
        Self {
            id: m.id,
            opening_id: m.opening,
            opening_revision: m.revision,
            state: m.state,
            score: m.score,
            place: m.place,
            reasons: m.reasons,
            matched_at: m.matched_at,
        }
    }
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app.read(move |conn, _| Ok(store::matches::of_member(conn, &id, false, MOST)?)).await?;
    ok(&paging.cut(all.into_iter().map(MatchResponse::from).collect(), |m| m.id.to_string()))
}

#[derive(Serialize)]
struct WideningResponse {
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    more: usize,
    text: String,
}

#[derive(Serialize)]
struct OutlookResponse {
    fits: usize,
    items: Vec<WideningResponse>,
    next_cursor: Option<String>,
}

async fn widen(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.member.clone();
    let found = app.read(move |conn, app| usecases::widen_matches(conn, app, &member)).await?;
    let item = |w: &usecases::Widening| WideningResponse {
        change: w.change.word(),
        value: w.change.value(),
        more: w.more,
        text: w.text(),
    };
    ok(&OutlookResponse { fits: found.fits, items: found.widen.iter().map(item).collect(), next_cursor: None })
}

async fn decline(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>) -> ApiResult {
    let id = MatchId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.member.clone();
    app.write(move |conn, app| usecases::decline_match(conn, app, &member, &id)).await?;
    done()
}

async fn why(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, params: Params) -> ApiResult {
    let id = MatchId::parse(&path).ok_or(AppError::NotFound)?;
    params.finish()?;
    let member = who.member.clone();
    let why = app
        .read(move |conn, app| {
            let found = store::matches::find(conn, &id)?;
            if found.member != member.id {
                return Err(AppError::NotFound);
            }
            usecases::explain_alert(conn, app, &member, &found.opening)
        })
        .await?;
    ok(&why)
}
