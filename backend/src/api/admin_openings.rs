//! Admins decide on openings, and ask who would match.

use actix_web::web::{Bytes, Data, Path};
use domain::eligibility::{Reason, Rule};
use domain::input::OpeningInput;
use domain::opening::{OpeningAction, OpeningStatus};
use domain::{MemberId, OpeningId};
use serde::Serialize;

use super::admin_members::RulingBody;
use super::extract::Params;
use super::openings::OpeningResponse;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/openings/{id}", show)
        .post("/api/v1/admin/openings/{id}/approve", approve)
        .post("/api/v1/admin/openings/{id}/return", give_back)
        .post("/api/v1/admin/openings/{id}/reject", reject)
        .get("/api/v1/admin/openings/{id}/simulate", simulate);
}

#[derive(Serialize)]
struct AdminOpening {
    #[serde(flatten)]
    opening: OpeningResponse,
    decision_reason: Option<String>,
    last_approved: Option<OpeningInput>,
}

async fn show(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let opening = app
        .read(move |conn, _| {
            let opening = store::openings::find(conn, &id)?;
            // A draft is its company's own until it is sent for review.
            if opening.liveness.status == OpeningStatus::Draft { Err(AppError::NotFound) } else { Ok(opening) }
        })
        .await?;
    ok(&AdminOpening {
        opening: OpeningResponse::from(&opening),
        decision_reason: opening.decision_reason,
        last_approved: opening.approved_terms.as_ref().map(OpeningInput::from),
    })
}

async fn decide(
    app: Data<App>,
    who: Guarded<Moderate>,
    path: Path<String>,
    body: Bytes,
    action: OpeningAction,
) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let ruling = RulingBody::read(&body)?;
    let admin = who.into_inner();
    let opening = app
        .write(move |conn, app| usecases::review_opening(conn, app, &admin, &id, action, ruling.as_ruling()))
        .await?;
    ok(&OpeningResponse::from(&opening))
}

async fn approve(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who, path, body, OpeningAction::Approve).await
}

async fn give_back(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who, path, body, OpeningAction::Return).await
}

async fn reject(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who, path, body, OpeningAction::Reject).await
}

#[derive(Serialize)]
struct SimulatedMember {
    member_id: MemberId,
    eligible: bool,
    may_be_matched: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i32>,
    reasons: Vec<Reason>,
}

#[derive(Serialize)]
struct StoppedBy {
    rule: Rule,
    count: usize,
}

#[derive(Serialize)]
struct SimulationAnswer {
    eligible_total: usize,
    nearly: Vec<StoppedBy>,
    items: Vec<SimulatedMember>,
    next_cursor: Option<String>,
}

async fn simulate(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let found = app.read_fresh(move |conn, app| usecases::simulate_match(conn, app, &id)).await?;
    let items = found.members.into_iter().map(|s| SimulatedMember {
        member_id: s.member,
        eligible: s.score.is_some(),
        may_be_matched: s.may_be_matched,
        score: s.score,
        reasons: s.reasons,
    });
    ok(&SimulationAnswer {
        eligible_total: found.eligible,
        nearly: found.nearly.into_iter().map(|(rule, count)| StoppedBy { rule, count }).collect(),
        items: items.collect(),
        next_cursor: None,
    })
}
