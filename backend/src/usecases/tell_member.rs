//! A match becomes a card in a mail, when the member asked for mail like it.

use std::cell::LazyCell;

use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, CardState, Cause};
use domain::mail::MailKind;
use domain::{AlertId, MailId};
use search_index::OpeningWords;
use store::alerts::{self, Alert, Card, NewCard};
use store::mail_tokens::{self, NewToken, Purpose};
use store::members::Member;
use store::openings::Opening;
use store::outbox::{self, NewMail};
use store::{Conn, TokenPurpose};

use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_told;
use crate::mail::{Fate, Judge, Planner, queue};
use crate::random;

/// How long the link that stops alerts works.
const STOP_LIFE: Duration = Duration::days(400);

/// As `tell_with`, of a member whose alerts are not read yet.
///
/// # Errors
/// Database errors only.
pub fn tell_member(
    conn: &mut Conn,
    app: &App,
    opening: &Opening,
    member: &Member,
    cause: Cause,
) -> Result<bool, AppError> {
    if !may_be_told(member) {
        return Ok(false);
    }
    let planner = Planner::of(conn, app, member)?;
    tell_with(conn, app, &planner, opening, member, cause)
}

/// Puts an opening into a mail for a member: at once into an instant mail that still waits, or into a new one; or it
/// waits for the digest. `false` when the member asked for no such mail or has heard of this revision.
///
/// # Errors
/// Database errors only.
pub(super) fn tell_with(
    conn: &mut Conn,
    app: &App,
    planner: &Planner,
    opening: &Opening,
    member: &Member,
    cause: Cause,
) -> Result<bool, AppError> {
    if !may_be_told(member) {
        return Ok(false);
    }
    let now = app.now();
    let asking = planner.asking(opening);
    let ids: Vec<AlertId> = asking.iter().map(|a| a.id.clone()).collect();
    let cards = alerts::of_pair(conn, &member.id, &opening.id)?;
    // A second change of the same opening waits for the digest: no company writes to a member again and again.
    let at_once = cause == Cause::Published && cards.iter().filter(|c| c.sent_at.is_some()).count() < 2;
    let current = cards.iter().find(|c| c.revision == opening.revision);
    if let Some(card) = current.filter(|c| c.state == CardState::Dropped)
        && is_still_left_out(conn, app, member, &Card { cause, ..card.clone() })?
    {
        return Ok(false);
    }
    let Some(mut plan) = planner.plan(&asking, at_once, now) else { return Ok(false) };
    let payload = queue::write(&queue::Alert { member: member.id.clone(), cadence: Cadence::Instant })?;
    let (mut waiting, mut cause) = (None, cause);
    if plan.cadence == Cadence::Instant {
        waiting = outbox::hold_waiting(conn, &member.account, MailKind::Alert, &payload, now)?;
        let planned = alerts::count_planned(conn, &member.id, planner.today(plan.due_at))?;
        if waiting.is_none() && planner.is_full(planned) {
            cause = Cause::Capped;
            plan = planner.plan(&asking, false, now).unwrap_or(plan);
        }
    }
    let (id, revision) = (&opening.id, opening.revision);
    let card = NewCard {
        member: &member.id,
        opening: id,
        revision,
        alerts: &ids,
        cadence: plan.cadence,
        cause,
        due_at: plan.due_at,
    };
    if !alerts::add_card(conn, &card, now)? {
        return Ok(false);
    }
    if plan.cadence == Cadence::Instant {
        let mail = match waiting {
            Some(mail) => mail,
            None => {
                let key = format!("alert:{}:{id}:{revision}", member.id);
                alert_mail(conn, app, member, &AlertMail { payload: &payload, key: &key, due_at: plan.due_at })?
            }
        };
        alerts::take(conn, &member.id, id, revision, &mail)?;
    }
    Ok(true)
}

/// True when a card that was left out would be left out again: it keeps its reason, and waits for no digest.
fn is_still_left_out(conn: &mut Conn, app: &App, member: &Member, card: &Card) -> Result<bool, AppError> {
    let judge = Judge::of(conn, app, member)?;
    Ok(matches!(judge.card(conn, card, app.now())?, Fate::Drop(_)))
}

/// True when the alert is on and wants the opening, both as their rows are now.
pub fn fires(alert: &Alert, opening: &Opening) -> bool {
    // Reading the words of an opening is dear, and most alerts ask for none.
    let words = LazyCell::new(|| OpeningWords::of(&opening.terms, &opening.company_name));
    !alert.paused && alert.wish.wants(&opening.terms, |word| words.has(word))
}

/// An alert mail to be written.
pub(super) struct AlertMail<'a> {
    /// Its ids.
    pub(super) payload: &'a str,
    /// What makes it the only one.
    pub(super) key: &'a str,
    /// Not before.
    pub(super) due_at: DateTime<Utc>,
}

/// Writes an alert mail with its stop link.
///
/// # Errors
/// Database errors; internal when there is a mail of this key already.
pub(super) fn alert_mail(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    mail: &AlertMail<'_>,
) -> Result<MailId, AppError> {
    let now = app.now();
    let id = random::id(MailId::from_uuid);
    // A card that was left out and came back has a mail of its first time.
    let again = format!("{}:{id}", mail.key);
    let mut new = NewMail {
        id: &id,
        kind: MailKind::Alert,
        account: &member.account,
        payload: mail.payload,
        dedupe_key: mail.key,
        permission_epoch: Some(member.permission_epoch),
        due_at: mail.due_at,
    };
    if !outbox::add(conn, &new, now)? {
        new.dedupe_key = &again;
        if !outbox::add(conn, &new, now)? {
            return Err(AppError::internal("an alert mail is there already"));
        }
    }
    let token = app.vault.token(TokenPurpose::Stop, id.as_str());
    let token = NewToken {
        purpose: Purpose::Stop,
        token: &token,
        member: &member.id,
        mail: &id,
        note: None,
        expires_at: now + STOP_LIFE,
    };
    mail_tokens::add(conn, &token, now)?;
    Ok(id)
}
