//! Gives an error its answer: a problem document for programs, a page for people. It knows the request, which an
//! error does not.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use domain::errors::FieldError;
use domain::spotted::Spotted;
use serde::Serialize;

use super::RequestId;
use super::errands::carry_over;
use crate::app::App;
use crate::auth::{Allowed, SignedIn};
use crate::error::AppError;
use crate::web::Form;

/// RFC 9457.
#[derive(Serialize)]
struct Problem<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [FieldError]>,
    /// What was found in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    spotted: Option<&'a [Spotted]>,
}

/// Middleware.
///
/// # Errors
/// None of its own.
pub async fn answer_errors(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // No copy of the request may be held across this call: the router needs it for itself.
    let res = next.call(req).await?.map_into_boxed_body();
    if res.response().error().is_none() && !framework_error(&res) {
        return Ok(res);
    }
    let error = known(res.response().error(), res.status());
    let mut answer = answer(res.request(), &error);
    carry_over(res.headers(), answer.headers_mut());
    Ok(res.into_response(answer))
}

/// Answers that the framework makes by itself, with no error of ours in them.
fn framework_error(res: &ServiceResponse<BoxBody>) -> bool {
    matches!(res.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST)
        && res.response().body().size().is_eof()
}

/// Our error, or the nearest of ours to the framework's.
fn known(error: Option<&actix_web::Error>, status: StatusCode) -> AppError {
    if let Some(ours) = error.and_then(actix_web::Error::as_error::<AppError>) {
        return copy(ours);
    }
    match status {
        StatusCode::NOT_FOUND => AppError::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => AppError::Method,
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        s if s.is_client_error() => AppError::Malformed("The request could not be understood."),
        _ => AppError::internal("an error outside the application"),
    }
}

fn copy(error: &AppError) -> AppError {
    match error {
        AppError::SignIn => AppError::SignIn,
        AppError::NotFound => AppError::NotFound,
        AppError::Forbidden(t) => AppError::Forbidden(t),
        AppError::FreshSignIn => AppError::FreshSignIn,
        AppError::Enrol => AppError::Enrol,
        AppError::CrossSite => AppError::CrossSite,
        AppError::Conflict(t) => AppError::Conflict(t),
        AppError::ContactInText(spotted) => AppError::ContactInText(spotted.clone()),
        AppError::Gone(t) => AppError::Gone(t),
        AppError::Invalid(e) => AppError::Invalid(e.clone()),
        AppError::Malformed(t) => AppError::Malformed(t),
        AppError::TooLarge => AppError::TooLarge,
        AppError::MediaType => AppError::MediaType,
        AppError::Method => AppError::Method,
        AppError::TooMany(seconds) => AppError::TooMany(*seconds),
        AppError::InProgress => AppError::InProgress,
        AppError::KeyReused => AppError::KeyReused,
        AppError::AlreadyDone => AppError::AlreadyDone,
        AppError::ReachSpent(until) => AppError::ReachSpent(*until),
        AppError::ReachLocked => AppError::ReachLocked,
        AppError::Busy => AppError::Busy,
        AppError::Internal(c) => AppError::Internal(c.clone()),
    }
}

fn answer(req: &HttpRequest, error: &AppError) -> HttpResponse {
    let id = req.extensions().get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default();
    if let AppError::Internal(cause) = error {
        tracing::error!(request_id = %id, cause, "internal error");
    }
    let app = req.app_data::<Data<App>>();
    let mut res = match app {
        Some(app) if !is_program(req) => page(req, app, error, &id),
        _ => problem(error, &id),
    };
    if let (AppError::Method, Some(allowed)) = (error, req.extensions().get::<Allowed>())
        && let Ok(value) = HeaderValue::from_str(&allowed.0)
    {
        res.headers_mut().insert(ALLOW, value);
    }
    res
}

/// The API, and whoever asks for JSON.
pub(super) fn is_program(req: &HttpRequest) -> bool {
    let path = req.path();
    path.starts_with("/api/")
        || path.starts_with("/.well-known/")
        || matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn problem(error: &AppError, id: &str) -> HttpResponse {
    let status = error.status();
    let body = Problem {
        r#type: format!("urn:rosterline:problem:{}", error.code()),
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: error.to_string(),
        code: error.code(),
        request_id: id,
        errors: if let AppError::Invalid(e) = error { Some(e.list()) } else { None },
        spotted: if let AppError::ContactInText(spotted) = error { Some(spotted) } else { None },
    };
    let mut res = HttpResponse::build(status);
    if let Some(when) = error.retry_after() {
        res.insert_header((RETRY_AFTER, when));
    }
    if matches!(error, AppError::SignIn) {
        res.insert_header(("WWW-Authenticate", "Bearer"));
    }
    res.content_type("application/problem+json").body(serde_json::to_string(&body).unwrap_or_default())
}

/// The page that somebody has to pass first, and that leads on to what was asked for.
fn door(error: &AppError, method: &Method) -> Option<&'static str> {
    match error {
        AppError::SignIn => Some("/sign-in"),
        AppError::Enrol => Some("/account/second-step"),
        // What was typed into a form would be lost on the way.
        AppError::FreshSignIn if *method == Method::GET => Some("/account/confirm"),
        _ => None,
    }
}

fn page(req: &HttpRequest, app: &App, error: &AppError, id: &str) -> HttpResponse {
    let wants = req.uri().path_and_query().map_or("/", |p| p.as_str());
    if let Some(door) = door(error, req.method()) {
        let next = if *req.method() == Method::GET { wants } else { "/" };
        let to = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
        return HttpResponse::SeeOther().insert_header((LOCATION, format!("{door}?{to}"))).finish();
    }
    let mut res = HttpResponse::build(error.status());
    if let Some(when) = error.retry_after() {
        res.insert_header((RETRY_AFTER, when));
    }
    let extensions = req.extensions();
    let sent = extensions
        .get::<Form>()
        .filter(|_| matches!(error, AppError::TooMany(_) | AppError::Busy | AppError::FreshSignIn));
    if sent.is_some() {
        res.insert_header((CACHE_CONTROL, "no-store"));
    }
    match crate::web::error_page(app, error, wants, id, extensions.get::<SignedIn>(), sent) {
        Some(html) => res.content_type("text/html; charset=utf-8").body(html),
        None => res.content_type("text/plain; charset=utf-8").body("Something went wrong on our side.\n"),
    }
}
