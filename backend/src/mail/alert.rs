//! An alert mail from its cards: instant or a digest, the preview of one, or an admin's test.

use std::collections::HashSet;

use domain::OpeningId;
use domain::alert::{Cadence, Cause};
use frontend::mail::{AlertCard, AlertMail};
use store::members::Member;
use store::outbox::Claimed;
use store::{Conn, TokenPurpose, alerts, members, openings};

use super::cards;
use super::judge::{Shown, keys, load};
use super::plan::Planner;
use super::queue;
use super::render::{Draft, payload, plain};
use crate::app::App;
use crate::error::AppError;

/// Cards shown in one mail; the rest is counted.
const CARDS: usize = 20;
/// Openings in an admin's test.
const TESTED: usize = 3;

/// Renders the mail with the cards that are in it.
///
/// # Errors
/// `NotFound` when the member is gone.
pub(super) fn draft(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::Alert = payload(mail)?;
    let member = members::find(conn, &payload.member)?;
    let planner = Planner::of(conn, app, &member)?;
    // What may be shown is the gate's to say; what it lets through is what stands here, or it is rendered again.
    let cards = alerts::cards(conn, &mail.id)?;
    let shown = load(conn, &planner, &member, cards, app.now())?;
    let token = app.vault.token(TokenPurpose::Stop, mail.id.as_str());
    let stop_link = app.url(&format!("/mail/stop/{token}"));
    let view = view(conn, app, &member, &planner, &shown, payload.cadence, &stop_link)?;
    let mut draft = plain(app, &view)?;
    draft.stop_link = Some(stop_link);
    draft.cards = keys(&shown);
    Ok(draft)
}

/// What alerts look like: the newest live openings, with links that do nothing.
///
/// # Errors
/// As `view`.
pub(super) fn test(conn: &mut Conn, app: &App) -> Result<Draft, AppError> {
    let mut live = openings::live(conn, app.now())?;
    live.sort_by(|a, b| b.published_at.cmp(&a.published_at).then_with(|| a.id.cmp(&b.id)));
    live.truncate(TESTED);
    let openings: Vec<AlertCard> = live.iter().map(|o| cards::example(app, o)).collect();
    let note = "This is a test that you asked for on the mail page. Members get their own openings and working links.";
    let view = AlertMail {
        subject: format!("Test: {} openings", openings.len()),
        heading: heading(openings.len(), 1),
        preview: openings.first().map(preview).unwrap_or_default(),
        more: 0,
        more_link: app.url("/matches"),
        openings,
        notes: vec![note.to_owned()],
        alert_names: quoted(&["Openings that fit my profile".to_owned()]),
        stop_link: app.url("/mail/stop/test").as_str().into(),
        pause_link: app.url("/mail/stop/test?do=pause").as_str().into(),
        manage_link: app.url("/alerts"),
        postal_address: postal_address(app)?,
    };
    plain(app, &view)
}

fn postal_address(app: &App) -> Result<String, AppError> {
    app.config.postal_address.clone().ok_or_else(|| AppError::internal("alerts need a postal address"))
}

/// The mail's view model.
///
/// # Errors
/// Internal without a postal address: alerts do not start without one.
pub(crate) fn view(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    planner: &Planner,
    shown: &[Shown],
    cadence: Cadence,
    stop_link: &str,
) -> Result<AlertMail, AppError> {
    let names = cards::names(shown);
    let mut openings: Vec<AlertCard> = Vec::new();
    for one in shown.iter().take(CARDS) {
        openings.push(cards::view(conn, app, member, one, &names)?);
    }
    let count = shown.len();
    let is_changed = !openings.is_empty() && openings.iter().all(|c| !c.changed.is_empty());
    Ok(AlertMail {
        subject: cards::subject(shown, is_changed, cadence),
        heading: heading(count, names.len()),
        preview: openings.first().map(preview).unwrap_or_default(),
        more: i64::try_from(count.saturating_sub(openings.len())).unwrap_or(i64::MAX),
        more_link: app.url("/matches"),
        openings,
        notes: notes(conn, app, member, planner, shown, cadence)?,
        alert_names: quoted(&names),
        stop_link: stop_link.into(),
        pause_link: format!("{stop_link}?do=pause").as_str().into(),
        manage_link: app.url("/alerts"),
        postal_address: postal_address(app)?,
    })
}

fn heading(openings: usize, alerts: usize) -> String {
    let alerts = if alerts == 1 { "alert" } else { "alerts" };
    if openings == 1 {
        format!("1 opening fits your {alerts}")
    } else {
        format!("{openings} openings fit your {alerts}")
    }
}

/// What a list of mails shows beside the subject.
fn preview(first: &AlertCard) -> String {
    format!("{}, {}, {}", first.title, first.place, first.pay)
}

/// `“A”`, `“A” and “B”`, `“A”, “B” and “C”`.
fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("“{n}”")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// What the reader should know about when mail comes.
fn notes(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    planner: &Planner,
    shown: &[Shown],
    cadence: Cadence,
) -> Result<Vec<String>, AppError> {
    let cap = i64::from(planner.cap());
    let mut notes = Vec::new();
    if cadence == Cadence::Instant {
        let sent = alerts::count_sent(conn, &member.id, planner.today(app.now()))?;
        if sent + 1 == cap {
            let which =
                if cap == 1 { "the one instant mail".to_owned() } else { format!("the last of {cap} instant mails") };
            notes.push(format!("This is {which} you get in a day. What else fits today comes in your daily mail."));
        }
        return Ok(notes);
    }
    let capped = shown.iter().filter(|s| s.card.cause == Cause::Capped).count();
    if capped > 0 {
        let which = if capped == 1 { "One of these".to_owned() } else { format!("{capped} of these") };
        let mails = if cap == 1 { "one instant mail".to_owned() } else { format!("{cap} instant mails") };
        notes.push(format!("{which} would have come at once, but you get at most {mails} in a day."));
    }
    Ok(notes)
}

/// The cards of a draft, to be compared with what the gate sees.
pub(super) type Keys = HashSet<(OpeningId, i32)>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_read_well() {
        let names = ["A", "B", "C"].map(str::to_owned);
        for (n, want) in [(0, ""), (1, "“A”"), (2, "“A” and “B”"), (3, "“A”, “B” and “C”")] {
            assert_eq!(quoted(&names[..n]), want);
        }
        assert_eq!(heading(1, 1), "1 opening fits your alert");
        assert_eq!(heading(3, 2), "3 openings fit your alerts");
    }
}
