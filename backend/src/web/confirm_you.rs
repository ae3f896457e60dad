//! `/account/confirm`: whoever is signed in proves again who they are, then goes on where they were.

use actix_web::HttpRequest;
use frontend::pages::ConfirmYou;
use frontend::view::FieldError;

use super::WebResult;
use super::form::{Form, local_path};
use super::shell::{Shell, see_other};
use super::sign_in::{code_errors, waits};
use crate::auth::{AnySignedIn, Guarded, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/account/confirm", show).post("/account/confirm", confirm).post("/account/confirm/link", send_link);
}

async fn show(shell: Shell, who: Guarded<AnySignedIn>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let page = page(&shell, &who, &query, Vec::new()).await?;
    shell.page(&page)
}

async fn page(
    shell: &Shell,
    who: &Guarded<AnySignedIn>,
    form: &Form,
    errors: Vec<FieldError>,
) -> Result<ConfirmYou, AppError> {
    let account = who.session().ok_or(AppError::SignIn)?.account.id.clone();
    let has_app =
        shell.app.read(move |conn, _| Ok(store::second_factors::enrolled_at(conn, &account)?.is_some())).await?;
    Ok(ConfirmYou { has_app, next: local_path(form.text("next")).unwrap_or_default().to_owned(), errors })
}

async fn confirm(shell: Shell, who: Guarded<AnySignedIn>, form: Form) -> WebResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let code = form.text("totp").to_owned();
    let done = shell.app.write(move |conn, app| usecases::prove_again(conn, app, &session, &code)).await?;
    if let Err(refused) = done {
        let error = AppError::from(refused);
        let page = page(&shell, &who, &form, code_errors(&error)).await?;
        let mut answer = shell.page_with(error.status(), &page)?;
        waits(&mut answer, &error);
        return Ok(answer);
    }
    match local_path(form.text("next")) {
        Some(next) => shell.done(next, "Confirmed."),
        None => shell.done("/account", "Confirmed. Go back to the page you came from and repeat the step."),
    }
}

async fn send_link(shell: Shell, who: Guarded<AnySignedIn>, form: Form) -> WebResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let next = local_path(form.text("next")).map(str::to_owned);
    shell.app.write(move |conn, app| usecases::mail_own_link(conn, app, &session, next.as_deref())).await?;
    see_other("/sign-in/sent")
}
