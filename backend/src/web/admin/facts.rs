//! `/admin/facts`: the tables of rules, fees and names with their sources.

use actix_web::HttpRequest;
use actix_web::web::Path;
use domain::facts::{SHIPPED, may_be_shown};
use frontend::pages::{AdminFactTable, AdminFacts, FactRow, FactTable};
use frontend::view::{Fact, Tag};

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::paging::cut;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/facts", list).get("/admin/facts/{table}", show);
}

async fn list(shell: Shell, _: Guarded<Moderate>) -> WebResult {
    let tables = shell
        .app
        .read(|conn, _| {
            let mut tables = Vec::new();
            for (table, _) in SHIPPED {
                let rows = store::facts::rows(conn, table, false)?;
                tables.push(FactTable {
                    href: format!("/admin/facts/{table}"),
                    label: label(table),
                    unconfirmed: rows.iter().filter(|row| !may_be_shown(&row.confidence)).count(),
                    rows: rows.len(),
                });
            }
            Ok(tables)
        })
        .await?;
    shell.page(&AdminFacts { tables })
}

async fn show(shell: Shell, _: Guarded<Moderate>, table: Path<String>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let name = SHIPPED.iter().map(|(name, _)| *name).find(|name| *name == table.as_str()).ok_or(AppError::NotFound)?;
    let rows = shell.app.read(move |conn, _| Ok(store::facts::rows(conn, name, false)?)).await?;
    let rows: Vec<(usize, store::facts::Fact)> = rows.into_iter().enumerate().collect();
    let (rows, next) = cut(rows, query.text("cursor"), |(at, _)| at.to_string());
    shell.page(&AdminFactTable {
        label: label(name),
        rows: rows.into_iter().map(|(_, fact)| row(&fact)).collect(),
        next_href: next.map(|at| format!("/admin/facts/{name}?cursor={at}")),
    })
}

fn row(fact: &store::facts::Fact) -> FactRow {
    let state = match (may_be_shown(&fact.confidence), fact.confidence.as_str()) {
        (true, "") => Tag::new("ok", "Shown"),
        (true, word) => Tag::new("ok", format!("Shown; confidence {word}")),
        (false, word) => Tag::new("warn", format!("Not shown as fact; confidence {word}")),
    };
    let cells = fact.columns.iter().filter_map(|(name, value)| {
        let value = value.as_str().filter(|value| !value.is_empty() && name != "confidence")?;
        Some(Fact::new(label(name), value))
    });
    FactRow { key: fact.key.clone(), state, cells: cells.collect() }
}

/// `qme_rules` as people read it.
fn label(name: &str) -> String {
    let words = name.replace('_', " ").replace("qme", "QME");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
