//! The gate: the last look at the database before a mail leaves, in one transaction and after rendering.
//! A withdrawal that was committed before it is never followed by the mail.

use domain::contact::EmailAddress;
use domain::mail::{MailKind, MailState};
use store::outbox::{self, Claimed};
use store::{Conn, StoreError, alerts, contacts, members};

use super::cards::Judge;
use super::render::{Draft, member_of};
use crate::app::App;
use crate::error::AppError;

/// The word of the gate.
pub(super) enum Word {
    /// It may leave, to this address.
    Go(EmailAddress),
    /// Something moved since it was rendered: render it again.
    Again(Claimed),
    /// It must not leave.
    Stop(MailState, &'static str),
}

/// Passes a rendered mail, and marks its body as on the way.
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
    let Some(grant) = outbox::pass_gate(conn, mail)? else {
        return Ok(Word::Stop(MailState::Cancelled, "gate"));
    };
    let to = contacts::address(conn, &app.vault, grant)?;
    if !outbox::mark_body(conn, mail)? || !outbox::renew(conn, mail, now)? {
        return Ok(Word::Stop(MailState::Cancelled, "lease"));
    }
    Ok(Word::Go(to))
}

/// Judges every card; `None` when all of them stand and nothing moved.
fn pass_alert(conn: &mut Conn, app: &App, mail: &Claimed, draft: &Draft) -> Result<Option<Word>, AppError> {
    let member = match members::find(conn, &member_of(mail)?) {
        Err(StoreError::NotFound) => {
            return Ok(Some(Word::Stop(MailState::Cancelled, "gone")));
        }
        found => found?,
    };
    let judge = Judge::of(conn, &member)?;
    let cards = alerts::cards(conn, &mail.id)?;
    let mut left = 0_usize;
    for card in &cards {
        match judge.against(conn, card, app.now())? {
            None => left += 1,
            Some(reason) => {
                alerts::drop_card(conn, &mail.id, &card.opening, reason)?;
                metrics::counter!("rosterline_mail_cards_dropped_total", "reason" => reason).increment(1);
            }
        }
    }
    if left == 0 {
        return Ok(Some(Word::Stop(MailState::Skipped, "empty")));
    }
    // The switch is on, or no card would be left; what else moved is in the database by now.
    if mail.permission_epoch != Some(member.permission_epoch) {
        outbox::set_epoch(conn, mail, member.permission_epoch)?;
        let permission_epoch = Some(member.permission_epoch);
        return Ok(Some(Word::Again(Claimed { permission_epoch, ..mail.clone() })));
    }
    if left != draft.cards {
        return Ok(Some(Word::Again(mail.clone())));
    }
    Ok(None)
}
