//! Admins decide on companies.

use actix_web::web::{Bytes, Data, Path};
use chrono::{DateTime, Utc};
use domain::CompanyId;
use domain::standing::CompanyStanding;
use serde::Serialize;
use store::companies::Company;

use super::admin_members::RulingBody;
use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// The most companies a list is cut from.
const MOST: i64 = 10_000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/companies", list)
        .post("/api/v1/admin/companies/{id}/approve", approve)
        .post("/api/v1/admin/companies/{id}/suspend", suspend)
        .post("/api/v1/admin/companies/{id}/ban", ban);
}

#[derive(Serialize)]
struct AdminCompany {
    id: CompanyId,
    slug: String,
    name: String,
    website: String,
    standing: CompanyStanding,
    standing_reason: Option<String>,
    created_at: DateTime<Utc>,
    approved_at: Option<DateTime<Utc>>,
}

impl From<Company> for AdminCompany {
    fn from(c: Company) -> Self {
        Self {
            id: c.id,
            slug: c.slug,
            name: c.name,
            website: c.website,
            standing: c.standing,
            standing_reason: c.standing_reason,
            created_at: c.created_at,
            approved_at: c.approved_at,
        }
    }
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let standing = params.parsed("standing", CompanyStanding::parse, "Give pending, approved, suspended or banned.");
    let paging = Paging::from(&mut params);
    params.finish()?;
    let all = app.read(move |conn, _| Ok(store::companies::list(conn, standing, MOST)?)).await?;
    ok(&paging.cut(all.into_iter().map(AdminCompany::from).collect(), |c| c.id.to_string()))
}

async fn decide(app: Data<App>, admin: SignedAdmin, path: Path<String>, body: Bytes, to: CompanyStanding) -> ApiResult {
    let id = CompanyId::parse(&path).ok_or(AppError::NotFound)?;
    let ruling = RulingBody::read(&body)?;
    let company = app
        .write(move |conn, app| {
            usecases::review_company(conn, app, &admin, &id, to, ruling.as_ruling())?;
            Ok(store::companies::find(conn, &id)?)
        })
        .await?;
    ok(&AdminCompany::from(company))
}

async fn approve(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, CompanyStanding::Approved).await
}

async fn suspend(app: Data<App>, who: Guarded<ShutOut>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, CompanyStanding::Suspended).await
}

async fn ban(app: Data<App>, who: Guarded<ShutOut>, path: Path<String>, body: Bytes) -> ApiResult {
    decide(app, who.into_inner(), path, body, CompanyStanding::Banned).await
}
