//! The links of mails. They need no sign-in, and opening one changes nothing: scanners open every link.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Path};
use domain::CompanyId;
use domain::alert::Cadence;
use frontend::Private;
use frontend::pages::{MailButton, MailStop, MailStopped, Message, NewAddress};
use frontend::view::{Choice, Link};

use super::WebResult;
use super::form::Form;
use super::outreach_link;
use super::shell::{Shell, not_kept};
use crate::auth::Routes;
use crate::usecases::{self, Acted, Confirmed, MailAct, MailLinks, PAUSE_DAYS};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/mail/stop/{token}", ask)
        .post("/mail/stop/{token}", act)
        .get("/mail/confirm/{token}", ask_to_confirm)
        .post("/mail/confirm/{token}", confirm)
        .get("/mail/still/{token}", ask_still)
        .post("/mail/still/{token}", still)
        .get("/mail/new-address/{token}", ask_new)
        .post("/mail/new-address/{token}", confirm_new);
}

/// `do` in the query chooses what is offered first.
async fn ask(shell: Shell, token: Path<String>, req: HttpRequest) -> WebResult {
    let token = token.into_inner();
    let wish = Form::read(req.query_string()).map(|q| q.text("do").to_owned()).unwrap_or_default();
    if let Some(answer) = outreach_link::ask(&shell, &token).await? {
        return Ok(answer);
    }
    let known = token.clone();
    let found = shell.app.read(move |conn, app| usecases::mail_links(conn, app, &known)).await?;
    match found {
        Some(links) => not_kept(shell.page(&stop_page(&token, &links, &wish))?),
        None => unknown(&shell),
    }
}

fn stop_page(token: &str, links: &MailLinks, wish: &str) -> MailStop {
    let action = Private::from(format!("/mail/stop/{token}"));
    if !links.may_change {
        return MailStop { action, ..MailStop::default() };
    }
    let names: Vec<String> = links.alerts.iter().map(|name| format!("“{name}”")).collect();
    let these = if names.len() == 1 { "this alert" } else { "these alerts" };
    let mut options = vec![
        Choice::new("these", format!("Stop {these} until I resume it")),
        Choice::new("all", "Stop all alert mail"),
        Choice::new("pause", format!("Pause {these} for {PAUSE_DAYS} days")),
        Choice::new("daily", format!("Let {these} write once a day at most")),
        Choice::new("weekly", format!("Let {these} write once a week")),
    ];
    if !links.companies.is_empty() {
        options.push(Choice::new("mute", "No more mail about one company"));
    }
    let companies: Vec<Choice> = links.companies.iter().map(|(id, name)| Choice::new(id.as_str(), name)).collect();
    let chosen = if options.iter().any(|o| o.value == wish) { wish } else { "all" };
    MailStop {
        action,
        alert_names: names.join(", "),
        chosen: chosen.to_owned(),
        company: companies.first().map(|c| c.value.clone()).unwrap_or_default(),
        options,
        companies,
    }
}

/// Acts in one step with status 200 and without a redirect, for the page's button and for mail programs that send
/// `List-Unsubscribe=One-Click` (RFC 8058), as a form of either encoding: a body without a `do` that is known stops all.
async fn act(shell: Shell, token: Path<String>, body: Bytes) -> WebResult {
    let token = token.into_inner();
    if let Some(answer) = outreach_link::act(&shell, &token).await? {
        return Ok(answer);
    }
    let wish = asked(&body);
    let (known, of) = (token.clone(), wish.clone());
    let done = shell.app.write(move |conn, app| usecases::act_on_mail(conn, app, &known, &of)).await?;
    let Some((heading, text)) = said(&wish, done) else { return unknown(&shell) };
    let path = format!("/mail/stop/{token}");
    let can_undo = done == Acted::Done && wish != MailAct::Undo;
    not_kept(shell.page(&MailStopped {
        heading: heading.to_owned(),
        text,
        undo_action: can_undo.then(|| path.as_str().into()),
        back_href: path.as_str().into(),
    })?)
}

fn asked(body: &[u8]) -> MailAct {
    let form = std::str::from_utf8(body).ok().and_then(|text| Form::read(text).ok()).unwrap_or_default();
    match form.text("do") {
        "these" => MailAct::StopThese,
        "pause" => MailAct::Pause,
        "daily" => MailAct::Slow(Cadence::Daily),
        "weekly" => MailAct::Slow(Cadence::Weekly),
        "undo" => MailAct::Undo,
        "mute" => CompanyId::parse(form.text("company")).map_or(MailAct::StopAll, MailAct::Mute),
        _ => MailAct::StopAll,
    }
}

/// Heading and sentence; nothing for a link that is unknown.
fn said(act: &MailAct, done: Acted) -> Option<(&'static str, String)> {
    let (heading, text) = match (act, done) {
        (_, Acted::Unknown) => return None,
        (_, Acted::OnlyStops) => {
            ("Not changed", "This mail is older than 30 days, so its link only stops all alert mail.".to_owned())
        }
        (MailAct::StopAll, Acted::Done) => {
            ("Stopped", "All alert mail is stopped. What was waiting to be sent is called back.".to_owned())
        }
        (MailAct::StopAll, Acted::Already) => ("Stopped", "All alert mail was stopped already.".to_owned()),
        (MailAct::StopThese, Acted::Done) => {
            ("Stopped", "The alerts of this mail are paused until you resume them.".to_owned())
        }
        (MailAct::Mute(_), Acted::Done) => {
            ("Muted", "No more mail about this company. Its openings are still matched and shown to you.".to_owned())
        }
        (MailAct::Pause, Acted::Done) => (
            "Paused",
            format!("The alerts of this mail pause for {PAUSE_DAYS} days. What is still open then comes in one mail."),
        ),
        (MailAct::Slow(Cadence::Weekly), Acted::Done) => {
            ("Changed", "The alerts of this mail write once a week from now on.".to_owned())
        }
        (MailAct::Slow(_), Acted::Done) => {
            ("Changed", "The alerts of this mail write once a day at most from now on.".to_owned())
        }
        (MailAct::Undo, Acted::Done) => ("Undone", "It is as it was before.".to_owned()),
        (MailAct::Undo, Acted::Already) => {
            ("Nothing to undo", "This link has changed nothing that can still be taken back.".to_owned())
        }
        (_, Acted::Already) => ("Not changed", "It was so already.".to_owned()),
    };
    Some((heading, text))
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

/// The same page for every token: nothing is looked up.
async fn ask_to_confirm(shell: Shell, token: Path<String>) -> WebResult {
    not_kept(shell.page(&MailButton {
        heading: "Confirm your e-mail address".to_owned(),
        text: "Alerts by e-mail begin once you confirm that this address is yours.".to_owned(),
        button: "Confirm".to_owned(),
        action: format!("/mail/confirm/{token}").as_str().into(),
    })?)
}

/// The same answer for every token: whoever guesses learns nothing.
async fn confirm(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    shell.app.write(move |conn, app| usecases::confirm_address(conn, app, &token)).await?;
    let page = Message {
        heading: "Thank you".to_owned(),
        paragraphs: vec![
            "If the link was good, your address is confirmed and alerts begin. A link works once, for 48 hours."
                .to_owned(),
            "Signed in, you see under Alerts whether it is confirmed, and can have another link sent.".to_owned(),
        ],
        links: vec![Link::new("/alerts", "Go to your alerts")],
    };
    not_kept(shell.page(&page)?)
}

async fn ask_still(shell: Shell, token: Path<String>) -> WebResult {
    not_kept(shell.page(&MailButton {
        heading: "Do you still want alerts?".to_owned(),
        text: "With a yes, alerts by e-mail go on as they are.".to_owned(),
        button: "Yes, keep my alerts".to_owned(),
        action: format!("/mail/still/{token}").as_str().into(),
    })?)
}

async fn still(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    if !shell.app.write(move |conn, app| usecases::still_wanted(conn, app, &token)).await? {
        return unknown(&shell);
    }
    let page = Message {
        heading: "Alerts go on".to_owned(),
        paragraphs: vec!["Thank you. You are not asked again for half a year.".to_owned()],
        links: vec![Link::new("/alerts", "Go to your alerts")],
    };
    not_kept(shell.page(&page)?)
}

async fn ask_new(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    let action = Private::from(format!("/mail/new-address/{token}"));
    if !shell.app.read(move |conn, app| usecases::new_address_is_known(conn, app, &token)).await? {
        return not_confirmed(&shell);
    }
    not_kept(shell.page(&NewAddress { action })?)
}

async fn confirm_new(shell: Shell, token: Path<String>) -> WebResult {
    let token = token.into_inner();
    match shell.app.write(move |conn, app| usecases::confirm_new_address(conn, app, &token)).await? {
        Confirmed::Unknown => not_confirmed(&shell),
        Confirmed::Changed => {
            let page = Message {
                heading: "Your new address is in use".to_owned(),
                paragraphs: vec![
                    "Sign-in links and alerts go there from now on, and the address before was told.".to_owned(),
                    "You are signed out everywhere. What you shared has ended, and for three days nothing can be shared."
                        .to_owned(),
                ],
                links: vec![Link::new("/sign-in", "Sign in")],
            };
            not_kept(shell.page(&page)?)
        }
    }
}

fn not_confirmed(shell: &Shell) -> WebResult {
    let page = Message {
        heading: "This link does not work".to_owned(),
        paragraphs: vec![
            "It was used already, is older than a day, was replaced by a newer one, or its address cannot be used. \
             Nothing was changed, and the address before stays in use."
                .to_owned(),
            "Sign in with the address before and name the new one again in your contact details.".to_owned(),
        ],
        links: vec![Link::new("/profile/contact", "Go to your contact details")],
    };
    not_kept(shell.page_with(StatusCode::NOT_FOUND, &page)?)
}
