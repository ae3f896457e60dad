//! Admins see and decide on matches.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::eligibility::Reason;
use domain::matching::{MatchState, ReviewWord};
use domain::{MatchId, MemberId, OpeningId};
use serde::Serialize;
use store::matches::Match;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// The most matches a list is cut from.
const MOST: i64 = 10_000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/matches", list)
        .post("/api/v1/admin/matches/{id}/release", release)
        .post("/api/v1/admin/matches/{id}/hold", hold)
        .post("/api/v1/admin/matches/{id}/drop", drop_match);
}

#[derive(Serialize)]
struct AdminMatch {
    id: MatchId,
    member_id: MemberId,
    opening_id: OpeningId,
    opening_revision: i32,
    state: MatchState,
    score: i32,
    reasons: Vec<Reason>,
    matched_at: DateTime<Utc>,
}

impl From<Match> for AdminMatch {
    fn from(m: Match) -> Self {
        Self {
            id: m.id,
            member_id: m.member,
            opening_id: m.opening,
            opening_revision: m.revision,
            state: m.state,
            score: m.score,
            reasons: m.reasons,
            matched_at: m.matched_at,
        }
    }
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let state = params.parsed("state", MatchState::parse, "Give proposed, held, released or dropped.");
    let opening = params.parsed("opening_id", OpeningId::parse, "Give an opening's id.");
    let paging = Paging::from(&mut params);
    params.finish()?;
    let all = app
        .read(move |conn, _| {
            let mut all = Vec::new();
            for one in state.map_or(MatchState::ALL.to_vec(), |s| vec![s]) {
                all.extend(store::matches::in_state(conn, one, opening.as_ref(), MOST)?);
            }
            Ok(all)
        })
        .await?;
    ok(&paging.cut(all.into_iter().map(AdminMatch::from).collect(), |m| m.id.to_string()))
}

async fn decide(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, word: ReviewWord) -> ApiResult {
    let id = MatchId::parse(&path).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    let found = app
        .write(move |conn, app| {
            usecases::review_match(conn, app, &admin, &id, word)?;
            Ok(store::matches::find(conn, &id)?)
        })
        .await?;
    ok(&AdminMatch::from(found))
}

async fn release(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    decide(app, who, path, ReviewWord::Release).await
}

async fn hold(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    decide(app, who, path, ReviewWord::Hold).await
}

async fn drop_match(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    decide(app, who, path, ReviewWord::Drop).await
}
