//! Admins read both sides of a dispute with the ledger of its introduction, and decide.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::dispute::{Outcome, Side};
use domain::{CompanyId, DisputeId, MemberId, SeatId};
use serde::{Deserialize, Serialize};
use store::Conn;
use store::disputes::Dispute;

use super::extract::{Json, Params};
use super::me_disputes::DisputeResponse;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/disputes/{id}", show)
        .post("/api/v1/admin/disputes/{id}/suspend", suspend)
        .post("/api/v1/admin/disputes/{id}/ban", ban)
        .post("/api/v1/admin/disputes/{id}/end", end)
        .post("/api/v1/admin/disputes/{id}/dismiss", dismiss);
}

/// An entry of the ledger without anything that names a person.
#[derive(Serialize)]
struct LedgerLine {
    kind: &'static str,
    at: DateTime<Utc>,
    fields: Vec<ContactField>,
    seat: Option<SeatId>,
    detail: Option<String>,
}

#[derive(Serialize)]
struct AdminDispute {
    #[serde(flatten)]
    dispute: DisputeResponse,
    member_id: MemberId,
    company_id: CompanyId,
    report: Option<String>,
    answer: Option<String>,
    ledger: Vec<LedgerLine>,
}

fn read(conn: &mut Conn, app: &App, of: Dispute) -> Result<AdminDispute, AppError> {
    let mut words = |side: Side| -> Result<Option<String>, AppError> {
        Ok(store::disputes::text_of(conn, &app.vault, &of, side)?.map(|text| text.as_str().to_owned()))
    };
    let (report, answer) = (words(of.side)?, words(of.side.other())?);
    let ledger = match &of.introduction {
        Some(id) => store::ledger::of_introduction(conn, id)?,
        None => Vec::new(),
    };
    let line = |e: store::ledger::Entry| LedgerLine {
        kind: e.kind.as_str(),
        at: e.at,
        fields: e.fields,
        seat: e.seat,
        detail: e.detail,
    };
    Ok(AdminDispute {
        report,
        answer,
        ledger: ledger.into_iter().map(line).collect(),
        member_id: of.member.clone(),
        company_id: of.company.clone(),
        dispute: DisputeResponse::from(of),
    })
}

/// What people wrote may hold their contact, so no cache keeps it.
fn private(dispute: &AdminDispute) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(dispute)
}

async fn show(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let found = app
        .read(move |conn, app| {
            let found = store::disputes::find(conn, &id)?;
            read(conn, app, found)
        })
        .await?;
    Ok(private(&found))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsBody {
    words: String,
}

async fn decide(
    app: Data<App>,
    admin: SignedAdmin,
    path: Path<String>,
    body: Json<WordsBody>,
    outcome: Outcome,
) -> ApiResult {
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let decided =
        app.write(move |conn, app| usecases::decide_dispute(conn, app, &admin, &id, outcome, &body.0.words)).await?;
    ok(&DisputeResponse::from(decided))
}

async fn suspend(app: Data<App>, who: Guarded<ShutOut>, path: Path<String>, body: Json<WordsBody>) -> ApiResult {
    decide(app, who.into_inner(), path, body, Outcome::CompanySuspended).await
}

async fn ban(app: Data<App>, who: Guarded<ShutOut>, path: Path<String>, body: Json<WordsBody>) -> ApiResult {
    decide(app, who.into_inner(), path, body, Outcome::CompanyBanned).await
}

async fn end(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Json<WordsBody>) -> ApiResult {
    decide(app, who.into_inner(), path, body, Outcome::IntroductionEnded).await
}

async fn dismiss(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Json<WordsBody>) -> ApiResult {
    decide(app, who.into_inner(), path, body, Outcome::Dismissed).await
}
