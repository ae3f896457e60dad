//! Gives each request that may act its errand: who acts, under which key; and tells the API's clients of their limits.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use domain::AccountId;
use store::limits::Taken;

use super::idempotency;
use crate::app::App;
use crate::auth::{COOKIE, SignedIn};
use crate::errand::Errand;
use crate::error::AppError;

/// How many there are in which window, and how many are left of them: draft-ietf-httpapi-ratelimit-headers.
pub(super) const LIMIT_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("ratelimit-policy"), HeaderName::from_static("ratelimit")];

/// Middleware.
///
/// # Errors
/// What the inner service returns.
pub async fn errands(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(app) = req.app_data::<Data<App>>().cloned() else {
        return Ok(req.error_response(AppError::internal("the application is not set")));
    };
    let for_programs = req.path().starts_with("/api/");
    let account = match acting(&mut req).await {
        Ok(account) => account,
        Err(error) => return Ok(req.error_response(error)),
    };
    let keyed = match idempotency::asked(&mut req, &app, account.as_ref()).await {
        Ok(keyed) => keyed,
        Err(error) => return Ok(req.error_response(error)),
    };
    let (mut res, taken) = match keyed {
        Some(asked) => idempotency::once(req, next, App::clone(&app), account, asked).await?,
        None => {
            let errand = Errand::new(account, None);
            let res = errand.run(next.call(req)).await?.map_into_boxed_body();
            (res, errand.taken())
        }
    };
    if let Some(taken) = taken.filter(|_| for_programs) {
        tell(&mut res, taken);
    }
    Ok(res)
}

/// Whose act a request is, when it may change something and somebody is signed in.
async fn acting(req: &mut ServiceRequest) -> Result<Option<AccountId>, AppError> {
    let reads = matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let shows = req.headers().contains_key(AUTHORIZATION) || req.cookie(COOKIE).as_ref().is_some_and(not_empty);
    if reads || !shows {
        return Ok(None);
    }
    let signed = req.extract::<SignedIn>().await?;
    Ok(signed.session().map(|session| session.account.id.clone()))
}

fn not_empty(cookie: &Cookie<'_>) -> bool {
    !cookie.value().is_empty()
}

/// Not beside an error of another kind: what was not done was not counted.
fn tell(res: &mut ServiceResponse<BoxBody>, taken: Taken) {
    if !res.status().is_success() && res.status() != StatusCode::TOO_MANY_REQUESTS {
        return;
    }
    let (name, limit) = (taken.act.as_str(), taken.act.limit());
    let policy = format!("\"{name}\";q={};w={}", limit.most, limit.window.num_seconds());
    let left = format!("\"{name}\";r={};t={}", taken.left.unwrap_or(0), taken.resets_in);
    for (header, text) in LIMIT_HEADERS.into_iter().zip([policy, left]) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            res.headers_mut().insert(header, value);
        }
    }
}

/// Carries the two headers over to the answer that takes another's place.
pub(super) fn carry_over(from: &HeaderMap, to: &mut HeaderMap) {
    for header in LIMIT_HEADERS {
        if let Some(value) = from.get(&header) {
            to.insert(header, value.clone());
        }
    }
}
