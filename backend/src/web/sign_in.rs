//! Sign-in by a link in a mail: ask, be told to look at the mail, press the button behind the link.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use domain::contact::EmailAddress;
use domain::standing::Role;
use frontend::Private;
use frontend::pages::{Message, SignIn, SignInConfirm, SignInSent};
use frontend::view::{FieldError, Link};

use super::WebResult;
use super::form::{Form, field_errors, local_path};
use super::shell::{Shell, clear_session_cookie, not_kept, see_other, set_session_cookie};
use crate::auth::Routes;
use crate::client::Client;
use crate::error::AppError;
use crate::usecases;

/// How long a link works, as the page says it.
const MINUTES: i64 = 15;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/sign-in", show)
        .post("/sign-in", ask)
        .get("/sign-in/sent", sent)
        .get("/sign-in/{token}", show_button)
        .post("/sign-in/{token}", confirm)
        .post("/sign-out", sign_out);
}

async fn show(shell: Shell, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let next = local_path(query.text("next")).unwrap_or_default().to_owned();
    shell.page(&SignIn { next, ..SignIn::default() })
}

/// The same answer whether or not the address is known.
async fn ask(shell: Shell, client: Client, form: Form) -> WebResult {
    let next = local_path(form.text("next")).map(str::to_owned);
    let Some(email) = EmailAddress::parse(form.text("email")) else {
        let page = SignIn {
            email: Private::from(form.text("email")),
            next: next.unwrap_or_default(),
            errors: vec![FieldError::new("email", "Give an e-mail address, for example name@example.org.")],
        };
        return shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    shell.app.write(move |conn, app| usecases::request_sign_in(conn, app, client, &email, next.as_deref())).await?;
    see_other("/sign-in/sent")
}

async fn sent(shell: Shell) -> WebResult {
    let mailbox_href = shell.app.config.demo.then(|| "/dev/mailbox".to_owned());
    shell.page(&SignInSent { minutes: MINUTES, mailbox_href })
}

/// Shows the button and changes nothing: scanners open every link of a mail.
async fn show_button(shell: Shell, token: Path<String>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    button(&shell, StatusCode::OK, token.into_inner(), &query, Vec::new()).await
}

/// The page behind a link, or that it no longer works.
async fn button(
    shell: &Shell,
    status: StatusCode,
    token: String,
    form: &Form,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, AppError> {
    let action = format!("/sign-in/{token}");
    let needs = shell.app.read(move |conn, app| usecases::needs_code(conn, &token, app.now())).await;
    let needs_totp = match needs {
        Ok(account) => account.is_some(),
        Err(AppError::NotFound) => return not_live(shell),
        Err(error) => return Err(error),
    };
    let page = SignInConfirm {
        action: Private::from(action),
        needs_totp,
        next: local_path(form.text("next")).unwrap_or_default().to_owned(),
        errors,
    };
    not_kept(shell.page_with(status, &page)?)
}

async fn confirm(shell: Shell, client: Client, token: Path<String>, form: Form) -> WebResult {
    usecases::try_link(&shell.app, client).await?;
    let before = shell.signed.session().cloned();
    let (token, code) = (token.into_inner(), form.filled("totp"));
    let link = token.clone();
    let opened = shell
        .app
        .write(move |conn, app| {
            let opened = usecases::confirm_sign_in(conn, app, &link, code.as_deref())?;
            // This browser forgets its former session with the cookie, so nobody could end it any more.
            if let (Some(before), Ok(_)) = (&before, &opened) {
                usecases::sign_out(conn, app, before)?;
            }
            Ok(opened)
        })
        .await;
    let opened = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(refused)) => {
            let error = AppError::from(refused);
            let mut answer = button(&shell, error.status(), token, &form, code_errors(&error)).await?;
            waits(&mut answer, &error);
            return Ok(answer);
        }
        Err(AppError::NotFound) => return not_live(&shell),
        Err(error) => return Err(error),
    };
    let next = opened.next.as_deref().or(Some(form.text("next"))).and_then(local_path);
    let to = next.unwrap_or(home_of(opened.account.role));
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, to.to_owned()))
        .cookie(set_session_cookie(&shell.app, &opened.token))
        .finish())
}

/// Where somebody of this role begins.
pub(super) const fn home_of(role: Role) -> &'static str {
    match role {
        Role::Member => "/matches",
        Role::Company => "/company",
        Role::Admin => "/admin",
    }
}

/// Why a code was not taken, beside the field of the code.
pub(super) fn code_errors(error: &AppError) -> Vec<FieldError> {
    match error {
        AppError::Invalid(errors) => field_errors(errors, str::to_owned),
        other => vec![FieldError::new("totp", other.to_string())],
    }
}

/// Says when to try again, where waiting helps.
pub(super) fn waits(answer: &mut HttpResponse, error: &AppError) {
    if let Some(value) = error.retry_after().and_then(|when| HeaderValue::from_str(&when).ok()) {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
}

/// A link that is used, run out or made up; which of them is not told.
fn not_live(shell: &Shell) -> WebResult {
    let page = Message {
        heading: "This link no longer works".to_owned(),
        paragraphs: vec![
            "A sign-in link works once, for 15 minutes. This one was used, has run out, or was not copied as a whole."
                .to_owned(),
            "Ask for a fresh one; it comes within a minute.".to_owned(),
        ],
        links: vec![Link::new("/sign-in", "Send me a fresh link")],
    };
    not_kept(shell.page_with(StatusCode::NOT_FOUND, &page)?)
}

async fn sign_out(shell: Shell) -> WebResult {
    if let Some(session) = shell.signed.session().cloned() {
        shell.app.write(move |conn, app| usecases::sign_out(conn, app, &session)).await?;
    }
    let mut answer = shell.done("/", "You are signed out.")?;
    answer.add_cookie(&clear_session_cookie()).map_err(AppError::internal)?;
    Ok(answer)
}
