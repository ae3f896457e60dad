//! `/account`: where someone is signed in; for members also blocks, pause, export and leaving.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::SessionId;
use domain::introduction::IntroductionState;
use domain::standing::MemberStanding;
use frontend::pages::{Account, BlockLine, DeleteAccount, SessionLine};
use frontend::view::FieldError;
use store::Conn;
use store::accounts::Session;
use store::members::Member;

use super::form::Form;
use super::shell::{Shell, clear_session_cookie};
use super::{WebResult, words};
use crate::app::App;
use crate::auth::{AnySignedIn, Guarded, OwnMembership, Routes, SignedIn};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/account", show)
        .post("/account/sessions/{id}/end", end_session)
        .post("/account/pause", pause)
        .post("/account/resume", resume)
        .post("/account/blocks/{slug}/remove", unblock)
        .get("/account/delete", ask_delete)
        .post("/account/delete", delete);
}

async fn show(shell: Shell, who: Guarded<AnySignedIn>) -> WebResult {
    let who = who.into_inner();
    let page = shell.app.read(move |conn, app| page_of(conn, app, &who)).await?;
    shell.page(&page)
}

fn page_of(conn: &mut Conn, app: &App, who: &SignedIn) -> Result<Account, AppError> {
    let here = who.session().ok_or(AppError::SignIn)?;
    let sessions = store::accounts::sessions_of(conn, &here.account.id, app.now())?;
    let mut page = Account {
        second_step: store::second_factors::enrolled_at(conn, &here.account.id)?.is_some(),
        codes_left: store::second_factors::codes_left(conn, &here.account.id)?,
        sessions: sessions.iter().map(|s| session_line(s, here)).collect(),
        ..Account::default()
    };
    if let SignedIn::Admin(a) = who {
        let sentence = if a.sees_contacts {
            "You may look at the contact of a member who allows it: one at a time, with a reason, and the member is told."
        } else {
            "You may not look at contacts: the operator of this site took that away and can give it back."
        };
        page.contacts = Some(sentence.to_owned());
    }
    if let SignedIn::Member(m) = who {
        page.is_member = true;
        page.paused = m.member.standing == MemberStanding::Paused;
        page.blocks = blocks(conn, &m.member)?;
        page.export_href = Some("/api/v1/me/export".to_owned());
        page.delete_href = Some("/account/delete".to_owned());
    }
    Ok(page)
}

fn session_line(session: &Session, here: &Session) -> SessionLine {
    let current = session.id == here.id;
    SessionLine {
        id: session.id.as_str().to_owned(),
        // What a browser says of itself is not kept, so devices are told apart by their times.
        label: if current { "This browser" } else { "Another browser or program" }.to_owned(),
        since: words::moment(session.signed_in_at),
        last_seen: words::moment(session.seen_at),
        current,
    }
}

fn blocks(conn: &mut Conn, member: &Member) -> Result<Vec<BlockLine>, AppError> {
    let mut all = Vec::new();
    for id in store::members::blocks(conn, &member.id)? {
        let company = store::companies::find(conn, &id)?;
        all.push(BlockLine { slug: company.slug, name: company.name });
    }
    Ok(all)
}

async fn end_session(shell: Shell, who: Guarded<AnySignedIn>, id: Path<String>) -> WebResult {
    let id = SessionId::parse(&id).ok_or(AppError::NotFound)?;
    let here = who.session().cloned().ok_or(AppError::SignIn)?;
    let this_one = here.id == id;
    shell.app.write(move |conn, app| usecases::end_session(conn, app, &here.account, &id)).await?;
    if !this_one {
        return shell.done("/account", "Signed out there.");
    }
    let mut answer = shell.done("/", "You are signed out.")?;
    answer.add_cookie(&clear_session_cookie()).map_err(AppError::internal)?;
    Ok(answer)
}

async fn pause(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    set_paused(shell, who, true, "Everything is paused: no matching, no mail.").await
}

async fn resume(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    set_paused(shell, who, false, "Matching is on again.").await
}

async fn set_paused(shell: Shell, who: Guarded<OwnMembership>, paused: bool, line: &str) -> WebResult {
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::pause_membership(conn, app, &member, paused)).await?;
    shell.done("/account", line)
}

async fn unblock(shell: Shell, who: Guarded<OwnMembership>, slug: Path<String>) -> WebResult {
    let member = who.into_inner().member;
    let name = shell
        .app
        .write(move |conn, app| {
            let company = store::companies::by_slug(conn, &slug)?;
            if !store::members::blocks(conn, &member.id)?.contains(&company.id) {
                return Err(AppError::NotFound);
            }
            usecases::block_company(conn, app, &member, &company.id, false)?;
            Ok(company.name)
        })
        .await?;
    shell.done("/account", &format!("{name} is no longer blocked."))
}

/// How many companies can see the member's contact now.
async fn sharing(app: &App, member: &Member) -> Result<i64, AppError> {
    let id = member.id.clone();
    app.read(move |conn, app| {
        let mut companies: Vec<_> = store::introductions::of_member(conn, &id)?
            .into_iter()
            .filter(|i| i.state_at(app.now()) == IntroductionState::Active)
            .map(|i| i.company)
            .collect();
        companies.sort_unstable();
        companies.dedup();
        Ok(i64::try_from(companies.len()).unwrap_or(i64::MAX))
    })
    .await
}

async fn ask_delete(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let sharing = sharing(&shell.app, &who.member).await?;
    shell.page(&DeleteAccount { sharing, errors: Vec::new() })
}

async fn delete(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    if !form.on("confirm") {
        let page = DeleteAccount {
            sharing: sharing(&shell.app, &member).await?,
            errors: vec![FieldError::new("confirm", "Tick the box to delete everything.")],
        };
        return shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    usecases::leave(&shell.app, member).await?;
    let mut answer = shell.done("/", "Your account is deleted.")?;
    answer.add_cookie(&clear_session_cookie()).map_err(AppError::internal)?;
    Ok(answer)
}
