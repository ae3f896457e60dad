//! For operators and their tools: health, readiness, metrics, the key set.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::web::Data;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Jwks, Routes};
use crate::config::MailRoute;

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

async fn metrics(app: Data<App>, handle: Data<PrometheusHandle>) -> ApiResult {
    let (depth, jobs) =
        app.read(|conn, app| Ok((store::outbox::depth(conn)?, store::jobs::open_and_dead(conn, app.now())?))).await?;
    for d in depth {
        metrics::gauge!("rosterline_outbox_mails", "stream" => d.stream.as_str(), "state" => d.state.as_str())
            .set(f64::from(u32::try_from(d.count).unwrap_or(u32::MAX)));
    }
    metrics::gauge!("rosterline_jobs_due").set(f64::from(u32::try_from(jobs.0).unwrap_or(u32::MAX)));
    metrics::gauge!("rosterline_jobs_dead").set(f64::from(u32::try_from(jobs.1).unwrap_or(u32::MAX)));
    let faults = app.ledger.faults().len();
    metrics::gauge!("rosterline_ledger_faults").set(f64::from(u32::try_from(faults).unwrap_or(u32::MAX)));
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render()))
}

async fn jwks(app: Data<App>) -> ApiResult {
    let keys = [app.tokens.public(), app.ledger.public_key(), app.ledger.receipts.public()];
    ok(&Jwks { keys: keys.into_iter().cloned().collect() })
}
