//! A request id, one log line and the metrics of each request. No path parameters, no query, no body: they may name
//! people.

use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// The id of a request, in its answer and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Middleware.
///
/// # Errors
/// What the inner service returns.
pub async fn observe(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let id = crate::random::id(|id| id.simple().to_string());
    req.extensions_mut().insert(RequestId(id.clone()));
    let method = req.method().clone();
    let mut res = next.call(req).await?;
    let route = res.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let status = res.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    metrics::counter!("rosterline_http_requests_total", "route" => route.clone(), "method" => method.to_string(), "status" => status.to_string()).increment(1);
    metrics::histogram!("rosterline_http_seconds", "route" => route.clone()).record(seconds);
    if route != "/healthz" && route != "/static/{name}" {
        tracing::info!(request_id = %id, %method, route, status, ms = seconds * 1000.0, "request");
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        res.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(res)
}
