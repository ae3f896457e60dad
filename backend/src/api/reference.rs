//! Reference lists: specialties, markets, certifications, fees, QME rules. Only rows fit to be shown as fact.

use actix_web::web::Data;
use domain::place::{Market, State};
use domain::profile::ProviderClass;
use domain::specialty::Specialty;
use serde::Serialize;
use serde_json::{Map, Value};

use super::extract::Params;
use super::list::List;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::Routes;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/reference/specialties", specialties)
        .get("/api/v1/reference/markets", markets)
        .get("/api/v1/reference/certifications", certifications)
        .get("/api/v1/reference/fees", fees)
        .get("/api/v1/reference/qme-rules", qme_rules);
}

#[derive(Serialize)]
struct SpecialtyResponse {
    slug: &'static str,
    name: &'static str,
    provider_class: ProviderClass,
}

// These lists are closed and small, so they come whole.
async fn specialties(params: Params) -> ApiResult {
    params.finish()?;
    let items = Specialty::all()
        .map(|s| SpecialtyResponse { slug: s.slug(), name: s.name(), provider_class: s.row().provider_class })
        .collect();
    ok(&List { items, next_cursor: None })
}

#[derive(Serialize)]
struct MarketResponse {
    slug: &'static str,
    name: String,
    state: State,
    popular: bool,
}

async fn markets(params: Params) -> ApiResult {
    params.finish()?;
    let items = Market::all()
        .map(|m| MarketResponse { slug: m.slug(), name: m.label(), state: m.state(), popular: m.popular() })
        .collect();
    ok(&List { items, next_cursor: None })
}

async fn table(app: &App, params: Params, name: &'static str) -> ApiResult {
    params.finish()?;
    let rows = app.read(move |conn, _| Ok(store::facts::rows(conn, name, true)?)).await?;
    let items: Vec<Map<String, Value>> = rows.into_iter().map(|r| r.columns).collect();
    ok(&List { items, next_cursor: None })
}

async fn certifications(app: Data<App>, params: Params) -> ApiResult {
    table(&app, params, "certifications").await
}

async fn fees(app: Data<App>, params: Params) -> ApiResult {
    table(&app, params, "fees").await
}

async fn qme_rules(app: Data<App>, params: Params) -> ApiResult {
    table(&app, params, "qme_rules").await
}
