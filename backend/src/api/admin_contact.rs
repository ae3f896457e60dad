//! An admin's look at a member's contact: with a reason, recorded, and told to the member.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::MemberId;
use serde::{Deserialize, Serialize};

use super::ApiResult;
use super::contact_fields::ContactFields;
use super::extract::Json;
use crate::app::App;
use crate::auth::{Guarded, LookAtContact, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.post("/api/v1/admin/members/{id}/contact", look);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookBody {
    reason: String,
}

#[derive(Serialize)]
struct LookResponse {
    member_id: MemberId,
    contact: ContactFields,
}

async fn look(app: Data<App>, who: Guarded<LookAtContact>, path: Path<String>, body: Json<LookBody>) -> ApiResult {
    let member_id = MemberId::parse(&path).ok_or(AppError::NotFound)?;
    let (admin, id) = (who.into_inner(), member_id.clone());
    let write = app.write(move |conn, app| usecases::look_at_contact(conn, app, &admin, &id, &body.0.reason));
    let answer = LookResponse { member_id, contact: ContactFields(write.await?) };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}
