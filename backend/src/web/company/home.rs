//! `/company`: what needs somebody, and the company's openings.

use chrono::{DateTime, Duration, Utc};
use domain::access::Action;
use domain::dispute::Side;
use domain::introduction::{IntroductionState, Stage};
use domain::opening::{CONFIRMATION_PERIOD, OpeningAction, OpeningStatus, next_status};
use domain::reach::Aim;
use domain::standing::CompanyStanding;
use frontend::pages::{CompanyHome, CompanyOpeningLine, Todo, WaitingIntroduction};
use frontend::view::Tag;
use store::Conn;
use store::companies::Company;
use store::disputes::Dispute;
use store::introductions::Introduction;
use store::openings::Opening;

use super::super::WebResult;
use super::super::dispute_words::{COMPANY, about};
use super::super::shell::Shell;
use super::super::words::{day, opening_state};
use super::may;
use super::reach::{BandWords, bands};
use crate::auth::{Guarded, Routes, SeeCompany};
use crate::error::AppError;

/// How long before the confirmation runs out the page asks for the next one.
const ASK_AHEAD: Duration = Duration::days(4);
/// The most new contacts the page lists; the rest stands on their own page.
const NEW_AT_MOST: usize = 20;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/company", show);
}

async fn show(shell: Shell, who: Guarded<SeeCompany>) -> WebResult {
    let company = who.company.clone();
    let (may_post, may_look) = (may(&shell, Action::ManageOpenings), may(&shell, Action::SeeContact));
    let (openings, unseen, reports) = shell
        .app
        .read(move |conn, app| {
            let openings = store::openings::of_company(conn, &company.id)?;
            let unseen = if may_look { unseen(conn, &company, &openings, app.now())? } else { Vec::new() };
            let mut reports = store::disputes::of_company(conn, &company.id)?;
            reports.retain(|of| of.side == Side::Member && of.can_be_answered());
            let reports = reports.iter().map(|of| report(conn, of)).collect::<Result<Vec<_>, _>>()?;
            Ok((openings, unseen, if may_look { reports } else { Vec::new() }))
        })
        .await?;
    let bands = bands(&shell.app, &who.company, openings.iter().map(|o| Aim::from(&o.terms)).collect()).await?;
    let now = shell.app.now();
    shell.page(&CompanyHome {
        name: who.company.name.clone(),
        status: standing(who.company.standing),
        status_note: standing_note(&who.company),
        can_post: may_post,
        todo: reports.into_iter().chain(openings.iter().filter(|_| may_post).filter_map(|o| todo(o, now))).collect(),
        introductions: unseen.iter().map(|of| waiting(of, &openings)).collect(),
        band_note: bands.iter().find(|b| !b.shown).map(|b| b.note.clone()),
        openings: openings.iter().zip(bands).map(|(o, band)| line(o, band, now, may_post)).collect(),
    })
}

/// Introductions that can be opened and that nobody of the company has opened.
fn unseen(
    conn: &mut Conn,
    company: &Company,
    openings: &[Opening],
    now: DateTime<Utc>,
) -> Result<Vec<Introduction>, AppError> {
    let mut found = Vec::new();
    for of in store::introductions::of_company(conn, &company.id)? {
        if found.len() == NEW_AT_MOST {
            break;
        }
        let live = openings.iter().any(|o| o.id == of.opening && o.revision == of.revision && o.liveness.is_live(now));
        if of.stage != Stage::New || of.state_at(now) != IntroductionState::Active || !live {
            continue;
        }
        if !store::ledger::was_viewed(conn, &of.id)? {
            found.push(of);
        }
    }
    Ok(found)
}

fn waiting(of: &Introduction, openings: &[Opening]) -> WaitingIntroduction {
    let title = openings.iter().find(|o| o.id == of.opening).map(|o| o.terms.title.clone());
    WaitingIntroduction {
        href: format!("/company/contacts/{}", of.id),
        opening: title.unwrap_or_default(),
        ends: day(of.expires_at.date_naive()),
    }
}

fn standing(standing: CompanyStanding) -> Tag {
    match standing {
        CompanyStanding::Pending => Tag::new("warn", "Waiting for approval"),
        CompanyStanding::Approved => Tag::new("ok", "Verified"),
        CompanyStanding::Suspended => Tag::new("bad", "Suspended"),
        CompanyStanding::Banned => Tag::new("bad", "Banned"),
    }
}

fn standing_note(company: &Company) -> Option<String> {
    match company.standing {
        CompanyStanding::Approved => None,
        CompanyStanding::Pending => Some(
            "An admin looks at every new company. You can write openings and send them for review meanwhile; they are shown once your company is approved."
                .to_owned(),
        ),
        CompanyStanding::Suspended | CompanyStanding::Banned => {
            let why = company.standing_reason.as_deref().map_or_else(String::new, |r| format!(" The reason given: {r}"));
            Some(format!("Your openings are hidden and no contact can be opened.{why}"))
        }
    }
}

/// A report that the company can answer.
fn report(conn: &mut Conn, of: &Dispute) -> Result<Todo, AppError> {
    Ok(Todo {
        title: format!("A problem was reported about {}.", about(conn, of, COMPANY)?),
        text: "You can say your part until an admin decides.".to_owned(),
        button: "Read and answer".to_owned(),
        action: None,
        href: Some(format!("/company/disputes/{}", of.id)),
    })
}

/// What an opening needs of its company, the most pressing first.
fn todo(opening: &Opening, now: DateTime<Utc>) -> Option<Todo> {
    let title = opening.terms.title.clone();
    match opening.liveness.status {
        OpeningStatus::Returned => Some(Todo {
            title: format!("Change “{title}”."),
            text: opening.decision_reason.clone().unwrap_or_else(|| "It came back from the review.".to_owned()),
            button: "Edit".to_owned(),
            action: None,
            href: Some(format!("/company/openings/{}/edit", opening.id)),
        }),
        OpeningStatus::Approved if now.date_naive() <= opening.terms.closes_on => {
            let until = opening.liveness.confirmed_at? + CONFIRMATION_PERIOD;
            (now >= until - ASK_AHEAD).then(|| Todo {
                title: format!("Is “{title}” still open?"),
                text: if now < until {
                    format!("It is hidden on {} unless you say so.", day(until.date_naive()))
                } else {
                    format!("It is hidden since {}.", day(until.date_naive()))
                },
                button: "Still open".to_owned(),
                action: Some(format!("/company/openings/{}/confirm-open", opening.id)),
                href: None,
            })
        }
        _ => None,
    }
}

fn line(opening: &Opening, band: BandWords, now: DateTime<Utc>, may_post: bool) -> CompanyOpeningLine {
    let status = opening.liveness.status;
    let path = format!("/company/openings/{}", opening.id);
    let offer = |action: OpeningAction, tail: &str| {
        (may_post && next_status(status, action).is_some()).then(|| format!("{path}/{tail}"))
    };
    let begun = match opening.published_at {
        Some(at) => format!("Posted {}", day(at.date_naive())),
        None => format!("Written {}", day(opening.created_at.date_naive())),
    };
    CompanyOpeningLine {
        title: opening.terms.title.clone(),
        state: opening_state(opening, now),
        dates: format!("{begun}, closes {}", day(opening.terms.closes_on)),
        band: band.band,
        edit_href: offer(OpeningAction::Edit, "edit"),
        confirm_action: offer(OpeningAction::Confirm, "confirm-open"),
        submit_action: offer(OpeningAction::Submit, "submit"),
        href: path,
    }
}
