//! Reports of problems about introductions, as the company sees them: what it is about and what was decided, and nothing
//! of what the physician wrote.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::DisputeId;

use super::extract::{Json, Params};
use super::list::Paging;
use super::me_disputes::{AnswerBody, DisputeResponse};
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Routes, SeeCompany, SeeContact};
use crate::error::AppError;
use crate::usecases::{self, DisputeInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/company/disputes", list)
        .post("/api/v1/company/disputes", open)
        .get("/api/v1/company/disputes/{id}", show)
        .post("/api/v1/company/disputes/{id}/answer", answer);
}

async fn list(app: Data<App>, who: Guarded<SeeCompany>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let company = who.company.id.clone();
    let all = app.read(move |conn, _| Ok(store::disputes::of_company(conn, &company)?)).await?;
    ok(&paging.cut(all.into_iter().map(DisputeResponse::from).collect(), |d| d.id.to_string()))
}

async fn show(app: Data<App>, who: Guarded<SeeCompany>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let company = who.company.id.clone();
    let found = app.read(move |conn, _| Ok(store::disputes::find_of_company(conn, &company, &id)?)).await?;
    ok(&DisputeResponse::from(found))
}

async fn open(app: Data<App>, who: Guarded<SeeContact>, body: Json<DisputeInput>) -> ApiResult {
    let seat = who.into_inner();
    let made = app.write(move |conn, app| usecases::open_dispute_as_company(conn, app, &seat, &body.0)).await?;
    Ok(HttpResponse::Created().json(DisputeResponse::from(made)))
}

async fn answer(app: Data<App>, who: Guarded<SeeContact>, path: Path<String>, body: Json<AnswerBody>) -> ApiResult {
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let answered =
        app.write(move |conn, app| usecases::answer_dispute_as_company(conn, app, &seat, &id, &body.0.text)).await?;
    ok(&DisputeResponse::from(answered))
}
