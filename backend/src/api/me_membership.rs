//! Blocks, pause and leaving.

use actix_web::web::{Data, Path};
use domain::MemberId;
use serde::{Deserialize, Serialize};
use store::Conn;

use super::extract::{Json, Params};
use super::list::Paging;
use super::me_export::export;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/blocks", blocks)
        .post("/api/v1/me/blocks", block)
        .delete("/api/v1/me/blocks/{company}", unblock)
        .post("/api/v1/me/pause", pause)
        .delete("/api/v1/me/pause", resume)
        .get("/api/v1/me/export", export)
        .delete("/api/v1/me", leave);
}

#[derive(Serialize)]
pub(super) struct BlockResponse {
    company: String,
    name: String,
}

/// The companies a member keeps out, as the member sees them.
pub(super) fn blocked(conn: &mut Conn, member: &MemberId) -> Result<Vec<BlockResponse>, AppError> {
    let mut all = Vec::new();
    for company in store::members::blocks(conn, member)? {
        let c = store::companies::find(conn, &company)?;
        all.push(BlockResponse { company: c.slug, name: c.name });
    }
    Ok(all)
}

async fn blocks(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app.read(move |conn, _| blocked(conn, &id)).await?;
    ok(&paging.cut(all, |b| b.company.clone()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockBody {
    company: String,
}

async fn set_block(app: &App, who: Guarded<OwnMembership>, slug: String, on: bool) -> ApiResult {
    let member = who.into_inner().member;
    app.write(move |conn, app| {
        let company = store::companies::by_slug(conn, &slug)?;
        usecases::block_company(conn, app, &member, &company.id, on)
    })
    .await?;
    done()
}

async fn block(app: Data<App>, who: Guarded<OwnMembership>, body: Json<BlockBody>) -> ApiResult {
    set_block(&app, who, body.0.company, true).await
}

async fn unblock(app: Data<App>, who: Guarded<OwnMembership>, slug: Path<String>) -> ApiResult {
    set_block(&app, who, slug.into_inner(), false).await
}

async fn set_pause(app: &App, who: Guarded<OwnMembership>, paused: bool) -> ApiResult {
    let member = who.into_inner().member;
    app.write(move |conn, app| usecases::pause_membership(conn, app, &member, paused)).await?;
    done()
}

async fn pause(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    set_pause(&app, who, true).await
}

async fn resume(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    set_pause(&app, who, false).await
}

async fn leave(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let member = who.into_inner().member;
    usecases::leave(&app, member).await.map_err(|e| match e {
        AppError::NotFound => AppError::SignIn,
        other => other,
    })?;
    done()
}
