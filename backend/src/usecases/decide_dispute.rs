//! An admin decides a dispute: the act, the decision in words for both sides and the mails that tell them are one
//! transaction.

use domain::DisputeId;
use domain::dispute::Outcome;
use domain::errors::Errors;
use domain::input::paragraphs;
use domain::introduction::{IntroductionEvent, VoidCause};
use domain::spotted::spot_in_texts;
use domain::standing::CompanyStanding;
use store::Conn;
use store::audit::Act;
use store::disputes::Dispute;

use super::end_introduction::end;
use super::review_company::review_company;
use super::ruling::Ruling;
use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::mail;

/// Letters of the words, at least and at most.
const WORDS: (usize, usize) = (10, 1_000);

/// Decides, and does what was decided.
///
/// # Errors
/// `NotFound`; `Conflict` when it is decided, or when there is nothing left to suspend, ban or end; `Invalid` for words
/// that say nothing or hold contact.
pub fn decide_dispute(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &DisputeId,
    outcome: Outcome,
    words: &str,
) -> Result<Dispute, AppError> {
    let of = store::disputes::find(conn, id)?;
    let words = read(words)?;
    if !store::disputes::decide(conn, id, outcome, &words, app.now())? {
        return Err(AppError::Conflict("This is decided already; someone may have been faster."));
    }
    let ruling = Ruling::because(Some(&words));
    match outcome {
        Outcome::CompanySuspended => {
            review_company(conn, app, admin, &of.company, CompanyStanding::Suspended, ruling)?;
        }
        Outcome::CompanyBanned => review_company(conn, app, admin, &of.company, CompanyStanding::Banned, ruling)?,
        Outcome::IntroductionEnded => end_it(conn, app, &of)?,
        Outcome::Dismissed => {}
    }
    let action = format!("dispute.{outcome}");
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: &action,
        object: "dispute",
        id: id.as_str(),
        detail: Some(&words),
    };
    store::audit::record(conn, &act, app.now())?;
    let decided = store::disputes::find(conn, id)?;
    mail::notices::dispute_decided(conn, app, &decided)?;
    Ok(decided)
}

fn end_it(conn: &mut Conn, app: &App, of: &Dispute) -> Result<(), AppError> {
    let over = || AppError::Conflict("There is no introduction in force to end here; nothing was decided.");
    let id = of.introduction.as_ref().ok_or_else(over)?;
    let introduction = store::introductions::find_of_member(conn, &of.member, id)?;
    if end(conn, app, &introduction, IntroductionEvent::Void(VoidCause::AdminEnded))? { Ok(()) } else { Err(over()) }
}

/// Both sides read them, here and in a mail, so they may hold no contact of either.
fn read(words: &str) -> Result<String, AppError> {
    let mut e = Errors::default();
    let words = paragraphs(&mut e, "words", words, true, WORDS.1);
    if (1..WORDS.0).contains(&words.chars().count()) {
        e.add("words", "too_short", "Say a little more; both sides read it.");
    } else if !spot_in_texts([words.as_str()]).is_empty() {
        e.add("words", "contact_in_text", "Leave addresses, numbers and links out; both sides read it.");
    }
    Ok(e.finish(words)?)
}
