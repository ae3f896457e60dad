//! `/ledger`: the whole record, on pages and as a file, and its comparison with what is in force.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use chrono::SecondsFormat;
use domain::contact::ContactField;
use domain::limits::Act;
use frontend::pages::Ledger;
use frontend::view::{Fact, Tag};
use store::Conn;
use store::ledger::Entry;
use store::members::Member;

use super::record::Names;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::csv;
use crate::errand;
use crate::error::AppError;
use crate::usecases::{self, LEDGER_AT_MOST, LedgerReport};
use crate::web::WebResult;
use crate::web::form::Form;
use crate::web::shell::Shell;

/// Entries on one page.
const PAGE: usize = 50;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/ledger", show).get("/ledger.csv", download);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let before: Option<i64> = query.text("before").parse().ok();
    let verify = query.on("verify");
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page_of(conn, app, &member, before, verify)).await?;
    shell.page(&page)
}

fn page_of(conn: &mut Conn, app: &App, member: &Member, before: Option<i64>, verify: bool) -> Result<Ledger, AppError> {
    let all = store::ledger::of_member(conn, &member.id, None, LEDGER_AT_MOST)?;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let mut rest = all.into_iter().filter(|(seq, _)| before.is_none_or(|before| *seq < before));
    let shown: Vec<(i64, Entry)> = rest.by_ref().take(PAGE).collect();
    let last = shown.last().map(|(seq, _)| *seq);
    let more = rest.next().is_some();
    let entries: Vec<Entry> = shown.into_iter().map(|(_, entry)| entry).collect();
    let names = Names::load(conn, app, &entries)?;
    let check = if verify { Some(verdict(&usecases::verify_ledger(conn, app, member)?)) } else { None };
    Ok(Ledger {
        rows: entries.iter().map(|e| names.row(e)).collect(),
        total,
        check,
        proof_href: (total > 0).then(|| "/api/v1/me/ledger/export?format=json".to_owned()),
        download_href: (total > 0).then(|| "/ledger.csv".to_owned()),
        signed: signed(app),
        next_href: last.filter(|_| more).map(|seq| format!("/ledger?before={seq}")),
    })
}

/// What was last signed, for people to compare.
fn signed(app: &App) -> Vec<Fact> {
    let Some(last) = app.ledger.last() else { return Vec::new() };
    vec![
        Fact { note: Some(format!("over {} leaves", last.size)), ..Fact::new("Last signed root", last.root) },
        Fact::new("Signed at", last.at),
        Fact::new("Thumbprint of the key", app.ledger.public_key().thumbprint()),
    ]
}

fn verdict(report: &LedgerReport) -> Tag {
    match (report.faults.len(), report.entries) {
        (0, 1) => Tag::new("ok", "Whole: 1 entry compared with your permissions and the signed tree"),
        (0, n) => Tag::new("ok", format!("Whole: {n} entries compared with your permissions and the signed tree")),
        (1, _) => Tag::new("bad", "1 thing does not fit; write to the community team"),
        (n, _) => Tag::new("bad", format!("{n} things do not fit; write to the community team")),
    }
}

async fn download(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    errand::take_alone(&shell.app, Act::Export, member.id.as_str().to_owned()).await?;
    let csv = shell.app.read(move |conn, app| ledger_csv(conn, app, &member)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"rosterline-ledger.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(csv))
}

/// The whole record as a table for people, newest first, with the place of each entry's leaf.
///
/// # Errors
/// `Corrupt` when an entry cannot be read.
pub(crate) fn ledger_csv(conn: &mut Conn, app: &App, member: &Member) -> Result<String, AppError> {
    let (leaves, entries): (Vec<u64>, Vec<Entry>) =
        store::ledger::placed_of_member(conn, &member.id)?.into_iter().rev().map(|p| (p.leaf, p.entry)).unzip();
    let names = Names::load(conn, app, &entries)?;
    Ok(csv_of(&leaves, &entries, &names))
}

fn csv_of(leaves: &[u64], entries: &[Entry], names: &Names) -> String {
    let mut text = csv::line(["at", "kind", "who", "company", "opening", "fields", "detail", "id", "leaf"]);
    for (leaf, e) in leaves.iter().zip(entries) {
        let fields = e.fields.iter().map(|f| ContactField::as_str(*f)).collect::<Vec<_>>().join(" ");
        let company = if e.company.is_some() { names.company(e) } else { "" };
        let cells = [
            e.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            e.kind.as_str().to_owned(),
            names.who(e),
            company.to_owned(),
            names.opening(e).unwrap_or_default().to_owned(),
            fields,
            e.detail.clone().unwrap_or_default(),
            e.id.as_str().to_owned(),
            leaf.to_string(),
        ];
        text.push_str(&csv::line(cells.iter().map(String::as_str)));
    }
    text
}
