//! The link in every alert that stops alerts. It needs no sign-in, and opening it changes nothing.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use frontend::Private;
use frontend::pages::{MailStop, MailStopped, Message};
use frontend::view::Link;

use super::WebResult;
use super::shell::{Shell, not_kept};
use crate::auth::Routes;
use crate::usecases::{self, StopOutcome};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/mail/stop/{token}", ask).post("/mail/stop/{token}", stop);
}

async fn ask(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    let action = Private::from(format!("/mail/stop/{token}"));
    if !shell.app.read(move |conn, app| usecases::stop_token_is_known(conn, app, &token)).await? {
        return unknown(&shell);
    }
    not_kept(shell.page(&MailStop { action, alert_name: None })?)
}

/// Stops in one step with status 200 and without a redirect, for the page's button and for mail programs that send
/// `List-Unsubscribe=One-Click` (RFC 8058). Nothing in the body changes what is done, so it is not read: mail programs
/// may send it as a form of either encoding.
async fn stop(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    let text = match shell.app.write(move |conn, app| usecases::stop_alerts(conn, app, &token)).await? {
        StopOutcome::Stopped => "All alert mail is stopped. What was waiting to be sent is called back.",
        StopOutcome::AlreadyOff => "All alert mail was stopped already.",
        StopOutcome::Unknown => return unknown(&shell),
    };
    not_kept(shell.page(&MailStopped { text: text.to_owned() })?)
}

fn unknown(shell: &Shell) -> WebResult {
    let page = Message {
        heading: "This link is old".to_owned(),
        paragraphs: vec![
            "It was not made here, was not copied as a whole, or is older than a year. Nothing was changed.".to_owned(),
            "The link in your newest alert works, and so do the switches under Permissions once you are signed in."
                .to_owned(),
        ],
        links: vec![Link::new("/permissions", "Go to Permissions")],
    };
    not_kept(shell.page_with(StatusCode::NOT_FOUND, &page)?)
}
