//! A company's openings.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path};
use domain::OpeningId;
use domain::input::OpeningInput;
use domain::reach::{Aim, Band};
use serde_json::{Map, Value};
use store::Conn;
use store::openings::Opening;

use super::extract::{Json, Params, read_json};
use super::list::Paging;
use super::openings::OpeningResponse;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, ManageOpenings, Routes, SeeCompany, SignedSeat};
use crate::error::AppError;
use crate::usecases::{self, Asking, Reach, look_at_reach};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/company/openings", list)
        .post("/api/v1/company/openings", create)
        .get("/api/v1/company/openings/{id}", show)
        .patch("/api/v1/company/openings/{id}", change)
        .post("/api/v1/company/openings/{id}/submit", submit)
        .post("/api/v1/company/openings/{id}/close", close)
        .post("/api/v1/company/openings/{id}/confirm-open", confirm)
        .post("/api/v1/company/openings/{id}/clone", clone)
        .get("/api/v1/company/openings/{id}/reach", reach);
}

/// As anyone sees it, with an admin's reason for a return or rejection.
#[derive(serde::Serialize)]
struct OwnOpeningResponse {
    #[serde(flatten)]
    opening: OpeningResponse,
    decision_reason: Option<String>,
}

impl From<&Opening> for OwnOpeningResponse {
    fn from(o: &Opening) -> Self {
        Self { opening: OpeningResponse::from(o), decision_reason: o.decision_reason.clone() }
    }
}

async fn list(app: Data<App>, who: Guarded<SeeCompany>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let company = who.company.id.clone();
    let all = app.read(move |conn, _| Ok(store::openings::of_company(conn, &company)?)).await?;
    let page = paging.cut(all, |o| o.id.to_string());
    ok(&super::list::List {
        items: page.items.iter().map(OwnOpeningResponse::from).collect(),
        next_cursor: page.next_cursor,
    })
}

async fn create(app: Data<App>, who: Guarded<ManageOpenings>, body: Json<OpeningInput>) -> ApiResult {
    let seat = who.into_inner();
    let made = app.write(move |conn, app| usecases::draft_opening(conn, app, &seat, &body.0)).await?;
    Ok(HttpResponse::Created().json(OwnOpeningResponse::from(&made)))
}

async fn show(app: Data<App>, who: Guarded<SeeCompany>, path: Path<String>) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let company = who.company.id.clone();
    let opening = app.read(move |conn, _| Ok(store::openings::find_of(conn, &company, &id)?)).await?;
    ok(&OwnOpeningResponse::from(&opening))
}

/// A merge patch (RFC 7396) over the terms: what is left out stays.
async fn change(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>, body: Bytes) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    // Read as an opening first, so that unknown fields and wrong types are told by their names.
    let _: OpeningInput = read_json(&body)?;
    let patch: Value = Value::Object(read_json::<Map<String, Value>>(&body)?);
    let seat = who.into_inner();
    let changed = app
        .write(move |conn, app| {
            let before = store::openings::find_of(conn, &seat.company.id, &id)?;
            let mut terms = serde_json::to_value(OpeningInput::from(&before.terms)).map_err(AppError::internal)?;
            merge(&mut terms, &patch);
            let input: OpeningInput = serde_json::from_value(terms).map_err(AppError::internal)?;
            usecases::edit_opening(conn, app, &seat, &id, &input)
        })
        .await?;
    ok(&OwnOpeningResponse::from(&changed))
}

fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

type Act = fn(&mut Conn, &App, &SignedSeat, &OpeningId) -> Result<Opening, AppError>;

async fn act(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>, act: Act) -> Result<Opening, AppError> {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    app.write(move |conn, app| act(conn, app, &seat, &id)).await
}

async fn submit(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>) -> ApiResult {
    ok(&OwnOpeningResponse::from(&act(app, who, path, usecases::submit_opening).await?))
}

async fn close(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>) -> ApiResult {
    ok(&OwnOpeningResponse::from(&act(app, who, path, usecases::close_opening).await?))
}

async fn confirm(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>) -> ApiResult {
    ok(&OwnOpeningResponse::from(&act(app, who, path, usecases::confirm_opening).await?))
}

async fn clone(app: Data<App>, who: Guarded<ManageOpenings>, path: Path<String>) -> ApiResult {
    let made = act(app, who, path, usecases::clone_opening).await?;
    Ok(HttpResponse::Created().json(OwnOpeningResponse::from(&made)))
}

/// The band of the opening's cell; none while nothing can be shown.
#[derive(serde::Serialize)]
struct ReachResponse {
    band: Option<Band>,
}

async fn reach(app: Data<App>, who: Guarded<SeeCompany>, path: Path<String>) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let company = who.into_inner().company;
    let own = company.id.clone();
    let opening = app.read(move |conn, _| Ok(store::openings::find_of(conn, &own, &id)?)).await?;
    let band = match look_at_reach(&app, &company, vec![Aim::from(&opening.terms)], Asking::Directly).await?.pop() {
        Some(Reach::Shown { band, .. }) => Some(band),
        Some(Reach::NoSnapshot | Reach::TooSmall) | None => None,
        Some(Reach::NotApproved) => {
            return Err(AppError::Forbidden("Bands are shown once your company is approved and in good standing."));
        }
        Some(Reach::Spent(until)) => return Err(AppError::ReachSpent(until)),
        Some(Reach::Locked) => return Err(AppError::ReachLocked),
    };
    ok(&ReachResponse { band })
}
