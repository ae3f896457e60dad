//! A member's ledger.

use actix_web::web::{self, Data, ServiceConfig};
use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::{IntroductionId, LedgerId, MemberId, OpeningId, SeatId};
use serde::Serialize;
use store::Conn;

use super::extract::Params;
use super::list::Paging;
use super::me_introductions::{CompanyRef, company_refs};
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/v1/me/ledger", web::get().to(list)).route("/api/v1/me/ledger/verify", web::get().to(verify));
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
}

/// Compares the record with the introductions in force.
async fn verify(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.member.clone();
    let report = app.read(move |conn, _| usecases::verify_ledger(conn, &member)).await?;
    ok(&VerifyResponse { sound: report.faults.is_empty(), entries: report.entries, faults: report.faults })
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
