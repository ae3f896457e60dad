//! A member's ledger: entries, their comparison with what was signed, and the record to take along.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::limits::Act;
use domain::merkle::to_hex;
use domain::{IntroductionId, LedgerId, MemberId, OpeningId, SeatId};
use serde::Serialize;
use store::Conn;

use super::extract::Params;
use super::list::Paging;
use super::me_introductions::{CompanyRef, company_refs};
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::errand;
use crate::error::AppError;
use crate::ledger::Checkpoint;
use crate::usecases;
use crate::web::ledger_csv;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/ledger", list)
        .get("/api/v1/me/ledger/verify", verify)
        .get("/api/v1/me/ledger/export", export);
}

#[derive(Serialize)]
pub(super) struct EntryResponse {
    #[serde(skip)]
    pub(super) seq: i64,
    id: LedgerId,
    kind: &'static str,
    at: DateTime<Utc>,
    introduction_id: Option<IntroductionId>,
    opening_id: Option<OpeningId>,
    company: Option<CompanyRef>,
    seat: Option<SeatId>,
    fields: Vec<ContactField>,
    detail: Option<String>,
}

/// A member's entries, newest first.
pub(super) fn entries(
    conn: &mut Conn,
    member: &MemberId,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<EntryResponse>, AppError> {
    let rows = store::ledger::of_member(conn, member, before, most)?;
    let names = company_refs(conn, rows.iter().filter_map(|(_, e)| e.company.as_ref()))?;
    Ok(rows
        .into_iter()
        .map(|(seq, e)| EntryResponse {
            seq,
            id: e.id,
            kind: e.kind.as_str(),
            at: e.at,
            introduction_id: e.introduction,
            opening_id: e.opening,
            company: e.company.and_then(|c| names.get(&c).cloned()),
            seat: e.seat,
            fields: e.fields,
            detail: e.detail,
        })
        .collect())
}

#[derive(Serialize)]
struct VerifyResponse {
    sound: bool,
    entries: usize,
    faults: Vec<String>,
    /// Leaves of the tree the entries were found in; without a value when the tree is damaged.
    tree_size: Option<u64>,
    root: Option<String>,
    /// The newest signed root that is kept outside the database.
    checkpoint: Option<Checkpoint>,
}

/// Compares the record with the introductions in force, with the tree, and the tree with what was signed of it.
async fn verify(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.member.clone();
    let report = app.read(move |conn, app| usecases::verify_ledger(conn, app, &member)).await?;
    ok(&VerifyResponse {
        sound: report.faults.is_empty(),
        entries: report.entries,
        faults: report.faults,
        tree_size: report.tree.map(|tree| tree.size),
        root: report.tree.map(|tree| to_hex(&tree.root)),
        checkpoint: report.checkpoint,
    })
}

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// The record as a file: `json` with everything that proves it, `csv` for people.
async fn export(app: Data<App>, who: Guarded<OwnMembership>, mut params: Params) -> ApiResult {
    let format = params.parsed(
        "format",
        |word| match word {
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            _ => None,
        },
        "Give json or csv.",
    );
    let since = params.parsed_list("since", |t| t.parse::<u64>().ok(), "Give the sizes of older trees.");
    params.finish()?;
    let member = who.into_inner().member;
    errand::take_alone(&app, Act::Export, member.id.as_str().to_owned()).await?;
    let (text, kind, name) = app
        .read(move |conn, app| match format.unwrap_or(Format::Json) {
            Format::Json => {
                let text = usecases::export_ledger(conn, app, &member, &since)?.text()?;
                Ok((text, "application/json", "rosterline-ledger.json"))
            }
            Format::Csv => Ok((ledger_csv(conn, app, &member)?, "text/csv; charset=utf-8", "rosterline-ledger.csv")),
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text))
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, mut params: Params) -> ApiResult {
    let paging = Paging::from(&mut params);
    params.finish()?;
    let before = paging.after().and_then(|a| a.parse().ok());
    let most = i64::try_from(paging.limit() + 1).unwrap_or(101);
    let member = who.member.id.clone();
    let rows = app.read(move |conn, _| entries(conn, &member, before, most)).await?;
    ok(&paging.taken(rows, |e| e.seq.to_string()))
}
