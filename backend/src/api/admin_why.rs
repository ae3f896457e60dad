//! Why a member got mail about an opening, or did not: ids, no contact; and what alerts look like.

use actix_web::web::{Data, Path};
use domain::{MemberId, OpeningId};

use super::extract::Params;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/admin/openings/{id}/why", why).post("/api/v1/admin/mail-test", test);
}

async fn why(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>, mut params: Params) -> ApiResult {
    let id = OpeningId::parse(&path).ok_or(AppError::NotFound)?;
    let member = params.parsed("member_id", MemberId::parse, "Give the id of a member.");
    params.finish()?;
    let member = member.ok_or_else(|| AppError::field("member_id", "required", "Give the id of a member."))?;
    let why = app
        .read(move |conn, app| {
            let member = store::members::find(conn, &member)?;
            usecases::explain_alert(conn, app, &member, &id)
        })
        .await?;
    ok(&why)
}

/// To the admin who asks.
async fn test(app: Data<App>, who: Guarded<Moderate>) -> ApiResult {
    let admin = who.into_inner();
    app.write(move |conn, app| usecases::test_mail(conn, app, &admin)).await?;
    done()
}
