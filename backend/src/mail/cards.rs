//! The cards of an alert mail: what each shows, and whether it may still be shown.

use chrono::{DateTime, Utc};
use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::eligibility::{Reason, Rule, check};
use domain::matching::MatchState;
use domain::pay::{Pay, PayBasis};
use domain::standing::MemberStanding;
use frontend::mail::AlertCard;
use store::alerts::{self, Card};
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError, facts, matches, openings, profiles};

use crate::app::App;
use crate::error::AppError;
use crate::usecases::fires;

/// The rules whose reasons a card shows.
const SHOWN: [Rule; 4] = [Rule::Specialty, Rule::Certification, Rule::Licence, Rule::Place];

/// The cards of a mail with what stands in them, best first; a card whose opening is gone is left out.
pub(super) fn load(
    conn: &mut Conn,
    member: &Member,
    cards: Vec<Card>,
) -> Result<Vec<(Card, Opening, Match)>, AppError> {
    let mut loaded = Vec::with_capacity(cards.len());
    for card in cards {
        let opening = found(openings::find(conn, &card.opening))?;
        let told = found(matches::of_pair(conn, &member.id, &card.opening, card.revision))?;
        if let (Some(opening), Some(told)) = (opening, told) {
            loaded.push((card, opening, told));
        }
    }
    loaded.sort_by(|a, b| {
        let key = |x: &(Card, Opening, Match)| std::cmp::Reverse(x.2.score);
        key(a).cmp(&key(b)).then_with(|| a.0.opening.cmp(&b.0.opening))
    });
    Ok(loaded)
}

/// A card as the mail shows it.
pub(super) fn view(app: &App, opening: &Opening, told: &Match) -> AlertCard {
    let terms = &opening.terms;
    AlertCard {
        title: terms.title.clone(),
        company: opening.company_name.clone(),
        kind: terms.kind.short().to_owned(),
        place: place(&told.place),
        pay: pay(&terms.pay),
        closes: terms.closes_on.format("closes %-d %B %Y").to_string(),
        why: why(&told.reasons),
        link: app.url(&format!("/openings/{}", opening.id)),
    }
}

/// Remote work has one word in a mail, whatever state it is counted to.
fn place(label: &str) -> String {
    if label.starts_with("Remote") { "remote".to_owned() } else { label.to_owned() }
}

fn pay(pay: &Pay) -> String {
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

/// What the judgement of one member's cards needs, read once.
pub(super) struct Judge {
    rules: Rulebook,
    member: Member,
    candidate: Option<Candidate>,
    alerts: Vec<alerts::Alert>,
}

impl Judge {
    /// Reads the member as it is now.
    pub(super) fn of(conn: &mut Conn, member: &Member) -> Result<Self, AppError> {
        Ok(Self {
            rules: facts::rulebook(conn)?,
            candidate: profiles::candidates(conn, std::slice::from_ref(member))?.pop(),
            alerts: alerts::of_member(conn, &member.id)?,
            member: member.clone(),
        })
    }

    /// Why a card must not go out; `None` when it may.
    pub(super) fn against(
        &self,
        conn: &mut Conn,
        card: &Card,
        now: DateTime<Utc>,
    ) -> Result<Option<&'static str>, AppError> {
        if self.member.standing != MemberStanding::Active {
            return Ok(Some("member"));
        }
        if !self.member.permissions.alerts_email {
            return Ok(Some("permission"));
        }
        let Some(opening) = found(openings::find(conn, &card.opening))? else {
            return Ok(Some("gone"));
        };
        // The alert may have been changed since, or paused, or deleted.
        if !self.alerts.iter().any(|a| a.id == card.alert && fires(a, &opening)) {
            return Ok(Some("alert"));
        }
        if opening.revision != card.revision {
            return Ok(Some("revision"));
        }
        if !opening.liveness.is_live(now) {
            return Ok(Some("not_live"));
        }
        let told = found(matches::of_pair(conn, &self.member.id, &card.opening, card.revision))?;
        if !told.is_some_and(|m| m.state == MatchState::Released && m.declined_at.is_none()) {
            return Ok(Some("match"));
        }
        let Some(candidate) = &self.candidate else {
            return Ok(Some("member"));
        };
        if candidate.blocked.contains(&opening.company) {
            return Ok(Some("blocked"));
        }
        let fits = check(&self.rules, &opening.offer(), candidate, now).is_eligible();
        Ok((!fits).then_some("not_eligible"))
    }
}

fn found<T>(result: Result<T, StoreError>) -> Result<Option<T>, AppError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
