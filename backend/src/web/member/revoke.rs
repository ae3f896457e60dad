//! `/introductions/{id}/revoke`: take a yes back, after a page that says what that means.

use actix_web::web::Path;
use domain::IntroductionId;
use domain::introduction::IntroductionState;
use frontend::pages::Revoke;
use store::Conn;
use store::ledger::LedgerKind;
use store::members::Member;

use super::record::fields;
use crate::app::App;
use crate::auth::{Guarded, Routes, TakeBack};
use crate::error::AppError;
use crate::usecases::{self, LEDGER_AT_MOST};
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/introductions/{id}/revoke", ask).post("/introductions/{id}/revoke", revoke);
}

async fn ask(shell: Shell, who: Guarded<TakeBack>, id: Path<String>) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    match shell.app.read(move |conn, app| page_of(conn, app, &member, &id)).await? {
        Some(page) => shell.page(&page),
        None => shell.done("/permissions", "This is over already; nothing is shared under it."),
    }
}

/// The page, while there is something to take back.
fn page_of(conn: &mut Conn, app: &App, member: &Member, id: &IntroductionId) -> Result<Option<Revoke>, AppError> {
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    if of.state_at(app.now()) != IntroductionState::Active {
        return Ok(None);
    }
    let opening = store::openings::find(conn, &of.opening)?;
    let seen = store::ledger::of_member(conn, &member.id, None, LEDGER_AT_MOST)?
        .iter()
        .any(|(_, e)| e.kind == LedgerKind::View && e.introduction.as_ref() == Some(id));
    Ok(Some(Revoke {
        id: id.as_str().to_owned(),
        title: words::public_title(&opening).to_owned(),
        company: opening.company_name,
        fields: fields(&of.fields),
        seen,
    }))
}

async fn revoke(shell: Shell, who: Guarded<TakeBack>, id: Path<String>) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::revoke_introduction(conn, app, &member, &id)).await?;
    shell.done("/permissions", "Taken back. The company can no longer look, and is told to delete what it has.")
}
