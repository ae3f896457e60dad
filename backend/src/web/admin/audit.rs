//! `/admin/audit`: who did what, to search and to take along.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use chrono::SecondsFormat;
use domain::limits::Act;
use frontend::pages::{AdminAudit, AuditLine};
use frontend::view::{Choice, Tag};
use store::audit::{Recorded, Wanted};

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::moment;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::{csv, errand};

/// Rows of a page.
const ROWS: i64 = 50;
/// Rows of a file.
const FILE_AT_MOST: i64 = 100_000;
/// As what one can act.
const ROLES: [(&str, &str); 5] = [
    ("member", "Member"),
    ("company", "Company"),
    ("admin", "Admin"),
    ("operator", "Operator"),
    ("system", "The system"),
];

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/audit", show).get("/admin/audit.csv", download);
}

/// What the query asks for; a role that does not exist finds nothing.
fn wanted(query: &Form) -> Wanted {
    Wanted { role: query.filled("role"), action: query.filled("action"), id: query.filled("id") }
}

fn address(path: &str, query: &Form, cursor: Option<i64>) -> Result<String, AppError> {
    let cursor = cursor.map(|seq| seq.to_string()).unwrap_or_default();
    let all = ["role", "action", "id"].map(|name| (name, query.text(name)));
    let filled: Vec<(&str, &str)> =
        all.into_iter().chain([("cursor", cursor.as_str())]).filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(filled).map_err(AppError::internal)?;
    Ok(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

async fn show(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let (wanted, before) = (wanted(&query), query.text("cursor").parse().ok());
    let mut rows = shell.app.read(move |conn, _| Ok(store::audit::list(conn, &wanted, before, ROWS + 1)?)).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > ROWS);
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|act| address("/admin/audit", &query, Some(act.seq)));
    shell.page(&AdminAudit {
        ledger: match shell.app.ledger.faults().len() {
            0 => Tag::new("ok", "as it was signed"),
            _ => Tag::new("bad", "not what was signed; `rosterline check` says where"),
        },
        role: query.text("role").to_owned(),
        role_options: ROLES.iter().map(|(value, label)| Choice::new(*value, *label)).collect(),
        action: query.text("action").to_owned(),
        id: query.text("id").to_owned(),
        rows: rows.iter().map(line).collect(),
        download_href: address("/admin/audit.csv", &query, None)?,
        next_href: next.transpose()?,
    })
}

fn line(act: &Recorded) -> AuditLine {
    let page = match act.object.as_str() {
        "member" => Some("members"),
        "company" => Some("companies"),
        "opening" => Some("openings"),
        "dispute" => Some("disputes"),
        "mail" => Some("mail"),
        _ => None,
    };
    AuditLine {
        at: moment(act.at()),
        at_iso: act.at().to_rfc3339_opts(SecondsFormat::Secs, true),
        role: ROLES.iter().find(|(role, _)| *role == act.role).map_or(act.role.as_str(), |(_, label)| label).to_owned(),
        action: act.action.clone(),
        object: act.object.replace('_', " "),
        id: act.id.chars().take(8).collect(),
        href: page.map(|page| format!("/admin/{page}/{}", act.id)),
        detail: act.detail.clone(),
    }
}

async fn download(shell: Shell, who: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let wanted = wanted(&Form::read(req.query_string())?);
    errand::take_alone(&shell.app, Act::Export, who.into_inner().account().as_str().to_owned()).await?;
    let rows = shell.app.read(move |conn, _| Ok(store::audit::list(conn, &wanted, None, FILE_AT_MOST)?)).await?;
    let mut text = csv::line(["seq", "at", "role", "actor", "action", "object", "id", "detail"]);
    for act in rows {
        let (seq, at) = (act.seq.to_string(), act.at().to_rfc3339_opts(SecondsFormat::Secs, true));
        let (actor, detail) = (act.actor.unwrap_or_default(), act.detail.unwrap_or_default());
        text.push_str(&csv::line([&*seq, &*at, &*act.role, &*actor, &*act.action, &*act.object, &*act.id, &*detail]));
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"rosterline-record.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text))
}
