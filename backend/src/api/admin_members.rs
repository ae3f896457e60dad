//! Admins decide on members. No contact in any answer.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path};
use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::input::ProfileInput;
use domain::permission::Permissions;
use domain::standing::MemberStanding;
use serde::{Deserialize, Serialize};
use store::members::Member;

use super::extract::{Params, read_json};
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases::{self, Ruling};

/// The most members a list is cut from.
const MOST: i64 = 10_000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/members", list)
        .get("/api/v1/admin/members/{id}", show)
        .post("/api/v1/admin/members/{id}/approve", approve)
        .post("/api/v1/admin/members/{id}/reject", reject)
        .post("/api/v1/admin/members/{id}/suspend", suspend)
        .post("/api/v1/admin/invitations", invite);
}

#[derive(Serialize)]
struct AdminMember {
    id: MemberId,
    standing: MemberStanding,
    standing_reason: Option<String>,
    joined_by: String,
    joined_at: DateTime<Utc>,
    permissions: Permissions,
}

impl From<Member> for AdminMember {
    fn from(m: Member) -> Self {
        Self {
            id: m.id,
            standing: m.standing,
            standing_reason: m.standing_reason,
            joined_by: m.joined_by,
            joined_at: m.joined_at,
            permissions: m.permissions,
        }
    }
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let standing =
        params.parsed("standing", MemberStanding::parse, "Give pending, active, paused, suspended or rejected.");
    let paging = Paging::from(&mut params);
    params.finish()?;
    let standing = standing.unwrap_or(MemberStanding::Pending);
    let all = app.read(move |conn, _| Ok(store::members::by_standing(conn, standing, MOST)?)).await?;
    ok(&paging.cut(all.into_iter().map(AdminMember::from).collect(), |m| m.id.to_string()))
}

#[derive(Serialize)]
struct AdminMemberDetail {
    #[serde(flatten)]
    member: AdminMember,
    npi_given: bool,
    profile: ProfileInput,
}

async fn show(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    let id = MemberId::parse(&path).ok_or(AppError::NotFound)?;
    let detail = app
        .read(move |conn, _| {
            let member = store::members::find(conn, &id)?;
            Ok(AdminMemberDetail {
                npi_given: store::contacts::has_npi(conn, &member.account)?,
                profile: ProfileInput::from(&store::profiles::get(conn, &id)?),
                member: AdminMember::from(member),
            })
        })
        .await?;
    ok(&detail)
}

/// `{"reason": "..."}`, or nothing.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReasonBody {
    reason: Option<String>,
}

/// `{"reason": "...", "accept_spotted": true}`, or nothing; for what an admin approves or not.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RulingBody {
    reason: Option<String>,
    accept_spotted: bool,
}

impl RulingBody {
    /// Reads a body that may be missing.
    pub(super) fn read(body: &[u8]) -> Result<Self, AppError> {
        if body.is_empty() { Ok(Self::default()) } else { read_json(body) }
    }

    /// As the use cases take it.
    pub(super) fn as_ruling(&self) -> Ruling<'_> {
        Ruling { reason: self.reason.as_deref(), accept_spotted: self.accept_spotted }
    }
}

impl ReasonBody {
    /// Reads a body that may be missing.
    fn read(body: &[u8]) -> Result<Self, AppError> {
        if body.is_empty() { Ok(Self::default()) } else { read_json(body) }
    }
}

async fn decide(app: Data<App>, admin: SignedAdmin, path: Path<String>, body: Bytes, to: MemberStanding) -> ApiResult {
    let id = MemberId::parse(&path).ok_or(AppError::NotFound)?;
    let reason = ReasonBody::read(&body)?.reason;
    let member = app
        .write(move |conn, app| {
            usecases::review_member(conn, app, &admin, &id, to, reason.as_deref())?;
            Ok(store::members::find(conn, &id)?)
        })
        .await?;
    ok(&AdminMember::from(member))
}

async fn approve(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, MemberStanding::Active).await
}

async fn reject(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, MemberStanding::Rejected).await
}

async fn suspend(app: Data<App>, who: Guarded<ShutOut>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, MemberStanding::Suspended).await
}

#[derive(Serialize)]
struct InvitationResponse {
    code: String,
    expires_at: DateTime<Utc>,
}

async fn invite(app: Data<App>, who: Guarded<Moderate>) -> ApiResult {
    let admin = who.into_inner();
    let made = app.write(move |conn, app| usecases::invite_member(conn, app, &admin)).await?;
    let answer = InvitationResponse { code: made.code, expires_at: made.expires_at };
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(answer))
}
