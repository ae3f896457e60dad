//! What may be shown to a member now, card by card: one judgement for instant mails, digests, the preview, the answer to
//! "why", and the gate.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::OpeningId;
use domain::alert::{Cadence, Cause, DropReason, Mute, WaitReason};
use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::eligibility::check;
use domain::matching::MatchState;
use domain::place::Market;
use domain::standing::MemberStanding;
use store::alerts::{self, Alert, Card};
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError, facts, matches, member_mail, openings, profiles};

use super::address::{self, Standing};
use super::plan::Planner;
use crate::app::App;
use crate::error::AppError;

/// A card that may be shown, with what stands on it.
pub(crate) struct Shown {
    /// The card.
    pub(crate) card: Card,
    /// The opening as it is.
    pub(crate) opening: Opening,
    /// Why it fits.
    pub(crate) found: Match,
    /// The names of the alerts that ask for it.
    pub(crate) names: Vec<String>,
}

/// What becomes of a card.
pub(crate) enum Fate {
    /// It may be shown.
    Show(Box<Shown>),
    /// Not now; it may be shown in the mail of a later hour.
    Wait(WaitReason),
    /// It is left out.
    Drop(DropReason),
}

/// What becomes of all cards of a mail.
#[derive(Default)]
pub(crate) struct Judged {
    /// Best first.
    pub(crate) shown: Vec<Shown>,
    /// Those that wait.
    pub(crate) waiting: Vec<(Card, WaitReason)>,
    /// Those that are left out.
    pub(crate) dropped: Vec<(Card, DropReason)>,
}

/// What is shown, as a set that two looks can be compared by.
pub(super) fn keys(shown: &[Shown]) -> HashSet<(OpeningId, i32)> {
    shown.iter().map(|s| (s.card.opening.clone(), s.card.revision)).collect()
}

/// The cards with what stands on them, best first, without a judgement; one whose opening or match is gone is left out.
pub(super) fn load(
    conn: &mut Conn,
    planner: &Planner,
    member: &Member,
    cards: Vec<Card>,
    now: DateTime<Utc>,
) -> Result<Vec<Shown>, AppError> {
    let mut shown = Vec::with_capacity(cards.len());
    for card in cards {
        let opening = found(openings::find(conn, &card.opening))?;
        let found = found(matches::of_pair(conn, &member.id, &card.opening, card.revision))?;
        if let (Some(opening), Some(found)) = (opening, found) {
            shown.push(Shown { names: planner.names(&opening, now), card, opening, found });
        }
    }
    best_first(&mut shown);
    Ok(shown)
}

fn best_first(shown: &mut [Shown]) {
    shown.sort_by(|a, b| b.found.score.cmp(&a.found.score).then_with(|| a.card.opening.cmp(&b.card.opening)));
}

/// A member with everything that decides over their mail, read once.
pub(crate) struct Judge {
    rules: Rulebook,
    member: Member,
    candidate: Option<Candidate>,
    mutes: Vec<Mute>,
    standing: Standing,
    /// Alerts and times.
    pub(crate) planner: Planner,
}

impl Judge {
    /// Reads the member as it is now.
    pub(crate) fn of(conn: &mut Conn, app: &App, member: &Member) -> Result<Self, AppError> {
        let mail = member_mail::of(conn, &member.id)?;
        Ok(Self {
            rules: facts::rulebook(conn)?,
            candidate: profiles::candidates(conn, std::slice::from_ref(member))?.pop(),
            mutes: member_mail::mutes(conn, &member.id)?,
            standing: address::standing(conn, &member.account, &mail)?,
            planner: Planner::with(conn, app, member, &mail)?,
            member: member.clone(),
        })
    }

    /// What becomes of a card.
    pub(crate) fn card(&self, conn: &mut Conn, card: &Card, now: DateTime<Utc>) -> Result<Fate, AppError> {
        if let Some(reason) = self.against_member() {
            return Ok(Fate::Drop(reason));
        }
        let Some(opening) = found(openings::find(conn, &card.opening))? else {
            return Ok(Fate::Drop(DropReason::Gone));
        };
        let found = found(matches::of_pair(conn, &self.member.id, &card.opening, card.revision))?;
        let asking = self.planner.asking(&opening);
        if let Some(reason) = self.against(card, &opening, found.as_ref(), &asking, now) {
            return Ok(Fate::Drop(reason));
        }
        if let Some(reason) = self.not_now(&asking, now) {
            return Ok(Fate::Wait(reason));
        }
        let names = self.planner.names(&opening, now);
        Ok(match found {
            Some(found) => Fate::Show(Box::new(Shown { card: card.clone(), opening, found, names })),
            None => Fate::Drop(DropReason::Match),
        })
    }

    /// What becomes of the cards of one mail. Of instant mails there are so many in a day.
    pub(crate) fn mail(
        &self,
        conn: &mut Conn,
        cards: Vec<Card>,
        cadence: Cadence,
        now: DateTime<Utc>,
    ) -> Result<Judged, AppError> {
        let full = cadence == Cadence::Instant
            && self.planner.is_full(alerts::count_sent(conn, &self.member.id, self.planner.today(now))?);
        let mut judged = Judged::default();
        for card in cards {
            match self.card(conn, &card, now)? {
                Fate::Show(_) if full => judged.waiting.push((card, WaitReason::Cap)),
                Fate::Show(shown) => judged.shown.push(*shown),
                Fate::Wait(reason) => judged.waiting.push((card, reason)),
                Fate::Drop(reason) => judged.dropped.push((card, reason)),
            }
        }
        best_first(&mut judged.shown);
        Ok(judged)
    }

    fn against_member(&self) -> Option<DropReason> {
        match (self.member.standing, self.member.permissions.alerts_email) {
            (MemberStanding::Active, true) => None,
            (MemberStanding::Active, false) => Some(DropReason::Permission),
            _ => Some(DropReason::Member),
        }
    }

    fn against(
        &self,
        card: &Card,
        opening: &Opening,
        found: Option<&Match>,
        asking: &[&Alert],
        now: DateTime<Utc>,
    ) -> Option<DropReason> {
        let Some(candidate) = &self.candidate else { return Some(DropReason::Member) };
        if opening.revision != card.revision {
            return Some(DropReason::Revision);
        }
        if !opening.liveness.is_live(now) {
            return Some(DropReason::NotLive);
        }
        if candidate.blocked.contains(&opening.company) {
            return Some(DropReason::Blocked);
        }
        if found.is_some_and(|f| f.declined_at.is_some()) {
            return Some(DropReason::Declined);
        }
        let offer = opening.offer();
        if !check(&self.rules, &offer, candidate, now).is_eligible() {
            return Some(DropReason::NotEligible);
        }
        // What the member's own change brought up is shown without an admin's hand; a held or dropped match is not.
        let may = |f: &Match| match f.state {
            MatchState::Released => true,
            MatchState::Proposed => card.cause == Cause::Edited,
            MatchState::Held | MatchState::Dropped => false,
        };
        if !found.is_some_and(may) {
            return Some(DropReason::Match);
        }
        // The alerts may have been changed since, or paused for good, or deleted.
        if asking.is_empty() {
            return Some(DropReason::Alert);
        }
        self.muted(opening, candidate, now)
    }

    /// A muted market is one where the member does not want to work for now: an opening that fits elsewhere too, or from
    /// anywhere, is told all the same.
    fn muted(&self, opening: &Opening, candidate: &Candidate, now: DateTime<Utc>) -> Option<DropReason> {
        if self.mutes.contains(&Mute::Company(opening.company.clone())) {
            return Some(DropReason::MutedCompany);
        }
        let is_muted = |market: &Market| self.mutes.contains(&Mute::Market(*market));
        if !opening.terms.markets.iter().any(is_muted) {
            return None;
        }
        let mut offer = opening.offer();
        offer.terms.markets.retain(|market| !is_muted(market));
        let elsewhere = check(&self.rules, &offer, candidate, now).is_eligible();
        (!elsewhere).then_some(DropReason::MutedMarket)
    }

    fn not_now(&self, asking: &[&Alert], now: DateTime<Utc>) -> Option<WaitReason> {
        match self.standing {
            Standing::Suppressed => return Some(WaitReason::Suppressed),
            Standing::Unconfirmed => return Some(WaitReason::Unconfirmed),
            Standing::Good => {}
        }
        if self.planner.back_from_vacation(now).is_some() {
            return Some(WaitReason::Vacation);
        }
        asking.iter().all(|a| a.rests(now)).then_some(WaitReason::Paused)
    }
}

fn found<T>(result: Result<T, StoreError>) -> Result<Option<T>, AppError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
