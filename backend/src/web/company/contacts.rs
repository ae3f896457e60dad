//! `/company/contacts`: who said yes to an opening. A contact is shown one at a time, and every look is recorded.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use domain::IntroductionId;
use domain::contact::ContactField;
use domain::dispute::Side;
use domain::introduction::{IntroductionState, Stage, VoidCause};
use frontend::pages::{Contact, ContactLine, ContactOver, Contacts};
use frontend::view::{Choice, PrivateFact, Tag};
use frontend::{Page, Private};
use store::contacts::Disclosed;
use store::conversations::Reader;
use store::introductions::Introduction;
use store::openings::Opening;

use super::super::WebResult;
use super::super::admin::paging::cut;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::{day, moment};
use crate::auth::{Guarded, Routes, SeeContact};
use crate::error::AppError;
use crate::usecases::{self, Look};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/company/contacts", list)
        .get("/company/contacts/{id}", show)
        .post("/company/contacts/{id}/stage", stage);
}

async fn list(shell: Shell, who: Guarded<SeeContact>, req: HttpRequest) -> WebResult {
    let company = who.company.id.clone();
    let query = Form::read(req.query_string())?;
    let page = shell
        .app
        .read(move |conn, app| {
            let all = store::introductions::of_company(conn, &company)?;
            let (rows, next) = cut(all, query.text("cursor"), |of| of.id.to_string());
            let openings = store::openings::of_company(conn, &company)?;
            let reader = Reader { side: Side::Company, deaf_since: None };
            let mut lines = Vec::with_capacity(rows.len());
            for of in &rows {
                let news = store::conversations::unread(conn, &of.id, reader)?;
                let opening = openings.iter().find(|o| o.id == of.opening);
                lines.push(ContactLine { news, ..line(of, opening, app.now()) });
            }
            Ok(Contacts { rows: lines, next_href: next.map(|id| format!("/company/contacts?cursor={id}")) })
        })
        .await?;
    shell.page(&page)
}

fn line(of: &Introduction, opening: Option<&Opening>, now: DateTime<Utc>) -> ContactLine {
    // As a look would judge it: time alone ends a yes, whether or not anything has tidied up.
    let holds = opening.is_some_and(|o| usecases::is_live(of, o, now));
    let state = match of.state_at(now) {
        IntroductionState::Active if !holds => IntroductionState::Void,
        state => state,
    };
    ContactLine {
        href: (state == IntroductionState::Active).then(|| format!("/company/contacts/{}", of.id)),
        opening: opening.map(|o| o.terms.title.clone()).unwrap_or_default(),
        opening_href: format!("/company/openings/{}", of.opening),
        state: match state {
            IntroductionState::Active => Tag::new("ok", "Open"),
            IntroductionState::Revoked => Tag::new("", "Taken back"),
            IntroductionState::Void | IntroductionState::Expired => Tag::new("", "Ended"),
        },
        stage: stage_label(of.stage).to_owned(),
        since: day(of.created_at.date_naive()),
        ends: day(of.expires_at.date_naive()),
        messages_href: format!("/company/contacts/{}/messages", of.id),
        news: 0,
    }
}

async fn show(shell: Shell, who: Guarded<SeeContact>, id: Path<String>) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let (look, opening, written) = shell
        .app
        .write(move |conn, app| {
            let look = usecases::disclose_contact(conn, app, &seat, &id)?;
            let (Look::Seen(of, _) | Look::Over(of, _)) = &look;
            let opening = store::openings::find(conn, &of.opening)?;
            let written = store::conversations::about(conn, &of.id)?.messages > 0;
            Ok((look, opening, written))
        })
        .await?;
    match look {
        Look::Seen(of, seen) => private(&shell, StatusCode::OK, &contact(&of, &seen, &opening)),
        Look::Over(of, state) => {
            let over = ContactOver {
                opening: opening.terms.title,
                reason: why_over(&of, state).to_owned(),
                messages_href: written.then(|| format!("/company/contacts/{}/messages", of.id)),
                report_href: Some(format!("/company/contacts/{}/report", of.id)),
            };
            private(&shell, StatusCode::GONE, &over)
        }
    }
}

/// A page that no cache may keep, whatever the shell does for others.
fn private<P: Page>(shell: &Shell, status: StatusCode, page: &P) -> Result<HttpResponse, AppError> {
    let mut answer = shell.page_with(status, page)?;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn contact(of: &Introduction, seen: &Disclosed, opening: &Opening) -> Contact {
    Contact {
        id: of.id.to_string(),
        opening: opening.terms.title.clone(),
        opening_href: format!("/company/openings/{}", of.opening),
        fields: facts(seen),
        ends: moment(of.expires_at),
        stage: of.stage.as_str().to_owned(),
        stage_options: Stage::ALL.iter().map(|s| Choice::new(s.as_str(), stage_label(*s))).collect(),
    }
}

/// Everything that was disclosed, as the company's page shows it.
pub(in crate::web) fn facts(seen: &Disclosed) -> Vec<PrivateFact> {
    seen.fields.iter().map(|(field, value)| fact(*field, value)).collect()
}

/// One field of a contact, with the link that uses it.
pub(in crate::web) fn fact(field: ContactField, value: &str) -> PrivateFact {
    let href = match field {
        ContactField::Email => Some(format!("mailto:{value}")),
        ContactField::Phone => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            Some(format!("tel:+1{digits}"))
        }
        // Only https links are ever kept.
        ContactField::Cv => Some(value.to_owned()),
        ContactField::Name | ContactField::Npi => None,
    };
    PrivateFact { label: field.label().to_owned(), value: Private::from(value), href: href.map(Private::from) }
}

/// One sentence for everything the member chose, so that a company cannot tell a no from a goodbye.
fn why_over(of: &Introduction, state: IntroductionState) -> &'static str {
    match (state, of.void_cause) {
        (IntroductionState::Revoked, _)
        | (IntroductionState::Void, Some(VoidCause::MemberLeft | VoidCause::EmailChanged)) => {
            "The physician no longer shares it."
        }
        (IntroductionState::Expired, _) => "The time it was shared for has run out.",
        (IntroductionState::Void, Some(VoidCause::MaterialEdit)) => {
            "The opening was changed, and what was agreed under the old terms ended with it."
        }
        (IntroductionState::Void, Some(VoidCause::CompanySuspended)) => {
            "Your company was suspended, which ended what was shared with it."
        }
        (IntroductionState::Void, Some(VoidCause::AdminEnded)) => "An admin ended it after a report.",
        (IntroductionState::Void, Some(VoidCause::OpeningClosed)) => {
            "The opening was closed, and what was shared for it ended with it."
        }
        (IntroductionState::Void | IntroductionState::Active, _) => {
            "The opening ended or changed, and what was shared for it ended with it."
        }
    }
}

async fn stage(shell: Shell, who: Guarded<SeeContact>, id: Path<String>, form: Form) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let stage = Stage::parse(form.text("stage"))
        .ok_or_else(|| AppError::field("stage", "unknown", "Choose one of the stages of the list."))?;
    let seat = who.into_inner();
    shell.app.write(move |conn, app| usecases::set_stage(conn, app, &seat, &id, stage)).await?;
    // Not back to the contact: showing it again would be another look in the physician's ledger.
    shell.done("/company/contacts", &format!("Stage saved: {}.", stage_label(stage)))
}

/// A stage as both sides read it.
pub(in crate::web) fn stage_label(stage: Stage) -> &'static str {
    match stage {
        Stage::New => "New",
        Stage::Contacted => "Contacted",
        Stage::Call => "Spoke",
        Stage::Contract => "Contract sent",
        Stage::Rostered => "On the roster",
        Stage::FirstCase => "First case given",
        Stage::Declined => "Went no further",
    }
}
