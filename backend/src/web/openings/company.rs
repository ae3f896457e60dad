//! `/companies/{slug}`: who posts, with nothing about members in it; a member can block it there.

use actix_web::web::Path;
use domain::alert::Mute;
use domain::standing::CompanyStanding;
use frontend::pages::CompanyPublic;
use store::Conn;
use store::companies::Company;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes, SignedIn};
use crate::error::AppError;
use crate::usecases;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/companies/{slug}", show).post("/companies/{slug}/block", block);
}

/// The company behind a slug, when people may see it.
fn public(conn: &mut Conn, slug: &str) -> Result<Company, AppError> {
    let company = store::companies::by_slug(conn, slug)?;
    match company.standing {
        CompanyStanding::Approved => Ok(company),
        CompanyStanding::Pending => Err(AppError::NotFound),
        CompanyStanding::Suspended | CompanyStanding::Banned => {
            Err(AppError::Gone("This company is no longer in good standing here."))
        }
    }
}

async fn show(shell: Shell, slug: Path<String>) -> WebResult {
    let reader = shell.signed.clone();
    let page = shell
        .app
        .read(move |conn, app| {
            let company = public(conn, &slug)?;
            let (blocked, muted) = match &reader {
                SignedIn::Member(m) => (
                    Some(store::members::blocks(conn, &m.member.id)?.contains(&company.id)),
                    store::member_mail::mutes(conn, &m.member.id)?.contains(&Mute::Company(company.id.clone())),
                ),
                _ => (None, false),
            };
            let slug = company.slug.clone();
            let page = page_of(conn, app, company, blocked)?;
            Ok(CompanyPublic { mute: (blocked == Some(false) && !muted).then_some(slug), muted, ..page })
        })
        .await?;
    shell.page(&page)
}

/// `blocked` is the reader's own word as a member; nothing for others.
fn page_of(conn: &mut Conn, app: &App, company: Company, blocked: Option<bool>) -> Result<CompanyPublic, AppError> {
    let now = app.now();
    let openings = store::openings::of_company(conn, &company.id)?;
    let live: Vec<_> = openings.iter().filter(|o| o.liveness.is_live(now)).collect();
    Ok(CompanyPublic {
        website: Some(company.website).filter(|w| !w.is_empty()),
        about: company.about,
        verified: company
            .approved_at
            .map(|at| format!("Approved by a community admin on {}", words::day(at.date_naive()))),
        facts: Vec::new(),
        openings: live.iter().map(|o| words::row(o, now, None)).collect(),
        block_action: (blocked == Some(false)).then(|| format!("/companies/{}/block", company.slug)),
        blocked: blocked == Some(true),
        mute: None,
        muted: false,
        report_href: blocked.map(|_| format!("/disputes/new?company={}", company.slug)),
        name: company.name,
    })
}

async fn block(shell: Shell, who: Guarded<OwnMembership>, slug: Path<String>) -> WebResult {
    let member = who.into_inner().member;
    let company = shell
        .app
        .write(move |conn, app| {
            let company = public(conn, &slug)?;
            usecases::block_company(conn, app, &member, &company.id, true)?;
            Ok(company)
        })
        .await?;
    shell.done(&format!("/companies/{}", company.slug), &format!("{} is blocked. It can’t tell.", company.name))
}
