//! `/admin/disputes/{id}`: both sides of a dispute, the record of its introduction, and the decision.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::SecondsFormat;
use domain::DisputeId;
use domain::contact::ContactField;
use domain::dispute::{Outcome, Side};
use domain::introduction::IntroductionState;
use domain::standing::CompanyStanding;
use frontend::Private;
use frontend::pages::{AdminDispute, DisputeEntry};
use frontend::view::{Fact, Link, Tag};
use store::Conn;
use store::disputes::Dispute;
use store::ledger::{Entry, LedgerKind};

use super::super::WebResult;
use super::super::form::{Form, field_errors};
use super::super::shell::{Shell, not_kept};
use super::super::words::moment;
use super::labels::member;
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// Letters of an id that name a seat on a page.
const SHORT: usize = 8;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/disputes/{id}", show)
        .post("/admin/disputes/{id}/suspend", suspend)
        .post("/admin/disputes/{id}/ban", ban)
        .post("/admin/disputes/{id}/end", end)
        .post("/admin/disputes/{id}/dismiss", dismiss);
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = DisputeId::parse(&id).ok_or(AppError::NotFound)?;
    let page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
    not_kept(shell.page(&page)?)
}

fn page(conn: &mut Conn, app: &App, id: &DisputeId) -> Result<AdminDispute, AppError> {
    let of = store::disputes::find(conn, id)?;
    let company = store::companies::find(conn, &of.company)?;
    let opening = match &of.opening {
        Some(id) => Some(store::openings::find(conn, id)?),
        None => None,
    };
    let mut words = |side: Side| -> Result<Option<Private>, AppError> {
        Ok(store::disputes::text_of(conn, &app.vault, &of, side)?.map(|text| Private::from(text.as_str())))
    };
    let (report, answer) = (words(of.side)?.unwrap_or_default(), words(of.side.other())?);
    let (state, ledger) = record(conn, app, &of)?;
    let open = of.decided.is_none();
    use CompanyStanding as S;
    Ok(AdminDispute {
        id: id.to_string(),
        kind: of.kind.label().to_owned(),
        state: if open { Tag::new("warn", "Waits for a decision") } else { Tag::new("ok", "Decided") },
        company: Link::new(format!("/admin/companies/{}", of.company), company.name.as_str()),
        member: Link::new(format!("/admin/members/{}", of.member), member(&of.member)),
        opening: opening.map(|o| Link::new(format!("/admin/openings/{}", o.id), o.terms.title)),
        facts: facts(&of, state),
        by: name(of.side).to_owned(),
        report,
        other: name(of.side.other()).to_owned(),
        answer,
        awaits_answer: of.can_be_answered(),
        ledger,
        can_suspend: open && matches!(company.standing, S::Pending | S::Approved),
        can_ban: open && company.standing != S::Banned,
        can_end: open && state == Some(IntroductionState::Active),
        outcome: of.decided.as_ref().map(|decided| decided.outcome.label().to_owned()),
        words: of.decided.map(|decided| decided.words).unwrap_or_default(),
        errors: Vec::new(),
    })
}

const fn name(side: Side) -> &'static str {
    match side {
        Side::Member => "The physician",
        Side::Company => "The company",
    }
}

fn facts(of: &Dispute, state: Option<IntroductionState>) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Reported", moment(of.opened_at))];
    facts.extend(of.answered_at.map(|at| Fact::new("Answered", moment(at))));
    facts.extend(of.decided.as_ref().map(|decided| Fact::new("Decided", moment(decided.at))));
    let stands = match state {
        None => "None",
        Some(IntroductionState::Active) => "In force",
        Some(IntroductionState::Revoked) => "Taken back",
        Some(IntroductionState::Void) => "Ended",
        Some(IntroductionState::Expired) => "Ran out",
    };
    facts.push(Fact::new("Introduction", stands));
    facts
}

/// How the introduction stands, and its entries.
fn record(
    conn: &mut Conn,
    app: &App,
    of: &Dispute,
) -> Result<(Option<IntroductionState>, Vec<DisputeEntry>), AppError> {
    let Some(id) = &of.introduction else { return Ok((None, Vec::new())) };
    let introduction = store::introductions::find_of_member(conn, &of.member, id)?;
    let entries = store::ledger::of_introduction(conn, id)?;
    Ok((Some(introduction.state_at(app.now())), entries.iter().map(entry).collect()))
}

/// An entry without names: a seat is known by the beginning of its id.
fn entry(of: &Entry) -> DisputeEntry {
    let cause = of.detail.as_deref().map(|detail| detail.replace('_', " ")).unwrap_or_default();
    let (kind, who) = match of.kind {
        LedgerKind::Introduction => ("Yes given".to_owned(), "The physician".to_owned()),
        LedgerKind::View => {
            let seat: String = of.seat.iter().flat_map(|seat| seat.as_str().chars().take(SHORT)).collect();
            ("Contact opened".to_owned(), format!("Seat {seat}"))
        }
        LedgerKind::Revocation => ("Taken back".to_owned(), "The physician".to_owned()),
        LedgerKind::Void => (format!("Ended: {cause}"), "The rules".to_owned()),
        LedgerKind::Expiry => ("Ran out".to_owned(), "Time".to_owned()),
        LedgerKind::AdminLook => ("Looked at".to_owned(), "An admin".to_owned()),
    };
    DisputeEntry {
        at: moment(of.at),
        at_iso: of.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        kind,
        who,
        fields: of.fields.iter().map(|field: &ContactField| field.label()).collect::<Vec<_>>().join(", "),
    }
}

async fn suspend(shell: Shell, who: Result<Guarded<ShutOut>, AppError>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who?.into_inner(), &id, Outcome::CompanySuspended, &form).await
}

async fn ban(shell: Shell, who: Result<Guarded<ShutOut>, AppError>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who?.into_inner(), &id, Outcome::CompanyBanned, &form).await
}

async fn end(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who.into_inner(), &id, Outcome::IntroductionEnded, &form).await
}

async fn dismiss(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    decide(shell, who.into_inner(), &id, Outcome::Dismissed, &form).await
}

async fn decide(shell: Shell, admin: SignedAdmin, id: &str, outcome: Outcome, form: &Form) -> WebResult {
    let id = DisputeId::parse(id).ok_or(AppError::NotFound)?;
    let (of, words) = (id.clone(), form.text("words").to_owned());
    let decided =
        shell.app.write(move |conn, app| usecases::decide_dispute(conn, app, &admin, &of, outcome, &words)).await;
    match decided {
        Ok(_) => shell.done("/admin/queue?kind=dispute", "Decided. Both sides are told, here and by mail."),
        Err(AppError::Invalid(errors)) => {
            let mut page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
            page.words = form.text("words").to_owned();
            page.errors = field_errors(&errors, str::to_owned);
            not_kept(shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(error) => Err(error),
    }
}
