//! Introductions as the company sees them. Contact only one at a time, and every look is recorded.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::introduction::{IntroductionState, Stage};
use domain::{IntroductionId, OpeningId};
use serde::{Deserialize, Serialize};
use store::contacts::Disclosed;
use store::introductions::Introduction;

use super::contact_fields::ContactFields;
use super::extract::{Json, Params};
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Routes, SeeContact};
use crate::error::AppError;
use crate::usecases::{self, Look};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/company/introductions", list)
        .get("/api/v1/company/introductions/{id}", show)
        .put("/api/v1/company/introductions/{id}/stage", stage);
}

/// Without contact: that somebody said yes.
#[derive(Serialize)]
pub(super) struct ListedIntroduction {
    id: IntroductionId,
    opening_id: OpeningId,
    state: IntroductionState,
    stage: Stage,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

fn listed(i: &Introduction, now: DateTime<Utc>) -> ListedIntroduction {
    ListedIntroduction {
        id: i.id.clone(),
        opening_id: i.opening.clone(),
        state: i.state_at(now),
        stage: i.stage,
        created_at: i.created_at,
        expires_at: i.expires_at,
    }
}

/// What a look gives, to the company and to the member who wants to know what that is.
#[derive(Serialize)]
pub(super) struct SeenIntroduction {
    #[serde(flatten)]
    introduction: ListedIntroduction,
    contact: ContactFields,
}

/// The answer to a look; no cache keeps it.
pub(super) fn seen(introduction: &Introduction, contact: Disclosed, now: DateTime<Utc>) -> HttpResponse {
    let seen = SeenIntroduction { introduction: listed(introduction, now), contact: ContactFields(contact.fields) };
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(seen)
}

async fn list(app: Data<App>, who: Guarded<SeeContact>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let company = who.company.id.clone();
    let all = app.read(move |conn, _| Ok(store::introductions::of_company(conn, &company)?)).await?;
    let now = app.now();
    ok(&paging.cut(all.iter().map(|i| listed(i, now)).collect(), |i| i.id.to_string()))
}

async fn show(app: Data<App>, who: Guarded<SeeContact>, path: Path<String>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let look = app.write(move |conn, app| usecases::disclose_contact(conn, app, &seat, &id)).await?;
    match look {
        Look::Seen(introduction, contact) => Ok(seen(&introduction, contact, app.now())),
        Look::Over(..) => Err(AppError::Gone("This introduction is over. Delete whatever you read under it.")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageBody {
    stage: String,
}

async fn stage(app: Data<App>, who: Guarded<SeeContact>, path: Path<String>, body: Json<StageBody>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let stage = Stage::parse(&body.0.stage).ok_or_else(|| {
        AppError::field("stage", "unknown", "Choose new, contacted, call, contract, rostered, first_case or declined.")
    })?;
    let seat = who.into_inner();
    let of = app
        .write(move |conn, app| {
            usecases::set_stage(conn, app, &seat, &id, stage)?;
            Ok(store::introductions::find_of_company(conn, &seat.company.id, &id)?)
        })
        .await?;
    ok(&listed(&of, app.now()))
}
