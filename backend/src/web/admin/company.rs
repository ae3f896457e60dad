//! `/admin/companies/{id}`: one company, and the decision on it.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::CompanyId;
use domain::matching::ReviewPolicy;
use domain::spotted::in_words;
use domain::standing::{CompanyStanding, SeatRole};
use frontend::pages::AdminCompany;
use frontend::view::{Fact, FieldError, Link};
use store::Conn;
use store::companies::{Company, Seat};

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::{day, moment, opening_state};
use super::labels::{ALTHOUGH, company_standing, reason, wrong};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases::{self, Ruling};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/companies/{id}", show)
        .post("/admin/companies/{id}/approve", approve)
        .post("/admin/companies/{id}/suspend", suspend)
        .post("/admin/companies/{id}/ban", ban)
        .post("/admin/companies/{id}/unlock-reach", unlock_reach);
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = CompanyId::parse(&id).ok_or(AppError::NotFound)?;
    let page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
    shell.page(&page)
}

fn page(conn: &mut Conn, app: &App, id: &CompanyId) -> Result<AdminCompany, AppError> {
    let now = app.now();
    let company = store::companies::find(conn, id)?;
    let seats = store::companies::seats(conn, id)?;
    let openings = store::openings::of_company(conn, id)?;
    use CompanyStanding as S;
    Ok(AdminCompany {
        id: id.to_string(),
        name: company.name.clone(),
        status: company_standing(company.standing),
        website: Some(company.website.clone()).filter(|w| !w.is_empty()),
        about: company.about.clone(),
        facts: facts(app, &company, &seats),
        openings: openings
            .iter()
            .map(|o| {
                Link::new(
                    format!("/admin/openings/{}", o.id),
                    format!("{} ({})", o.terms.title, opening_state(o, now).label),
                )
            })
            .collect(),
        reach_locked: store::reach::locked_since(conn, id)?.map(moment),
        can_approve: matches!(company.standing, S::Pending | S::Suspended),
        can_suspend: matches!(company.standing, S::Pending | S::Approved),
        can_ban: company.standing != S::Banned,
        spotted: in_words(&company.spotted()),
        accepts: false,
        although: String::new(),
        reason: String::new(),
        errors: Vec::new(),
    })
}

/// How many people of each role act for it; their names are contact and stay sealed.
fn facts(app: &App, company: &Company, seats: &[Seat]) -> Vec<Fact> {
    let people: Vec<String> = SeatRole::ALL
        .iter()
        .map(|role| (role, seats.iter().filter(|s| s.role == *role).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(role, n)| format!("{role}: {n}"))
        .collect();
    let policy = match company.review_policy.unwrap_or(app.config.match_review) {
        ReviewPolicy::All => "An admin releases every match".to_owned(),
        ReviewPolicy::First(n) => format!("An admin releases the matches of the first {n} openings"),
        ReviewPolicy::None => "Released at once".to_owned(),
    };
    let mut facts = vec![Fact::new("Registered", day(company.created_at.date_naive()))];
    facts.extend(company.approved_at.map(|at| Fact::new("Approved", day(at.date_naive()))));
    facts.extend(company.standing_reason.as_deref().map(|why| Fact::new("Reason of the last decision", why)));
    facts.push(Fact::new("People", if people.is_empty() { "None".to_owned() } else { people.join(", ") }));
    facts.push(Fact::new("Matches", policy));
    facts
}

async fn approve(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    let id = CompanyId::parse(&id).ok_or(AppError::NotFound)?;
    let (why, accepts) = (form.filled(ALTHOUGH), form.on("accept_spotted"));
    match decide(&shell, who.into_inner(), id.clone(), CompanyStanding::Approved, why, accepts).await {
        Ok(done) => Ok(done),
        Err(error) => {
            let (status, errors) = wrong(error, true)?;
            show_again(&shell, status, id, &form, errors).await
        }
    }
}

async fn suspend(shell: Shell, who: Result<Guarded<ShutOut>, AppError>, id: Path<String>, form: Form) -> WebResult {
    stop(&shell, who?.into_inner(), &id, CompanyStanding::Suspended, &form).await
}

async fn ban(shell: Shell, who: Result<Guarded<ShutOut>, AppError>, id: Path<String>, form: Form) -> WebResult {
    stop(&shell, who?.into_inner(), &id, CompanyStanding::Banned, &form).await
}

async fn unlock_reach(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = CompanyId::parse(&id).ok_or(AppError::NotFound)?;
    let (admin, path) = (who.into_inner(), format!("/admin/companies/{id}"));
    shell.app.write(move |conn, app| usecases::unlock_reach(conn, app, &admin, &id)).await?;
    shell.done(&path, "Unlocked. It sees the ranges it had looked at, and new ones with the next snapshot.")
}

async fn stop(shell: &Shell, admin: SignedAdmin, id: &str, to: CompanyStanding, form: &Form) -> WebResult {
    let id = CompanyId::parse(id).ok_or(AppError::NotFound)?;
    match reason(form) {
        Ok(why) => decide(shell, admin, id, to, Some(why), false).await,
        Err(errors) => show_again(shell, StatusCode::UNPROCESSABLE_ENTITY, id, form, errors).await,
    }
}

async fn decide(
    shell: &Shell,
    admin: SignedAdmin,
    id: CompanyId,
    to: CompanyStanding,
    why: Option<String>,
    accept_spotted: bool,
) -> WebResult {
    let path = format!("/admin/companies/{id}");
    shell
        .app
        .write(move |conn, app| {
            let ruling = Ruling { reason: why.as_deref(), accept_spotted };
            usecases::review_company(conn, app, &admin, &id, to, ruling)
        })
        .await?;
    let line = match to {
        CompanyStanding::Approved => "Approved. Its people are told by mail.",
        CompanyStanding::Banned => "Banned. Its openings are hidden, its introductions over and its people shut out.",
        _ => "Suspended. Its openings are hidden and its introductions over.",
    };
    shell.done(&path, line)
}

async fn show_again(
    shell: &Shell,
    status: StatusCode,
    id: CompanyId,
    form: &Form,
    errors: Vec<FieldError>,
) -> WebResult {
    let mut page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
    page.reason = form.text("reason").to_owned();
    page.accepts = form.on("accept_spotted");
    page.although = form.text(ALTHOUGH).to_owned();
    page.errors = errors;
    shell.page_with(status, &page)
}
