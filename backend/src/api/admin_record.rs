//! The audit record and the fact tables, as admins read them.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::facts::SHIPPED;
use serde::Serialize;
use serde_json::{Map, Value};
use store::audit::Wanted;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/audit", audit)
        .get("/api/v1/admin/facts", tables)
        .get("/api/v1/admin/facts/{table}", facts);
}

#[derive(Serialize)]
struct ActResponse {
    seq: i64,
    at: DateTime<Utc>,
    actor: Option<String>,
    role: String,
    action: String,
    object: String,
    id: String,
    detail: Option<String>,
}

async fn audit(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let paging = Paging::from(&mut params);
    let wanted = Wanted { role: params.text("role"), action: params.text("action"), id: params.text("id") };
    params.finish()?;
    let before = paging.after().and_then(|a| a.parse().ok());
    let most = i64::try_from(paging.limit() + 1).unwrap_or(101);
    let rows = app.read(move |conn, _| Ok(store::audit::list(conn, &wanted, before, most)?)).await?;
    let rows = rows
        .into_iter()
        .map(|r| ActResponse {
            seq: r.seq,
            at: r.at(),
            actor: r.actor,
            role: r.role,
            action: r.action,
            object: r.object,
            id: r.id,
            detail: r.detail,
        })
        .collect();
    ok(&paging.taken(rows, |r: &ActResponse| r.seq.to_string()))
}

#[derive(Serialize)]
struct TableResponse {
    table: &'static str,
    rows: usize,
    unconfirmed: usize,
}

async fn tables(app: Data<App>, _who: Guarded<Moderate>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let all = app
        .read(|conn, _| {
            let mut all = Vec::new();
            for (table, _) in SHIPPED {
                let rows = store::facts::rows(conn, table, false)?;
                let unconfirmed = rows.iter().filter(|r| !domain::facts::may_be_shown(&r.confidence)).count();
                all.push(TableResponse { table, rows: rows.len(), unconfirmed });
            }
            Ok(all)
        })
        .await?;
    ok(&paging.cut(all, |t| t.table.to_owned()))
}

async fn facts(app: Data<App>, _who: Guarded<Moderate>, table: Path<String>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let name = SHIPPED.iter().map(|(name, _)| *name).find(|name| *name == table.as_str()).ok_or(AppError::NotFound)?;
    let rows = app.read(move |conn, _| Ok(store::facts::rows(conn, name, false)?)).await?;
    let rows: Vec<(String, Map<String, Value>)> =
        rows.into_iter().enumerate().map(|(i, r)| (format!("{i}/{}", r.key), r.columns)).collect();
    let page = paging.cut(rows, |(key, _)| key.clone());
    ok(&super::list::List { items: page.items.into_iter().map(|(_, c)| c).collect(), next_cursor: page.next_cursor })
}
