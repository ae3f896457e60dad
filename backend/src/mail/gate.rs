//! The gate: the last look at the database before a mail leaves, in one transaction and after rendering.
//! A withdrawal that was committed before it is never followed by the mail.

use domain::alert::Cadence;
use domain::contact::EmailAddress;
use domain::mail::{MailKind, MailState};
use store::members::Member;
use store::outbox::{self, Claimed};
use store::{Conn, StoreError, alerts, contacts, digests, members};

use super::judge::{Judge, keys};
use super::queue;
use super::render::{Draft, payload};
use crate::app::App;
use crate::error::AppError;
use crate::usecases::apply;

/// The word of the gate.
pub(super) enum Word {
    /// It may leave, to this address.
    Go(EmailAddress),
    /// Something moved since it was rendered: render it again.
    Again(Claimed),
    /// It must not leave.
    Stop(MailState, &'static str),
}

/// Passes a rendered mail.
///
/// # Errors
/// Database errors, and `NotFound` when the account has no address.
pub(super) fn pass(conn: &mut Conn, app: &App, mail: &Claimed, draft: &Draft) -> Result<Word, AppError> {
    let now = app.now();
    if now >= mail.expires_at {
        return Ok(Word::Stop(MailState::Expired, "expired"));
    }
    if mail.kind == MailKind::Alert
        && let Some(word) = pass_alert(conn, app, mail, draft)?
    {
        return Ok(word);
    }
    if mail.kind == MailKind::Outreach
        && let Some(word) = super::outreach::pass(conn, app, mail)?
    {
        return Ok(word);
    }
    let Some(grant) = outbox::pass_gate(conn, mail)? else {
        return Ok(Word::Stop(MailState::Cancelled, "gate"));
    };
    let to = contacts::address(&app.vault, grant)?;
    if let Some(why) = super::suppressed::holds_back(conn, mail)? {
        return Ok(Word::Stop(MailState::Suppressed, why));
    }
    if !outbox::renew(conn, mail, now)? {
        return Ok(Word::Stop(MailState::Cancelled, "lease"));
    }
    Ok(Word::Go(to))
}

/// Judges every card; `None` when what was rendered is what may be shown.
fn pass_alert(conn: &mut Conn, app: &App, mail: &Claimed, draft: &Draft) -> Result<Option<Word>, AppError> {
    // The row is locked before anything is read, so that what is committed after this waits for the mail's own word.
    if !outbox::renew(conn, mail, app.now())? {
        return Ok(Some(Word::Stop(MailState::Cancelled, "lease")));
    }
    let payload: queue::Alert = payload(mail)?;
    let member = match members::find(conn, &payload.member) {
        Err(StoreError::NotFound) => {
            return Ok(Some(Word::Stop(MailState::Cancelled, "gone")));
        }
        found => found?,
    };
    let judge = Judge::of(conn, app, &member)?;
    if let Some(word) = not_at_night(conn, app, mail, &judge)? {
        return Ok(Some(word));
    }
    let left = judge_cards(conn, app, mail, &member, &judge, payload.cadence)?;
    if left.is_empty() {
        return Ok(Some(Word::Stop(MailState::Skipped, "empty")));
    }
    // The switch is on, or no card would be left; what else moved is in the database by now.
    if mail.permission_epoch != Some(member.permission_epoch) {
        outbox::set_epoch(conn, mail, member.permission_epoch)?;
        let permission_epoch = Some(member.permission_epoch);
        return Ok(Some(Word::Again(Claimed { permission_epoch, ..mail.clone() })));
    }
    Ok((left != draft.cards).then(|| Word::Again(mail.clone())))
}

/// A mail that was late, or tried before, waits for the morning.
fn not_at_night(conn: &mut Conn, app: &App, mail: &Claimed, judge: &Judge) -> Result<Option<Word>, AppError> {
    let now = app.now();
    let loud = judge.planner.clock.loud(now);
    if loud <= now {
        return Ok(None);
    }
    if loud >= mail.expires_at {
        return Ok(Some(Word::Stop(MailState::Expired, "quiet")));
    }
    digests::postpone(conn, mail, loud)?;
    Ok(Some(Word::Stop(MailState::Queued, "quiet")))
}

/// What may be shown; what may not is written down with its reason.
fn judge_cards(
    conn: &mut Conn,
    app: &App,
    mail: &Claimed,
    member: &Member,
    judge: &Judge,
    cadence: Cadence,
) -> Result<super::alert::Keys, AppError> {
    let cards = alerts::cards(conn, &mail.id)?;
    let judged = judge.mail(conn, cards, cadence, app.now())?;
    apply(conn, judge, member, &judged, app.now())?;
    Ok(keys(&judged.shown))
}
