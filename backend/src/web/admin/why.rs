//! `/admin/openings/{id}/why`: why a member got mail about an opening, or did not. Ids, no contact. And a test mail.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::{MemberId, OpeningId};
use frontend::pages::WhyPage;
use frontend::view::FieldError;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::why_page;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/openings/{id}/why", show).post("/admin/mail-test", test);
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>, req: HttpRequest) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let typed = Form::read(req.query_string())?.text("member").to_owned();
    let opening = id.clone();
    let title = shell.app.read(move |conn, _| Ok(store::openings::find(conn, &opening)?.terms.title)).await?;
    let href = format!("/admin/openings/{id}");
    let mut page = WhyPage { title, href: href.clone(), ..WhyPage::default() };
    let mut status = StatusCode::OK;
    if !typed.is_empty() {
        let asked = MemberId::parse(&typed);
        let found = shell.app.read(move |conn, app| {
            let member = store::members::find(conn, &asked.ok_or(AppError::NotFound)?)?;
            usecases::explain_alert(conn, app, &member, &id)
        });
        match found.await {
            Ok(why) => page = why_page(&why, href.clone()),
            Err(AppError::NotFound) => {
                status = StatusCode::UNPROCESSABLE_ENTITY;
                let fault = "No member has this id, or the opening was never approved.";
                page.errors.push(FieldError::new("member", fault));
            }
            Err(error) => return Err(error),
        }
    }
    page.ask_action = Some(format!("{href}/why"));
    page.member = typed;
    shell.page_with(status, &page)
}

/// To the admin who asks.
async fn test(shell: Shell, who: Guarded<Moderate>) -> WebResult {
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::test_mail(conn, app, &admin)).await?;
    shell.done("/admin/mail", "A test alert is on its way to your own address.")
}
