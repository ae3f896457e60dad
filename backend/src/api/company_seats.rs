//! The people who act for a company, as its own people see them: no contact of anybody.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::SeatId;
use domain::standing::SeatRole;
use serde::Serialize;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, ManageAccess, Routes, SeeCompany};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/company/seats", list).delete("/api/v1/company/seats/{id}", end);
}

#[derive(Serialize)]
struct SeatResponse {
    id: SeatId,
    role: SeatRole,
    since: DateTime<Utc>,
    own: bool,
}

async fn list(app: Data<App>, who: Guarded<SeeCompany>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let (company, own) = (who.company.id.clone(), who.seat.id.clone());
    let all = app.read(move |conn, _| Ok(store::companies::seats_since(conn, &company)?)).await?;
    let seat = |(seat, since): (store::companies::Seat, DateTime<Utc>)| SeatResponse {
        own: seat.id == own,
        id: seat.id,
        role: seat.role,
        since,
    };
    ok(&paging.cut(all.into_iter().map(seat).collect(), |s| s.id.to_string()))
}

async fn end(app: Data<App>, who: Guarded<ManageAccess>, path: Path<String>) -> ApiResult {
    let id = SeatId::parse(&path).ok_or(AppError::NotFound)?;
    let owner = who.into_inner();
    app.write(move |conn, app| usecases::end_seat(conn, app, &owner, &id)).await?;
    done()
}
