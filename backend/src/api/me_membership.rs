//! Blocks, pause, export and leaving.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::permission::{Permission, PermissionChange, Permissions};
use domain::standing::MemberStanding;
use serde::{Deserialize, Serialize};
use store::contacts::OwnContact;

use super::extract::{Json, Params};
use super::list::Paging;
use super::me_alerts::AlertResponse;
use super::me_contact::OwnContactResponse;
use super::me_introductions::{IntroductionResponse, responses};
use super::me_ledger::{EntryResponse, entries};
use super::me_matches::MatchResponse;
use super::me_profile::ProfileResponse;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership};
use crate::error::AppError;
use crate::usecases;

/// The most rows of one kind an export holds.
const EXPORT_MOST: i64 = 100_000;

/// Routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/me/blocks").route(web::get().to(blocks)).route(web::post().to(block)))
        .route("/api/v1/me/blocks/{company}", web::delete().to(unblock))
        .service(web::resource("/api/v1/me/pause").route(web::post().to(pause)).route(web::delete().to(resume)))
        .route("/api/v1/me/export", web::get().to(export))
        .route("/api/v1/me", web::delete().to(leave));
}

#[derive(Serialize)]
struct BlockResponse {
    company: String,
    name: String,
}

async fn blocks(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app
        .read(move |conn, _| {
            let mut all = Vec::new();
            for company in store::members::blocks(conn, &id)? {
                let c = store::companies::find(conn, &company)?;
                all.push(BlockResponse { company: c.slug, name: c.name });
            }
            Ok(all)
        })
        .await?;
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

#[derive(Serialize)]
struct PermissionEventResponse {
    permission: Permission,
    change: PermissionChange,
    text_version: String,
    method: String,
    at: DateTime<Utc>,
}

#[derive(Serialize)]
struct ExportResponse {
    member_id: MemberId,
    exported_at: DateTime<Utc>,
    standing: MemberStanding,
    joined_at: DateTime<Utc>,
    contact: OwnContactResponse,
    profile: ProfileResponse,
    permissions: Permissions,
    permission_events: Vec<PermissionEventResponse>,
    alerts: Vec<AlertResponse>,
    matches: Vec<MatchResponse>,
    introductions: Vec<IntroductionResponse>,
    ledger: Vec<EntryResponse>,
}

async fn export(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let member = who.into_inner().member;
    let file = app
        .read(move |conn, app| {
            let owner = OwnContact::of_signed_in(member.account.clone());
            let contact = store::contacts::own(conn, &app.vault, &owner)?;
            let profile = store::profiles::get(conn, &member.id)?;
            let events = store::permissions::log(conn, &member.id)?;
            let introductions = store::introductions::of_member(conn, &member.id)?;
            Ok(ExportResponse {
                exported_at: app.now(),
                contact: OwnContactResponse::from(&contact),
                profile: ProfileResponse::of(&member, &profile, member.profile_saved_at),
                permission_events: events
                    .into_iter()
                    .map(|e| PermissionEventResponse {
                        permission: e.event.permission,
                        change: e.event.change,
                        text_version: e.text_version,
                        method: e.method,
                        at: e.at,
                    })
                    .collect(),
                alerts: store::alerts::of_member(conn, &member.id)?.into_iter().map(AlertResponse::from).collect(),
                matches: store::matches::all_of_member(conn, &member.id, EXPORT_MOST)?
                    .into_iter()
                    .map(MatchResponse::from)
                    .collect(),
                introductions: responses(conn, app, introductions)?,
                ledger: entries(conn, &member.id, None, EXPORT_MOST)?,
                member_id: member.id,
                standing: member.standing,
                joined_at: member.joined_at,
                permissions: member.permissions,
            })
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("Content-Disposition", "attachment; filename=\"rosterline-export.json\""))
        .json(file))
}

async fn leave(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let member = who.into_inner().member;
    app.write(move |conn, app| usecases::leave(conn, app, &member)).await.map_err(|e| match e {
        AppError::NotFound => AppError::SignIn,
        other => other,
    })?;
    done()
}
