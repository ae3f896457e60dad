//! The guard against floods, before anything touches the database.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::RETRY_AFTER;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::answer_errors::is_program;
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;

/// Middleware.
///
/// # Errors
/// What the inner service returns.
pub async fn hold_back(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let admitted = match req.app_data::<Data<App>>() {
        Some(app) => app.flood.admit(Client::of(req.request(), &app.config)),
        None => Ok(()),
    };
    let Err(seconds) = admitted else {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    };
    metrics::counter!("rosterline_refused_total", "limit" => "flood").increment(1);
    if is_program(req.request()) {
        return Ok(req.error_response(AppError::TooMany(seconds)));
    }
    // A whole page would be work for each of a flood; a line is enough to know what to do.
    let text = format!("Too many requests came from your network at once. Reload in {seconds} s; nothing was lost.\n");
    let mut answer = HttpResponse::TooManyRequests();
    answer.insert_header((RETRY_AFTER, seconds.to_string())).content_type("text/plain; charset=utf-8");
    Ok(req.into_response(answer.body(text)))
}
