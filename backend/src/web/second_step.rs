//! `/account/second-step`: the second factor of whoever is signed in. The key and the codes are shown to nobody else, and
//! the codes once.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use frontend::Private;
use frontend::pages::{RecoveryCodes, SecondStep, Setup};
use frontend::view::FieldError;
use store::{Conn, Zeroizing, second_factors};

use super::form::{Form, local_path};
use super::shell::{Shell, not_kept};
use super::sign_in::{code_errors, home_of};
use super::{WebResult, words};
use crate::app::App;
use crate::auth::{AnySignedIn, ChangeSecondFactor, Guarded, Routes, SignedIn};
use crate::error::AppError;
use crate::usecases;

const PATH: &str = "/account/second-step";

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get(PATH, show)
        .post("/account/second-step/start", start)
        .post("/account/second-step/confirm", confirm)
        .post("/account/second-step/codes", renew)
        .post("/account/second-step/off", switch_off);
}

async fn show(shell: Shell, who: Guarded<AnySignedIn>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    page(&shell, StatusCode::OK, who.into_inner(), &query, Vec::new()).await
}

async fn page(shell: &Shell, status: StatusCode, who: SignedIn, form: &Form, errors: Vec<FieldError>) -> WebResult {
    let next = next_of(form);
    let page = shell.app.read(move |conn, app| state(conn, app, &who)).await?;
    not_kept(shell.page_with(status, &SecondStep { next, errors, ..page })?)
}

fn state(conn: &mut Conn, app: &App, who: &SignedIn) -> Result<SecondStep, AppError> {
    let session = who.session().ok_or(AppError::SignIn)?;
    let account = &session.account.id;
    let since = second_factors::enrolled_at(conn, account)?;
    let secret = usecases::waiting_secret(conn, app, account)?;
    Ok(SecondStep {
        required: matches!(who, SignedIn::Enrolling(_)),
        can_switch_off: since.is_some() && usecases::may_do_without(who),
        since: since.map(words::moment),
        codes_left: second_factors::codes_left(conn, account)?,
        setup: secret.map(|secret| Setup {
            uri: Private::from(usecases::key_uri(app, session, &secret).as_str()),
            secret: Private::from(grouped(&secret)),
        }),
        ..SecondStep::default()
    })
}

/// In fours, as people type it.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn next_of(form: &Form) -> String {
    local_path(form.text("next")).unwrap_or_default().to_owned()
}

async fn start(shell: Shell, who: Result<Guarded<ChangeSecondFactor>, AppError>, form: Form) -> WebResult {
    let session = who?.session().cloned().ok_or(AppError::SignIn)?;
    shell.app.write(move |conn, app| usecases::begin_second_factor(conn, app, &session)).await?;
    let query = serde_urlencoded::to_string([("next", next_of(&form))]).map_err(AppError::internal)?;
    shell.done(&format!("{PATH}?{query}"), "Here is your key. Add it to your app, then give the code it shows.")
}

async fn confirm(shell: Shell, who: Result<Guarded<ChangeSecondFactor>, AppError>, form: Form) -> WebResult {
    let who = who?.into_inner();
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let (code, role) = (form.text("totp").to_owned(), session.account.role);
    let done = shell.app.write(move |conn, app| usecases::confirm_second_factor(conn, app, &session, &code)).await?;
    let codes = match done {
        Ok(codes) => codes,
        Err(refused) => {
            let error = AppError::from(refused);
            return page(&shell, error.status(), who, &form, code_errors(&error)).await;
        }
    };
    let next = next_of(&form);
    shown_once(&shell, &codes, if next.is_empty() { home_of(role) } else { &next })
}

async fn renew(shell: Shell, who: Result<Guarded<ChangeSecondFactor>, AppError>, _: Form) -> WebResult {
    let session = who?.session().cloned().ok_or(AppError::SignIn)?;
    let codes = shell.app.write(move |conn, app| usecases::renew_recovery_codes(conn, app, &session)).await?;
    shown_once(&shell, &codes, PATH)
}

/// In the answer itself: the codes may stand in no address and in no cookie.
fn shown_once(shell: &Shell, codes: &[Zeroizing<String>], next: &str) -> WebResult {
    let codes = codes.iter().map(|code| Private::from(code.as_str())).collect();
    not_kept(shell.page(&RecoveryCodes { codes, next_href: next.to_owned() })?)
}

async fn switch_off(shell: Shell, who: Result<Guarded<ChangeSecondFactor>, AppError>, _: Form) -> WebResult {
    let who = who?.into_inner();
    shell.app.write(move |conn, app| usecases::remove_second_factor(conn, app, &who)).await?;
    shell.done(PATH, "The second step is off; your recovery codes are deleted.")
}
