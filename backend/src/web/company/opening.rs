//! `/company/openings/{id}`: one opening of the company, and what can be done with it.

use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::OpeningId;
use domain::access::Action;
use domain::eligibility::demands;
use domain::opening::{OpeningAction, OpeningStatus, next_status};
use domain::reach::Aim;
use frontend::pages::CompanyOpening;
use frontend::view::{Fact, RecordLine};
use store::Conn;
use store::audit::Recorded;
use store::openings::Opening;

use super::super::WebResult;
use super::super::shell::Shell;
use super::super::words::{facts, moment, opening_state, rule_name};
use super::opening_form::show_again;
use super::{may, reach};
use crate::app::App;
use crate::auth::{Guarded, ManageOpenings, Routes, SeeCompany, SignedSeat};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/company/openings/{id}", show)
        .post("/company/openings/{id}/submit", submit)
        .post("/company/openings/{id}/close", close)
        .post("/company/openings/{id}/confirm-open", confirm)
        .post("/company/openings/{id}/clone", clone);
}

async fn show(shell: Shell, who: Guarded<SeeCompany>, id: Path<String>) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let company = who.company.id.clone();
    let (opening, acts, asks) = shell
        .app
        .read(move |conn, _| {
            let opening = store::openings::find_of(conn, &company, &id)?;
            let acts = store::audit::of_object(conn, "opening", id.as_str())?;
            let asks = demands(&store::facts::rulebook(conn)?, &opening.terms);
            Ok((opening, acts, asks))
        })
        .await?;
    let band = reach::band(&shell.app, &who.company, Aim::from(&opening.terms)).await?;
    let now = shell.app.now();
    let manages = may(&shell, Action::ManageOpenings);
    let can = |action| manages && next_status(opening.liveness.status, action).is_some();
    shell.page(&CompanyOpening {
        id: opening.id.to_string(),
        title: opening.terms.title.clone(),
        state: opening_state(&opening, now),
        reason: opening.decision_reason.clone(),
        band: band.band,
        band_note: band.note,
        asks: asks.into_iter().map(|(rule, text)| Fact::new(rule_name(rule), text)).collect(),
        facts: facts(&opening.terms),
        description: opening.terms.description.clone(),
        history: history(&opening, &acts),
        public_href: opening.liveness.is_live(now).then(|| format!("/openings/{}", opening.id)),
        can_edit: can(OpeningAction::Edit),
        can_submit: can(OpeningAction::Submit),
        can_confirm: can(OpeningAction::Confirm),
        can_close: can(OpeningAction::Close),
        can_clone: manages,
    })
}

/// What happened to it, newest first.
fn history(opening: &Opening, acts: &[Recorded]) -> Vec<RecordLine> {
    let mut all: Vec<(DateTime<Utc>, &str, String)> = vec![(opening.created_at, "doc", "Written".to_owned())];
    all.extend(opening.submitted_at.map(|at| (at, "clock", "Sent for review".to_owned())));
    // Approving counts as the first word that it is open and stands there by itself.
    let approved: Vec<_> = acts.iter().filter(|a| a.action == "opening.approve").map(Recorded::at).collect();
    let confirmed = opening.liveness.confirmed_at.filter(|at| !approved.contains(at));
    all.extend(confirmed.map(|at| (at, "check", "Confirmed to be open".to_owned())));
    all.extend(acts.iter().filter_map(|act| {
        let (icon, word) = match act.action.as_str() {
            "opening.approve" => ("check", "Approved"),
            "opening.return" => ("undo", "Returned for changes"),
            "opening.reject" => ("cross", "Rejected"),
            _ => return None,
        };
        let text = act.detail.as_deref().map_or_else(|| word.to_owned(), |why| format!("{word}: {why}"));
        Some((act.at(), icon, text))
    }));
    if opening.liveness.status == OpeningStatus::Closed {
        all.push((opening.updated_at, "pause", "Closed".to_owned()));
    }
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    all.into_iter()
        .map(|(at, icon, text)| RecordLine { kind: icon.to_owned(), text, at: moment(at), at_iso: at.to_rfc3339() })
        .collect()
}

type Step = fn(&mut Conn, &App, &SignedSeat, &OpeningId) -> Result<Opening, AppError>;

async fn act(shell: &Shell, who: Guarded<ManageOpenings>, id: &str, step: Step) -> Result<Opening, AppError> {
    let id = OpeningId::parse(id).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    shell.app.write(move |conn, app| step(conn, app, &seat, &id)).await
}

async fn submit(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>) -> WebResult {
    let company = who.company.clone();
    match act(&shell, who, &id, usecases::submit_opening).await {
        Ok(opening) => shell.done(
            &format!("/company/openings/{}", opening.id),
            "Sent for review. You get a mail when an admin has decided.",
        ),
        // Only the form can put it right.
        Err(AppError::Invalid(errors)) => show_again(&shell, &company, &id, &errors).await,
        Err(error) => Err(error),
    }
}

async fn close(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>) -> WebResult {
    let opening = act(&shell, who, &id, usecases::close_opening).await?;
    shell.done(
        &format!("/company/openings/{}", opening.id),
        "Closed. Contacts shared for it can no longer be opened; please delete what you have.",
    )
}

async fn confirm(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>) -> WebResult {
    let opening = act(&shell, who, &id, usecases::confirm_opening).await?;
    shell.done(&format!("/company/openings/{}", opening.id), "Noted: it is still open.")
}

async fn clone(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>) -> WebResult {
    let copy = act(&shell, who, &id, usecases::clone_opening).await?;
    shell.done(
        &format!("/company/openings/{}/edit", copy.id),
        "Copied. This is the new draft; the other one stays as it is.",
    )
}
