//! `/dev/mailbox`: the mail a demonstration has caught, for anyone to read. It exists in a demonstration alone.

use std::path::PathBuf;

use actix_web::web::Path;
use frontend::Private;
use frontend::pages::{CaughtMail, Mailbox, MailboxMail};
use frontend::view::PrivateFact;

use super::WebResult;
use super::shell::Shell;
use super::words::moment;
use crate::app::{App, blocking};
use crate::auth::Routes;
use crate::config::MailRoute;
use crate::error::AppError;
use crate::mail::mailbox::{self, Caught, CaughtSummary};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/dev/mailbox", list).get("/dev/mailbox/{name}", show);
}

async fn list(shell: Shell) -> WebResult {
    let dir = folder(&shell.app)?;
    let mails = blocking(move || Ok(mailbox::caught(&dir))).await?;
    shell.page(&Mailbox { mails: mails.into_iter().map(line).collect() })
}

async fn show(shell: Shell, name: Path<String>) -> WebResult {
    let dir = folder(&shell.app)?;
    let name = name.into_inner();
    let mail = blocking(move || Ok(mailbox::read(&dir, &name))).await?.ok_or(AppError::NotFound)?;
    shell.page(&page(mail))
}

/// The folder of caught mail. Outside a demonstration this page does not exist, since a mail holds sign-in links.
fn folder(app: &App) -> Result<PathBuf, AppError> {
    match &app.mail_route {
        MailRoute::Folder(dir) if app.config.demo => Ok(dir.clone()),
        _ => Err(AppError::NotFound),
    }
}

fn line(mail: CaughtSummary) -> CaughtMail {
    CaughtMail {
        href: format!("/dev/mailbox/{}", mail.name),
        to: Private::from(mail.to),
        subject: mail.subject,
        at: moment(mail.at),
    }
}

fn page(mail: Caught) -> MailboxMail {
    let header = |(label, value): (String, String)| PrivateFact { label, value: Private::from(value), href: None };
    let link = |url: String| PrivateFact {
        label: "Link".to_owned(),
        value: Private::from(url.as_str()),
        href: Some(Private::from(url)),
    };
    MailboxMail {
        subject: mail.subject,
        headers: mail.headers.into_iter().map(header).collect(),
        text: Private::from(mail.text),
        links: mail.links.into_iter().map(link).collect(),
        html_source: Private::from(mail.html),
    }
}
