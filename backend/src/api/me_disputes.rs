//! Reports of problems, as members see them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::dispute::{DisputeKind, Outcome, Side};
use domain::{DisputeId, IntroductionId, OpeningId};
use serde::{Deserialize, Serialize};
use store::Conn;
use store::disputes::Dispute;

use super::extract::{Json, Params};
use super::list::Paging;
use super::me_introductions::{CompanyRef, company_refs};
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, DisputeInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/disputes", list)
        .post("/api/v1/me/disputes", open)
        .get("/api/v1/me/disputes/{id}", show)
        .post("/api/v1/me/disputes/{id}/answer", answer);
}

/// What every reader of a report sees.
#[derive(Serialize)]
pub(super) struct DisputeResponse {
    pub(super) id: DisputeId,
    by: Side,
    kind: DisputeKind,
    opening_id: Option<OpeningId>,
    introduction_id: Option<IntroductionId>,
    state: &'static str,
    opened_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    /// In the admin's words.
    words: Option<String>,
    decided_at: Option<DateTime<Utc>>,
}

impl From<Dispute> for DisputeResponse {
    fn from(d: Dispute) -> Self {
        let decided = d.decided;
        Self {
            id: d.id,
            by: d.side,
            kind: d.kind,
            opening_id: d.opening,
            introduction_id: d.introduction,
            state: if decided.is_some() { "decided" } else { "open" },
            opened_at: d.opened_at,
            answered_at: d.answered_at,
            outcome: decided.as_ref().map(|d| d.outcome),
            decided_at: decided.as_ref().map(|d| d.at),
            words: decided.map(|d| d.words),
        }
    }
}

/// What a member sees: with the company, and with their own words. Those of the company are for admins.
#[derive(Serialize)]
pub(super) struct OwnDisputeResponse {
    #[serde(flatten)]
    dispute: DisputeResponse,
    company: Option<CompanyRef>,
    text: Option<String>,
}

/// A member's reports and those about their introductions.
pub(super) fn own(conn: &mut Conn, app: &App, all: Vec<Dispute>) -> Result<Vec<OwnDisputeResponse>, AppError> {
    let names = company_refs(conn, all.iter().map(|d| &d.company))?;
    all.into_iter()
        .map(|d| {
            let text = store::disputes::text_of(conn, &app.vault, &d, Side::Member)?;
            Ok(OwnDisputeResponse {
                company: names.get(&d.company).cloned(),
                text: text.map(|text| text.as_str().to_owned()),
                dispute: DisputeResponse::from(d),
            })
        })
        .collect()
}

fn one(conn: &mut Conn, app: &App, dispute: Dispute) -> Result<OwnDisputeResponse, AppError> {
    own(conn, app, vec![dispute])?.pop().ok_or_else(|| AppError::internal("the dispute is missing"))
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app
        .read(move |conn, app| {
            let all = store::disputes::of_member(conn, &id)?;
            own(conn, app, all)
        })
        .await?;
    ok(&paging.cut(all, |d| d.dispute.id.to_string()))
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, params: Params) -> ApiResult {
    params.finish()?;
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.member.id.clone();
    let found = app
        .read(move |conn, app| {
            let found = store::disputes::find_of_member(conn, &member, &id)?;
            one(conn, app, found)
        })
        .await?;
    ok(&found)
}

async fn open(app: Data<App>, who: Guarded<OwnMembership>, body: Json<DisputeInput>) -> ApiResult {
    let member = who.into_inner().member;
    let made = app
        .write(move |conn, app| {
            let made = usecases::open_dispute_as_member(conn, app, &member, &body.0)?;
            one(conn, app, made)
        })
        .await?;
    Ok(HttpResponse::Created().json(made))
}

/// `{"text": "..."}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerBody {
    pub(super) text: String,
}

async fn answer(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, body: Json<AnswerBody>) -> ApiResult {
    let id = DisputeId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let answered = app
        .write(move |conn, app| {
            let answered = usecases::answer_dispute_as_member(conn, app, &member, &id, &body.0.text)?;
            one(conn, app, answered)
        })
        .await?;
    ok(&answered)
}
