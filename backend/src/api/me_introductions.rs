//! A member's introductions: a yes, and taking it back.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::introduction::{IntroductionState, Stage, VoidCause};
use domain::{CompanyId, IntroductionId, OpeningId};
use serde::Serialize;
use store::Conn;
use store::introductions::Introduction;

use super::company_introductions::seen;
use super::extract::{Json, Params};
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes, ShareContact, TakeBack};
use crate::error::AppError;
use crate::usecases::{self, IntroduceInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/introductions", list)
        .post("/api/v1/me/introductions", create)
        .post("/api/v1/me/introductions/{id}/revoke", revoke)
        .get("/api/v1/me/introductions/{id}/as-seen", as_seen)
        .get("/api/v1/me/introductions/{id}/receipt", receipt);
}

/// A company by name.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CompanyRef {
    slug: String,
    name: String,
}

/// Looks companies up, each once.
pub(super) fn company_refs<'a>(
    conn: &mut Conn,
    ids: impl Iterator<Item = &'a CompanyId>,
) -> Result<HashMap<CompanyId, CompanyRef>, AppError> {
    let mut found = HashMap::new();
    for id in ids {
        if !found.contains_key(id) {
            let c = store::companies::find(conn, id)?;
            found.insert(id.clone(), CompanyRef { slug: c.slug, name: c.name });
        }
    }
    Ok(found)
}

#[derive(Serialize)]
pub(super) struct IntroductionResponse {
    id: IntroductionId,
    opening_id: OpeningId,
    opening_revision: i32,
    company: Option<CompanyRef>,
    fields: Vec<ContactField>,
    state: IntroductionState,
    void_cause: Option<VoidCause>,
    stage: Stage,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// A member's introductions as the member sees them.
pub(super) fn responses(
    conn: &mut Conn,
    app: &App,
    all: Vec<Introduction>,
) -> Result<Vec<IntroductionResponse>, AppError> {
    let names = company_refs(conn, all.iter().map(|i| &i.company))?;
    let now = app.now();
    Ok(all
        .into_iter()
        .map(|i| IntroductionResponse {
            state: i.state_at(now),
            company: names.get(&i.company).cloned(),
            id: i.id,
            opening_id: i.opening,
            opening_revision: i.revision,
            fields: i.fields,
            void_cause: i.void_cause,
            stage: i.stage,
            created_at: i.created_at,
            expires_at: i.expires_at,
        })
        .collect())
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app
        .read(move |conn, app| {
            let all = store::introductions::of_member(conn, &id)?;
            responses(conn, app, all)
        })
        .await?;
    ok(&paging.cut(all, |i| i.id.to_string()))
}

/// A new introduction with its receipt.
#[derive(Serialize)]
struct MadeResponse {
    #[serde(flatten)]
    introduction: IntroductionResponse,
    receipt: String,
}

async fn create(app: Data<App>, who: Guarded<ShareContact>, body: Json<IntroduceInput>) -> ApiResult {
    let member = who.member.clone();
    let made = app
        .write(move |conn, app| {
            let made = usecases::introduce(conn, app, &member, &body.0)?;
            let receipt = usecases::give_receipt(conn, app, &member.id, &made.id)?;
            let introduction = responses(conn, app, vec![made])?.into_iter().next();
            Ok(introduction.map(|introduction| MadeResponse { introduction, receipt }))
        })
        .await?;
    Ok(HttpResponse::Created().json(made.ok_or_else(|| AppError::internal("the introduction is missing"))?))
}

/// What the company gets when it looks, byte for byte; the look is the member's own.
async fn as_seen(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let look = app.write(move |conn, app| usecases::see_as_company(conn, app, &member, &id)).await?;
    match look {
        Some((introduction, contact)) => Ok(seen(&introduction, contact, app.now())),
        None => Err(AppError::Gone("This introduction is over. The company gets nothing under it.")),
    }
}

/// What was agreed, as a signed token to keep (`application/jwt`).
async fn receipt(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let (member, of) = (who.member.id.clone(), id.clone());
    let receipt = app.read(move |conn, app| usecases::give_receipt(conn, app, &member, &of)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/jwt"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"receipt-{id}.jwt\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(receipt))
}

async fn revoke(app: Data<App>, who: Guarded<TakeBack>, path: Path<String>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.member.clone();
    let over = app
        .write(move |conn, app| {
            usecases::revoke_introduction(conn, app, &member, &id)?;
            let of = store::introductions::find_of_member(conn, &member.id, &id)?;
            responses(conn, app, vec![of])
        })
        .await?;
    ok(&over.into_iter().next().ok_or_else(|| AppError::internal("the introduction is missing"))?)
}
