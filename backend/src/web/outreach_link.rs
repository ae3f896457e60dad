//! The link in the mails of outreaches that stops them. It stands at the same address as that of alerts and needs no
//! sign-in; opening it changes nothing.

use frontend::pages::{MailButton, Message};
use frontend::view::Link;

use super::WebResult;
use super::shell::{Shell, not_kept};
use crate::error::AppError;
use crate::usecases;

/// The page of a link of an outreach; `None` for any other link.
///
/// # Errors
/// Database errors only.
pub(super) async fn ask(shell: &Shell, token: &str) -> Result<Option<actix_web::HttpResponse>, AppError> {
    let known = token.to_owned();
    if !shell.app.read(move |conn, app| usecases::outreach_link_is_known(conn, app, &known)).await? {
        return Ok(None);
    }
    let page = MailButton {
        heading: "Stop mail from the community team?".to_owned(),
        text: "Admins will no longer write to you about openings, and can no longer ask to see your contact. Alerts and everything else stay as they are.".to_owned(),
        button: "Stop it".to_owned(),
        action: format!("/mail/stop/{token}").as_str().into(),
    };
    not_kept(shell.page(&page)?).map(Some)
}

/// Stops in one step, for the page's button and for a mail program's own (RFC 8058); `None` for any other link.
///
/// # Errors
/// Database errors only.
pub(super) async fn act(shell: &Shell, token: &str) -> Result<Option<actix_web::HttpResponse>, AppError> {
    let known = token.to_owned();
    let done = shell.app.write(move |conn, app| usecases::stop_outreach(conn, app, &known)).await?;
    match done {
        None => Ok(None),
        Some(now) => said(shell, now).map(Some),
    }
}

fn said(shell: &Shell, now: bool) -> WebResult {
    let text = match now {
        true => "The community team no longer writes to you about openings. What was waiting to be sent is not sent.",
        false => "The community team did not write to you any more already.",
    };
    let page = Message {
        heading: "Stopped".to_owned(),
        paragraphs: vec![text.to_owned(), "Signed in, you can switch it on again under Permissions.".to_owned()],
        links: vec![Link::new("/permissions", "Go to Permissions")],
    };
    not_kept(shell.page(&page)?)
}
