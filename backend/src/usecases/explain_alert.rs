//! "Why did I get this? Why did I not?": for a member and an opening, from the rows.

use chrono::{DateTime, Utc};
use domain::alert::CardState;
use domain::eligibility::{Reason, Verdict, check};
use domain::mail::MailState;
use domain::matching::MatchState;
use domain::{AlertId, OpeningId};
use serde::Serialize;
use store::alerts::{self, Alert, Card};
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_told;
use crate::mail::{Fate, Judge};

/// One card of the past, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyCard {
    /// The revision of the opening.
    pub revision: i32,
    /// Where it stands.
    pub state: CardState,
    /// The names of the alerts that found it and still are there.
    pub alerts: Vec<String>,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// When its mail is or was due.
    pub due_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// What became of it, as a sentence.
    pub text: String,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Which opening.
    pub opening_id: OpeningId,
    /// Its title.
    pub title: String,
    /// The answer in a sentence.
    pub answer: String,
    /// Whether it fits the member now.
    pub fits: bool,
    /// All nine rules.
    pub reasons: Vec<Reason>,
    /// The names of the alerts that ask for it now.
    pub alerts: Vec<String>,
    /// What was or will be told of it.
    pub cards: Vec<WhyCard>,
}

/// Explains.
///
/// # Errors
/// `NotFound` for an opening that was never approved.
pub fn explain_alert(conn: &mut Conn, app: &App, member: &Member, id: &OpeningId) -> Result<Why, AppError> {
    let now = app.now();
    let opening = store::openings::find(conn, id)?;
    if opening.approved_terms.is_none() {
        return Err(AppError::NotFound);
    }
    let rules = store::facts::rulebook(conn)?;
    let who = store::profiles::candidates(conn, std::slice::from_ref(member))?.pop().ok_or(AppError::NotFound)?;
    let verdict = check(&rules, &opening.offer(), &who, now);
    let judge = Judge::of(conn, app, member)?;
    let all = alerts::of_member(conn, &member.id)?;
    let cards = alerts::of_pair(conn, &member.id, id)?;
    let current = cards.iter().find(|c| c.revision == opening.revision).cloned();
    let found = match store::matches::of_pair(conn, &member.id, id, opening.revision) {
        Err(StoreError::NotFound) => None,
        found => Some(found?),
    };
    let asking: Vec<String> = judge.planner.asking(&opening).into_iter().map(|a| a.name.clone()).collect();
    let answer = match &current {
        Some(card) => of_card(conn, &judge, card, &all, now)?,
        None => without_card(member, &verdict, found.as_ref(), &asking),
    };
    let mut lines = Vec::new();
    for card in &cards {
        lines.push(WhyCard {
            revision: card.revision,
            state: card.state,
            alerts: names(&card.alerts, &all),
            found_at: card.at,
            due_at: card.due_at,
            sent_at: card.sent_at,
            text: of_card(conn, &judge, card, &all, now)?,
        });
    }
    Ok(Why {
        opening_id: opening.id.clone(),
        title: title(&opening),
        answer,
        fits: verdict.is_eligible(),
        reasons: verdict.reasons().to_vec(),
        alerts: asking,
        cards: lines,
    })
}

/// As an admin last approved it.
fn title(opening: &Opening) -> String {
    opening.approved_terms.as_ref().map_or_else(|| opening.terms.title.clone(), |terms| terms.title.clone())
}

fn names(ids: &[AlertId], all: &[Alert]) -> Vec<String> {
    all.iter().filter(|a| ids.contains(&a.id)).map(|a| a.name.clone()).collect()
}

fn of_card(conn: &mut Conn, judge: &Judge, card: &Card, all: &[Alert], now: DateTime<Utc>) -> Result<String, AppError> {
    Ok(match card.state {
        CardState::Sent => {
            let at = card.sent_at.map_or_else(String::new, |at| format!(" on {}", on(judge, at)));
            let names = names(&card.alerts, all);
            let by = match names.as_slice() {
                [] => ", through an alert that is no longer there".to_owned(),
                names => {
                    format!(", found by {}", names.iter().map(|n| format!("“{n}”")).collect::<Vec<_>>().join(" and "))
                }
            };
            format!("You were told{at}{by}.")
        }
        CardState::Dropped => card.dropped.map_or("It was left out of a mail.", |why| why.text()).to_owned(),
        CardState::Taken => in_mail(conn, judge, card)?,
        CardState::Pending => match judge.card(conn, card, now)? {
            Fate::Show(_) => format!("It comes with the digest that is due on {}.", on(judge, card.due_at)),
            Fate::Wait(why) => why.text().to_owned(),
            Fate::Drop(why) => {
                format!("It waits for a digest, and will be left out as things stand: {}", lower(why.text()))
            }
        },
    })
}

/// It is in a mail; the outbox knows what became of that.
fn in_mail(conn: &mut Conn, judge: &Judge, card: &Card) -> Result<String, AppError> {
    let state = match &card.mail {
        Some(mail) => store::digests::state_of(conn, mail)?,
        None => None,
    };
    Ok(match state {
        Some(MailState::Dead) => {
            "The mail server refused the mail; an admin decides whether it is tried again.".to_owned()
        }
        Some(MailState::Cancelled) => "The mail was called back before it was sent.".to_owned(),
        Some(MailState::Suppressed) => "Mail to your address came back before, so it was not sent.".to_owned(),
        _ => format!("It is in a mail that is on its way, due on {}.", on(judge, card.due_at)),
    })
}

/// `23 November 2026 at 07:12`, by the member's clock.
fn on(judge: &Judge, at: DateTime<Utc>) -> String {
    at.with_timezone(&judge.planner.clock.zone).format("%-d %B %Y at %H:%M").to_string()
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn without_card(member: &Member, verdict: &Verdict, found: Option<&Match>, asking: &[String]) -> String {
    if !may_be_told(member) {
        return if member.permissions.alerts_email {
            "No mail: your membership is not active.".to_owned()
        } else {
            "No mail: alerts by e-mail are off.".to_owned()
        };
    }
    if let Some(missed) = verdict.reasons().iter().find(|r| !r.met) {
        return format!("No mail, since it does not fit you: {}", lower(&missed.text));
    }
    match found {
        Some(found) if found.declined_at.is_some() => "No mail: you said no to it.".to_owned(),
        Some(found) if matches!(found.state, MatchState::Held | MatchState::Dropped) => {
            "No mail: an admin held the match back or took it out.".to_owned()
        }
        _ if asking.is_empty() => "No mail: it fits you, but none of your alerts that are on asks for it.".to_owned(),
        _ => "No mail yet: it fits you, and comes with a digest once it was looked at.".to_owned(),
    }
}
