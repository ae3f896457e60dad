//! `/openings/{id}/why`: why a member got mail about an opening, or did not.

use actix_web::web::Path;
use domain::OpeningId;

use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;
use crate::web::WebResult;
use crate::web::shell::Shell;
use crate::web::words::why_page;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/openings/{id}/why", show);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let why = shell.app.read(move |conn, app| usecases::explain_alert(conn, app, &member, &id)).await?;
    let href = format!("/openings/{}", why.opening_id);
    shell.page(&why_page(&why, href))
}
