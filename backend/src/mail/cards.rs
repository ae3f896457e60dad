//! The cards of an alert mail: what each shows.

use domain::alert::Cadence;
use domain::eligibility::{Reason, Rule};
use domain::opening_changes::changes;
use domain::pay::{Pay, PayBasis};
use frontend::mail::AlertCard;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, alerts, openings};

use super::judge::Shown;
use crate::app::App;
use crate::error::AppError;

/// The rules whose reasons a card shows.
const SHOWN: [Rule; 4] = [Rule::Specialty, Rule::Certification, Rule::Licence, Rule::Place];

/// A card as the mail shows it. `all` is every alert of the mail: a card names its own when they are others.
pub(crate) fn view(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    shown: &Shown,
    all: &[String],
) -> Result<AlertCard, AppError> {
    let (opening, terms) = (&shown.opening, &shown.opening.terms);
    Ok(AlertCard {
        title: terms.title.clone(),
        company: opening.company_name.clone(),
        kind: terms.kind.short().to_owned(),
        place: place(&shown.found.place),
        pay: pay(&terms.pay),
        closes: terms.closes_on.format("closes %-d %B %Y").to_string(),
        changed: changed(conn, member, shown)?,
        why: why(&shown.found.reasons),
        alerts: if shown.names == all { Vec::new() } else { shown.names.clone() },
        link: app.url(&format!("/openings/{}", opening.id)),
    })
}

/// A card of an opening that nobody was matched with, for a test.
pub(super) fn example(app: &App, opening: &Opening) -> AlertCard {
    let terms = &opening.terms;
    let first = terms.markets.first().map_or_else(|| "remote".to_owned(), |m| m.label());
    AlertCard {
        title: terms.title.clone(),
        company: opening.company_name.clone(),
        kind: terms.kind.short().to_owned(),
        place: first,
        pay: pay(&terms.pay),
        closes: terms.closes_on.format("closes %-d %B %Y").to_string(),
        changed: Vec::new(),
        why: vec!["what the member's profile says stands here".to_owned()],
        alerts: Vec::new(),
        link: app.url(&format!("/openings/{}", opening.id)),
    }
}

/// What differs from the revision the member was told of, in words; empty for an opening that is new to the member.
fn changed(conn: &mut Conn, member: &Member, shown: &Shown) -> Result<Vec<String>, AppError> {
    let (opening, revision) = (&shown.card.opening, shown.card.revision);
    let Some(before) = alerts::last_told(conn, &member.id, opening, revision)? else { return Ok(Vec::new()) };
    let before = openings::terms_of(conn, opening, before)?;
    let changes = changes(&before, &shown.opening.terms);
    // A revision that was taken back and forth still says that it was touched.
    Ok(if changes.is_empty() { vec!["Its terms were changed and changed back.".to_owned()] } else { changes })
}

/// The names of every alert that asks for one of these, in the order of the cards.
pub(crate) fn names(shown: &[Shown]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in shown.iter().flat_map(|s| &s.names) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}

/// `3 QME openings near Bakersfield, CA`: count, kind and market, and nothing about the member. `is_changed` says that
/// the member knows all of them in older terms.
pub(crate) fn subject(shown: &[Shown], is_changed: bool, cadence: Cadence) -> String {
    let kinds = one_of(shown.iter().map(|s| s.opening.terms.kind.short().to_owned()));
    let places = one_of(shown.iter().map(|s| place(&s.found.place)));
    let many = shown.len() != 1;
    let what = match (&kinds, many) {
        (Some(kind), false) => format!("{kind} opening"),
        (Some(kind), true) => format!("{} {kind} openings", shown.len()),
        (None, _) => format!("{} openings", shown.len()),
    };
    let place = match (places.as_deref(), many) {
        (Some("remote"), _) => ", remote".to_owned(),
        (Some(place), false) => format!(" in {place}"),
        (Some(place), true) => format!(" near {place}"),
        (None, _) => String::new(),
    };
    let changed = if is_changed { "Changed: " } else { "" };
    match cadence {
        Cadence::Instant => format!("{changed}{what}{place}"),
        Cadence::Daily => format!("Today: {what}{place}"),
        Cadence::Weekly => format!("This week: {what}{place}"),
    }
}

/// The value that all share.
fn one_of(mut all: impl Iterator<Item = String>) -> Option<String> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// Remote work has one word in a mail, whatever state it is counted to.
pub(super) fn place(label: &str) -> String {
    if label.starts_with("Remote") { "remote".to_owned() } else { label.to_owned() }
}

pub(super) fn pay(pay: &Pay) -> String {
    match pay.basis {
        PayBasis::FeeShare | PayBasis::NotStated => pay.label(),
        PayBasis::PerCase | PayBasis::PerPage | PayBasis::Hourly => {
            format!("{} {}", pay.label(), pay.unit())
        }
    }
}

fn why(reasons: &[Reason]) -> Vec<String> {
    reasons
        .iter()
        .filter(|r| r.met && SHOWN.contains(&r.rule))
        .map(|r| r.text.trim_end_matches('.').to_owned())
        .collect()
}
