//! `/admin/mail/{id}`: what one mail says, and what happened to it. Never an address.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::MailId;
use domain::mail::{MailKind, MailState};
use frontend::pages::{AdminMailOne, MailMove};
use frontend::view::FieldError;
use store::outbox::Event;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::moment;
use super::labels::reason;
use super::mail_words as words;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/mail/{id}", show).post("/admin/mail/{id}/discard", discard);
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    page(&shell, StatusCode::OK, id, String::new(), Vec::new()).await
}

async fn page(shell: &Shell, status: StatusCode, id: MailId, typed: String, errors: Vec<FieldError>) -> WebResult {
    let found = shell.app.read(move |conn, app| usecases::preview_mail(conn, app, &id)).await?;
    let hidden = match found.mail.kind {
        MailKind::SignIn => "Not shown: it holds a link that signs its reader in.",
        _ => "What it tells of is over or gone.",
    };
    let (state, now) = (found.mail.state, shell.app.now());
    let (subject, text) = found.letter.unzip();
    shell.page_with(
        status,
        &AdminMailOne {
            written: moment(found.mail.created_at),
            mail: words::line(found.mail, now),
            subject,
            text: text.unwrap_or_default(),
            hidden: hidden.to_owned(),
            moves: found.events.into_iter().map(told).collect(),
            can_discard: words::waits(state) || state == MailState::Dead,
            reason: typed,
            errors,
        },
    )
}

fn told(event: Event) -> MailMove {
    let word =
        |state: &str| MailState::parse(state).map_or_else(|| "Late answer".to_owned(), |s| words::state(s).label);
    let at = match event.phase.as_str() {
        "none" => String::new(),
        phase => format!(" at {phase}"),
    };
    MailMove {
        at: moment(event.at()),
        what: format!("{} → {}", word(&event.from), word(&event.to)),
        attempt: i64::from(event.attempt),
        answer: event.code.map(|code| format!("{code}{at}")).unwrap_or_default(),
    }
}

async fn discard(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    let why = match reason(&form) {
        Ok(why) => why,
        Err(errors) => {
            let typed = form.text("reason").to_owned();
            return page(&shell, StatusCode::UNPROCESSABLE_ENTITY, id, typed, errors).await;
        }
    };
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::discard_mail(conn, app, &admin, &id, Some(&why))).await?;
    shell.done("/admin/mail", "The mail was discarded; it is not sent.")
}
