//! Domain values in the words of pages. One place, so that every page says the same thing alike.

use chrono::{DateTime, NaiveDate, Utc};
use domain::eligibility::{Note, Reason, Rule, Verdict};
use domain::opening::{LicenceRule, OpeningStatus, Terms};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use frontend::pages::WhyPage;
use frontend::view::{Check, CheckState, Choice, Fact, OpeningRow, RecordLine, Tag};
use store::openings::Opening;

use crate::usecases::{Why, WhyCard};

/// `14 December 2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    date.format("%e %B %Y").to_string().trim().to_owned()
}

/// `14 December 2026, 09:14 UTC`.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%e %B %Y, %H:%M UTC").to_string().trim().to_owned()
}

/// `today`, `yesterday`, `3 days ago`, or the day.
#[must_use]
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (now.date_naive() - at.date_naive()).num_days() {
        i64::MIN..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days @ 2..=30 => format!("{days} days ago"),
        _ => format!("on {}", day(at.date_naive())),
    }
}

/// Where the work is: its markets, and `remote`.
#[must_use]
pub fn place(terms: &Terms) -> String {
    let places = places(terms);
    match places.len() {
        0..=3 => places.join(" · "),
        n => format!("{} and {} more", places.iter().take(2).cloned().collect::<Vec<_>>().join(" · "), n - 2),
    }
}

fn places(terms: &Terms) -> Vec<String> {
    let mut places: Vec<String> = terms.markets.iter().map(|m| m.label()).collect();
    if terms.remote {
        places.push("Remote".to_owned());
    }
    places
}

fn pay_note(terms: &Terms) -> Option<String> {
    let cents = terms.pay.extra_page_cents?;
    Some(format!("plus {} a page above {}", domain::pay::dollars(cents), terms.pay.included_pages.unwrap_or(0)))
}

/// The certification it asks for, where that is not plain from its kind.
fn needs(terms: &Terms) -> Option<&'static str> {
    match (terms.kind, terms.certification.takes_candidates) {
        (domain::Kind::Qme, true) => Some("QME, or on the way"),
        (_, true) if terms.certification.required.is_some() => Some("certification, or on the way"),
        (domain::Kind::Qme, false) => None,
        _ => terms.certification.required.as_ref().map(|_| "certification"),
    }
}

/// The class of a kind's tag in the style sheet.
#[must_use]
pub fn kind_class(kind: domain::Kind) -> &'static str {
    match kind {
        domain::Kind::Qme => "qme",
        domain::Kind::Ime => "ime",
        domain::Kind::ChartReview => "chart_review",
    }
}

/// The names of the specialties, or `Any specialty`.
#[must_use]
pub fn specialties(terms: &Terms) -> String {
    if terms.specialties.is_empty() {
        return "Any specialty".to_owned();
    }
    terms.specialties.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ")
}

/// What licence the work needs.
#[must_use]
pub fn licence(terms: &Terms) -> String {
    match &terms.licence {
        LicenceRule::StateOfWork if terms.markets.is_empty() => "Any current US licence".to_owned(),
        LicenceRule::StateOfWork => "In the state of the work".to_owned(),
        LicenceRule::OneOf(states) => states.iter().map(|s| State::name(*s)).collect::<Vec<_>>().join(" or "),
        LicenceRule::NotNeeded => "None needed".to_owned(),
    }
}

/// When the company last said that it is open.
#[must_use]
pub fn confirmed(opening: &Opening, now: DateTime<Utc>) -> String {
    opening
        .liveness
        .confirmed_at
        .map_or_else(|| "Not yet confirmed".to_owned(), |at| format!("Confirmed open {}", ago(at, now)))
}

/// A page's paragraphs: split at empty lines.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

/// The row of a list. `verdict` is the reader's own fit, when one is known.
#[must_use]
pub fn row(opening: &Opening, now: DateTime<Utc>, verdict: Option<&Verdict>) -> OpeningRow {
    let terms = &opening.terms;
    OpeningRow {
        href: format!("/openings/{}", opening.id),
        title: terms.title.clone(),
        company: opening.company_name.clone(),
        verified: opening.liveness.company_good,
        kind: kind_class(terms.kind).to_owned(),
        kind_label: terms.kind.short().to_owned(),
        pay: terms.pay.label(),
        pay_unit: terms.pay.unit().to_owned(),
        pay_note: pay_note(terms),
        needs: needs(terms).map(str::to_owned),
        fit: verdict.map(fit_tag),
        place: place(terms),
        confirmed: confirmed(opening, now),
        closes: Some(format!("closes {}", day(terms.closes_on))),
        snippet: Vec::new(),
    }
}

/// A mark for a verdict: fits, nearly, or does not.
#[must_use]
pub fn fit_tag(verdict: &Verdict) -> Tag {
    match verdict.reasons().iter().filter(|r| !r.met).count() {
        0 => Tag::new("ok", "Fits you"),
        1 => Tag::new("warn", "One rule missed"),
        _ => Tag::new("", "Does not fit"),
    }
}

/// One rule's answer.
#[must_use]
pub fn check(reason: &Reason) -> Check {
    let state = match (reason.met, reason.note) {
        (true, Note::Unknown) => CheckState::Unknown,
        (true, Note::OnTheWay) => CheckState::Near,
        (true, Note::Plain) => CheckState::Yes,
        (false, Note::OnTheWay) => CheckState::Near,
        (false, _) => CheckState::No,
    };
    Check { state, title: rule_name(reason.rule).to_owned(), text: reason.text.clone() }
}

/// The name of a rule as people read it.
#[must_use]
pub const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Active => "Open and active",
        Rule::Kind => "Kind of work",
        Rule::Specialty => "Specialty",
        Rule::Licence => "Licence",
        Rule::Certification => "Certification",
        Rule::Place => "Place",
        Rule::Pay => "Pay",
        Rule::Blocked => "Company",
        Rule::Other => "Other requirements",
    }
}

/// The facts of an opening, in one order on every page.
#[must_use]
pub fn facts(terms: &Terms) -> Vec<Fact> {
    let mut facts = vec![
        Fact {
            note: pay_note(terms),
            ..Fact::new("Pay", format!("{} {}", terms.pay.label(), terms.pay.unit()).trim())
        },
        Fact::new("Specialty", specialties(terms)),
        Fact::new("Where", places(terms).join(" · ")),
        Fact::new("Licence", licence(terms)),
    ];
    let mut certification = Vec::new();
    if terms.kind == domain::Kind::Qme {
        certification.push("QME appointment".to_owned());
    }
    certification.extend(terms.certification.required.clone().filter(|k| k != domain::certification::CA_QME));
    if terms.certification.takes_candidates {
        certification.push("physicians on the way welcome".to_owned());
    }
    if terms.certification.sponsors {
        certification.push("company pays for the way there".to_owned());
    }
    if !certification.is_empty() {
        facts.push(Fact::new("Certification", certification.join(", ")));
    }
    if !terms.volume.is_empty() {
        facts.push(Fact::new("Volume", terms.volume.clone()));
    }
    if terms.seats > 1 {
        facts.push(Fact::new("Physicians wanted", terms.seats.to_string()));
    }
    facts.push(Fact::new("Closes", day(terms.closes_on)));
    facts
}

/// The state of an opening as its company and admins read it.
#[must_use]
pub fn opening_state(opening: &Opening, now: DateTime<Utc>) -> Tag {
    match opening.liveness.status {
        OpeningStatus::Approved if opening.liveness.is_live(now) => Tag::new("ok", "Live"),
        OpeningStatus::Approved if now.date_naive() > opening.terms.closes_on => Tag::new("", "Past its closing day"),
        OpeningStatus::Approved if !opening.liveness.company_good => Tag::new("bad", "Hidden"),
        OpeningStatus::Approved => Tag::new("warn", "Hidden until confirmed"),
        OpeningStatus::Draft => Tag::new("", "Draft"),
        OpeningStatus::Submitted => Tag::new("warn", "Waiting for review"),
        OpeningStatus::Returned => Tag::new("warn", "Returned"),
        OpeningStatus::Rejected => Tag::new("bad", "Rejected"),
        OpeningStatus::Closed => Tag::new("", "Closed"),
    }
}

/// Every specialty for a select, in the order of the list.
#[must_use]
pub fn specialty_choices() -> Vec<Choice> {
    Specialty::all().map(|s| Choice::new(s.slug(), s.name())).collect()
}

/// Every market for a select, under the names of the states.
#[must_use]
pub fn market_choices() -> Vec<Choice> {
    let mut markets: Vec<Market> = Market::all().collect();
    markets.sort_by_key(|m| (m.state().name(), !m.is_statewide(), m.label()));
    markets.into_iter().map(|m| Choice::new(m.slug(), m.label()).in_group(m.state().name())).collect()
}

/// Every state for a select.
#[must_use]
pub fn state_choices() -> Vec<Choice> {
    State::all().map(|s| Choice::new(s.code(), s.name())).collect()
}

/// The title that an admin has read; a newer one waits for review and is not shown to members.
#[must_use]
pub fn public_title(opening: &Opening) -> &str {
    opening.approved_terms.as_ref().map_or(opening.terms.title.as_str(), |t| t.title.as_str())
}

/// Why mail came, or did not, as a page shows it.
#[must_use]
pub fn why_page(why: &Why, href: String) -> WhyPage {
    let line = |card: &WhyCard| RecordLine {
        kind: if card.sent_at.is_some() { "introduction" } else { "expiry" }.to_owned(),
        text: format!("Revision {}: {}", card.revision, card.text.trim_end_matches('.')),
        at: moment(card.found_at),
        at_iso: card.found_at.to_rfc3339(),
    };
    WhyPage {
        title: why.title.clone(),
        href,
        answer: Some(why.answer.clone()),
        fits: Some(if why.fits { Tag::new("ok", "Fits") } else { Tag::new("", "Does not fit") }),
        checks: why.reasons.iter().map(check).collect(),
        alerts: why.alerts.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", "),
        cards: why.cards.iter().map(line).collect(),
        ..WhyPage::default()
    }
}
