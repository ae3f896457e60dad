//! The people who act for a company, as its own people see them: no contact of anybody.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::standing::SeatRole;
use domain::{SeatId, SeatInvitationId};
use serde::Serialize;

use super::extract::{Json, Params};
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, ManageAccess, Routes, SeeCompany};
use crate::error::AppError;
use crate::usecases::{self, SeatInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/company/seats", list)
        .post("/api/v1/company/seats", invite)
        .delete("/api/v1/company/seats/{id}", end);
}

#[derive(Serialize)]
struct SeatResponse {
    /// Of the seat, or of the invitation until it is taken up.
    id: String,
    role: SeatRole,
    state: &'static str,
    since: DateTime<Utc>,
    /// When an invitation ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    own: bool,
}

#[derive(Serialize)]
struct InvitedResponse {
    id: SeatInvitationId,
}

async fn list(app: Data<App>, who: Guarded<SeeCompany>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let (company, own) = (who.company.id.clone(), who.seat.id.clone());
    let (seats, invited) = app
        .read(move |conn, app| {
            let seats = store::companies::seats_since(conn, &company)?;
            Ok((seats, store::seat_invitations::of_company(conn, &app.vault, &company, app.now())?))
        })
        .await?;
    let seats = seats.into_iter().map(|(seat, since)| SeatResponse {
        own: seat.id == own,
        id: seat.id.to_string(),
        role: seat.role,
        state: "active",
        since,
        expires_at: None,
    });
    let invited = invited.into_iter().map(|of| SeatResponse {
        own: false,
        id: of.id.to_string(),
        role: of.role,
        state: "invited",
        since: of.invited_at,
        expires_at: Some(of.expires_at),
    });
    ok(&paging.cut(seats.chain(invited).collect(), |s| s.id.clone()))
}

async fn invite(app: Data<App>, who: Guarded<ManageAccess>, body: Json<SeatInput>) -> ApiResult {
    let owner = who.into_inner();
    let id = app.write(move |conn, app| usecases::invite_seat(conn, app, &owner, &body.0)).await?;
    Ok(HttpResponse::Created().json(InvitedResponse { id }))
}

async fn end(app: Data<App>, who: Guarded<ManageAccess>, path: Path<String>) -> ApiResult {
    let owner = who.into_inner();
    app.write(move |conn, app| {
        let invited = SeatInvitationId::parse(&path).map(|id| usecases::withdraw_seat(conn, app, &owner, &id));
        match invited {
            Some(Ok(())) => Ok(()),
            Some(Err(AppError::NotFound)) | None => {
                let id = SeatId::parse(&path).ok_or(AppError::NotFound)?;
                usecases::end_seat(conn, app, &owner, &id)
            }
            Some(Err(error)) => Err(error),
        }
    })
    .await?;
    done()
}
