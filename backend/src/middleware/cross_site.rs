//! A browser's cookie acts only for pages of this site.

use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN};
use actix_web::middleware::Next;

use crate::auth::COOKIE;
use crate::error::AppError;

/// Middleware: refuses a request that changes something, carries the session cookie and does not come from a page of
/// this site. Requests without the cookie (programs, mail providers' one-click) pass: they act with what they send.
///
/// # Errors
/// What the inner service returns.
pub async fn cross_site(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if from_elsewhere(req.request()) {
        // An answer, not an error: an error would skip the outer middlewares.
        return Ok(req.error_response(AppError::CrossSite));
    }
    next.call(req).await.map(ServiceResponse::map_into_boxed_body)
}

fn from_elsewhere(req: &HttpRequest) -> bool {
    let changes = !matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Signing in has no cookie yet, and must not be done by another site either.
    let signs_in = req.path().starts_with("/sign-in");
    let acts_by_cookie = req.cookie(COOKIE).is_some() && !req.headers().contains_key(AUTHORIZATION);
    if !changes || !(acts_by_cookie || signs_in) {
        return false;
    }
    let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (header(ORIGIN.as_str()), header(HOST.as_str())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, o)| o != host),
        // Neither header: no current browser. A program may sign in so; nobody may act by cookie so.
        _ => acts_by_cookie,
    }
}
