//! For operators and their tools: health, readiness, metrics, the key set.

use std::sync::atomic::Ordering;

use actix_web::http::header::{CACHE_CONTROL, VARY};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use domain::mail::{Bucket, MailState, Stream};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use store::outbox::Depth;

use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Jwks, Routes, SignedIn, bearer};
use crate::config::MailRoute;
use crate::error::AppError;
use crate::mail::post::{self, Hold};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/healthz", healthz).get("/readyz", readyz).get("/metrics", metrics).get("/.well-known/jwks.json", jwks);
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

#[derive(Serialize)]
struct Readiness {
    database: &'static str,
    index: &'static str,
    mail: &'static str,
}

async fn readyz(app: Data<App>) -> ApiResult {
    let database = app.read(|conn, _| Ok(store::changes::last(conn)?)).await;
    let index = app.ready.load(Ordering::Acquire);
    let state = Readiness {
        database: if database.is_ok() { "ok" } else { "unreachable" },
        index: if index { "ok" } else { "opening" },
        // Held mail waits in the outbox; that is a matter for the banner, not for a balancer.
        mail: match app.mail_route {
            MailRoute::Held => "held",
            MailRoute::Folder(_) => "folder",
            MailRoute::Smtp(_) => "smtp",
        },
    };
    if database.is_ok() && index { ok(&state) } else { Ok(HttpResponse::ServiceUnavailable().json(&state)) }
}

/// To everyone what says nothing about people; all of it to whoever shows the token, and to admins. How many mails went
/// out when would tell a company how many members its opening reached.
async fn metrics(app: Data<App>, handle: Data<PrometheusHandle>, req: HttpRequest) -> ApiResult {
    let by_token = app.config.metrics_token.as_ref().is_some_and(|token| bearer(&req).is_some_and(|b| token.is(b)));
    let mut text = about_itself(&app);
    if by_token || matches!(SignedIn::extract(&req).await?, SignedIn::Admin(_)) {
        text.push_str(&everything(&app, &handle).await?);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Authorization, Cookie"))
        .body(text))
}

/// Version, start and readiness.
fn about_itself(app: &App) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (started, ready) = (app.started.timestamp(), u8::from(app.ready.load(Ordering::Acquire)));
    format!(
        "# HELP rosterline_build_info The version that runs.\n\
         # TYPE rosterline_build_info gauge\n\
         rosterline_build_info{{version=\"{version}\"}} 1\n\
         # HELP rosterline_start_time_seconds When it was started, in seconds since 1970.\n\
         # TYPE rosterline_start_time_seconds gauge\n\
         rosterline_start_time_seconds {started}\n\
         # HELP rosterline_ready 1 when it takes traffic.\n\
         # TYPE rosterline_ready gauge\n\
         rosterline_ready {ready}\n"
    )
}

async fn everything(app: &App, handle: &PrometheusHandle) -> Result<String, AppError> {
    let (depth, jobs) =
        app.read(|conn, app| Ok((store::outbox::depth(conn)?, store::jobs::open_and_dead(conn, app.now())?))).await?;
    let holds = app.read(post::holds).await?;
    mail_gauges(app, &depth, &holds);
    // Those without a mail too: a gauge keeps what it was last told.
    for (stream, state) in Stream::ALL.iter().flat_map(|stream| MailState::ALL.iter().map(move |state| (stream, state)))
    {
        let count = depth.iter().find(|d| (d.stream, d.state) == (*stream, *state)).map_or(0, |d| d.count);
        metrics::gauge!("rosterline_outbox_mails", "stream" => stream.as_str(), "state" => state.as_str())
            .set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
    metrics::gauge!("rosterline_jobs_due").set(f64::from(u32::try_from(jobs.0).unwrap_or(u32::MAX)));
    metrics::gauge!("rosterline_jobs_dead").set(f64::from(u32::try_from(jobs.1).unwrap_or(u32::MAX)));
    let faults = app.ledger.faults().len();
    metrics::gauge!("rosterline_ledger_faults").set(f64::from(u32::try_from(faults).unwrap_or(u32::MAX)));
    Ok(handle.render())
}

/// How late each stream is, whether it stands, and whether the mail server is within reach.
fn mail_gauges(app: &App, depth: &[Depth], holds: &[(Stream, Hold)]) {
    let now = app.now();
    for stream in Stream::ALL {
        let waits = |s: MailState| {
            matches!(s, MailState::Queued | MailState::Claimed | MailState::Deferred | MailState::Ambiguous)
        };
        let oldest = depth.iter().filter(|d| d.stream == *stream && waits(d.state)).map(|d| d.oldest).min();
        let late = oldest.map_or(0.0, |due| (now - due).as_seconds_f64().max(0.0));
        metrics::gauge!("rosterline_outbox_oldest_seconds", "stream" => stream.as_str()).set(late);
        let held = holds.iter().any(|(of, _)| of == stream);
        metrics::gauge!("rosterline_mail_stream_held", "stream" => stream.as_str()).set(f64::from(u8::from(held)));
    }
    metrics::gauge!("rosterline_mail_server_unreachable").set(f64::from(u8::from(app.post.breaker.is_broken())));
    for bucket in Bucket::ALL {
        // 0 is no limit.
        let rate = app.post.pace.rate(*bucket, now).unwrap_or(0.0);
        metrics::gauge!("rosterline_mail_rate_per_minute", "host" => bucket.as_str()).set(rate);
    }
}

async fn jwks(app: Data<App>) -> ApiResult {
    let keys = [app.tokens.public(), app.ledger.public_key(), app.ledger.receipts.public()];
    ok(&Jwks { keys: keys.into_iter().cloned().collect() })
}
