//! A member's switches.

use actix_web::web::Data;
use domain::permission::Permissions;
use serde::Deserialize;

use super::extract::Json;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/me/permissions", show).put("/api/v1/me/permissions", replace);
}

/// All three must be said: a switch is never moved by leaving it out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionsBody {
    alerts_email: bool,
    admin_outreach: bool,
    anonymous_counts: bool,
}

async fn show(who: Guarded<OwnMembership>) -> ApiResult {
    ok(&who.member.permissions)
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, body: Json<PermissionsBody>) -> ApiResult {
    let member = who.member.clone();
    let wanted = Permissions {
        alerts_email: body.0.alerts_email,
        admin_outreach: body.0.admin_outreach,
        anonymous_counts: body.0.anonymous_counts,
    };
    let live = app.write(move |conn, app| usecases::set_permissions(conn, app, &member, wanted, "api")).await?;
    ok(&live)
}
