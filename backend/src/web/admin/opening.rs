//! `/admin/openings/{id}`: an opening to be decided on.

use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::OpeningId;
use domain::opening::{OpeningAction, OpeningStatus};
use domain::spotted::in_words;
use frontend::pages::AdminOpening;
use frontend::view::{Fact, Link};
use store::Conn;
use store::companies::Company;
use store::openings::Opening;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::{day, facts, opening_state, place, rule_name};
use super::changes::changes;
use super::labels::{ALTHOUGH, wrong};
use super::rules::checks;
use crate::auth::{Guarded, Moderate, Routes, SignedAdmin};
use crate::error::AppError;
use crate::usecases::{self, Ruling};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/openings/{id}", show)
        .post("/admin/openings/{id}/approve", approve)
        .post("/admin/openings/{id}/return", give_back)
        .post("/admin/openings/{id}/reject", reject);
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let page = read(&shell, id).await?;
    shell.page(&page)
}

async fn read(shell: &Shell, id: OpeningId) -> Result<AdminOpening, AppError> {
    shell
        .app
        .read_fresh(move |conn, app| {
            let opening = store::openings::find(conn, &id)?;
            let found = usecases::simulate_match(conn, app, &id)?;
            let mut page = page(conn, &opening, app.now())?;
            page.would_match = found.eligible.to_string();
            page.nearly = found
                .nearly
                .iter()
                .filter(|(_, count)| *count > 0)
                .map(|(rule, count)| Fact::new(rule_name(*rule), count.to_string()))
                .collect();
            Ok(page)
        })
        .await
}

fn page(conn: &mut Conn, opening: &Opening, now: DateTime<Utc>) -> Result<AdminOpening, AppError> {
    let rules = store::facts::rulebook(conn)?;
    let company = store::companies::find(conn, &opening.company)?;
    let others = store::openings::of_company(conn, &opening.company)?;
    let mut facts = facts(&opening.terms);
    facts.push(Fact::new("Revision", opening.revision.to_string()));
    facts
        .push(Fact::new("Shown to visitors", if opening.terms.public_listing { "Yes" } else { "No, to members only" }));
    Ok(AdminOpening {
        id: opening.id.to_string(),
        title: opening.terms.title.clone(),
        state: opening_state(opening, now),
        company: Link::new(format!("/admin/companies/{}", company.id), company.name.as_str()),
        company_note: company_note(&company, &others),
        facts,
        description: opening.terms.description.clone(),
        rules: checks(&rules, opening, now),
        diff: opening.approved_terms.as_ref().map(|before| changes(&rules, before, &opening.terms)).unwrap_or_default(),
        first_time: opening.approved_terms.is_none(),
        duplicates: duplicates(opening, &others, now),
        outreach_href: opening.liveness.is_live(now).then(|| format!("/admin/openings/{}/outreach", opening.id)),
        can_decide: opening.liveness.status == OpeningStatus::Submitted,
        spotted: in_words(&opening.terms.spotted()),
        accepts: false,
        although: String::new(),
        would_match: String::new(),
        nearly: Vec::new(),
        reason: String::new(),
        errors: Vec::new(),
    })
}

/// The company's record, as a sentence.
fn company_note(company: &Company, openings: &[Opening]) -> String {
    let count = |n: usize| match n {
        0 => "none".to_owned(),
        n => n.to_string(),
    };
    let approved = openings.iter().filter(|o| o.published_at.is_some()).count();
    let rejected = openings.iter().filter(|o| o.liveness.status == OpeningStatus::Rejected).count();
    format!(
        "Registered {}; openings approved so far: {}, rejected: {}.",
        day(company.created_at.date_naive()),
        count(approved),
        count(rejected),
    )
}

/// Live openings of the same company and kind that share a place.
fn duplicates(opening: &Opening, others: &[Opening], now: DateTime<Utc>) -> Vec<Link> {
    let terms = &opening.terms;
    others
        .iter()
        .filter(|o| o.id != opening.id && o.liveness.is_live(now) && o.terms.kind == terms.kind)
        .filter(|o| (o.terms.remote && terms.remote) || o.terms.markets.iter().any(|m| terms.markets.contains(m)))
        .map(|o| Link::new(format!("/admin/openings/{}", o.id), format!("{}, {}", o.terms.title, place(&o.terms))))
        .collect()
}

async fn approve(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who.into_inner(), &id, OpeningAction::Approve, form).await
}

async fn give_back(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who.into_inner(), &id, OpeningAction::Return, form).await
}

async fn reject(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who.into_inner(), &id, OpeningAction::Reject, form).await
}

async fn decide(shell: Shell, admin: SignedAdmin, id: &str, action: OpeningAction, form: Form) -> WebResult {
    let id = OpeningId::parse(id).ok_or(AppError::NotFound)?;
    let approves = action == OpeningAction::Approve;
    let (of, reason) = (id.clone(), form.filled(if approves { ALTHOUGH } else { "reason" }));
    let accept_spotted = form.on("accept_spotted");
    let decided = shell
        .app
        .write(move |conn, app| {
            let ruling = Ruling { reason: reason.as_deref(), accept_spotted };
            usecases::review_opening(conn, app, &admin, &of, action, ruling)
        })
        .await;
    match decided {
        Ok(opening) => {
            let done = match action {
                OpeningAction::Approve => "Approved; physicians whom it fits are being found",
                OpeningAction::Return => "Returned to the company with your reason",
                _ => "Rejected; the company reads your reason",
            };
            let title: String = opening.terms.title.chars().take(60).collect();
            shell.done("/admin/queue", &format!("{done}: {title}"))
        }
        Err(error) => {
            let (status, errors) = wrong(error, approves)?;
            let mut page = read(&shell, id).await?;
            page.reason = form.text("reason").to_owned();
            page.accepts = form.on("accept_spotted");
            page.although = form.text(ALTHOUGH).to_owned();
            page.errors = errors;
            shell.page_with(status, &page)
        }
    }
}
