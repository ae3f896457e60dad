//! How introductions end: taken back by the member, or voided by the rules.

use chrono::{DateTime, Utc};
use domain::introduction::{IntroductionEvent, IntroductionState, VoidCause};
use domain::{CompanyId, IntroductionId, LedgerId, MemberId, OpeningId};
use store::Conn;
use store::introductions::Introduction;
use store::members::Member;
use store::openings::Opening;

use crate::app::App;
use crate::error::AppError;
use crate::{mail, random};

/// The member takes a yes back. It works for the next request after the commit; the company is told to delete.
///
/// # Errors
/// `NotFound` when it is not the member's; `Conflict` when it is over already.
pub fn revoke_introduction(conn: &mut Conn, app: &App, member: &Member, id: &IntroductionId) -> Result<(), AppError> {
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    if !end(conn, app, &of, IntroductionEvent::Revoke)? {
        return Err(AppError::Conflict("This is over already; nothing is shared under it."));
    }
    Ok(())
}

/// What has ended an introduction though its row does not say so yet: its own time, or what became of its opening.
pub(super) fn lapsed(of: &Introduction, opening: &Opening, now: DateTime<Utc>) -> Option<IntroductionEvent> {
    match of.state_at(now) {
        IntroductionState::Active if opening.revision != of.revision => {
            Some(IntroductionEvent::Void(VoidCause::MaterialEdit))
        }
        IntroductionState::Active => opening.liveness.ended(now).map(IntroductionEvent::Void),
        IntroductionState::Expired if of.stored_state == IntroductionState::Active => Some(IntroductionEvent::Expire),
        _ => None,
    }
}

/// True while a company may look at what was shared, and both sides may write to each other.
#[must_use]
pub fn is_live(of: &Introduction, opening: &Opening, now: DateTime<Utc>) -> bool {
    of.stored_state == IntroductionState::Active && lapsed(of, opening, now).is_none()
}

/// Ends one introduction and tells the company's people; `false` when it was over.
pub(super) fn end(conn: &mut Conn, app: &App, of: &Introduction, event: IntroductionEvent) -> Result<bool, AppError> {
    let ended = store::introductions::end(conn, of, event, random::id(LedgerId::from_uuid), app.now())?;
    if ended {
        for seat in store::companies::seats(conn, &of.company)? {
            mail::queue::introduction_ended(conn, app, &seat.account, &of.id)?;
        }
        // What the member ended, or what the opening's own course ended, stands in the ledger; this comes unforeseen.
        if let IntroductionEvent::Void(VoidCause::CompanySuspended | VoidCause::AdminEnded) = event {
            mail::notices::sharing_ended(conn, app, of)?;
        }
    }
    Ok(ended)
}

fn end_all(conn: &mut Conn, app: &App, all: Vec<Introduction>, event: IntroductionEvent) -> Result<(), AppError> {
    for of in all {
        end(conn, app, &of, event)?;
    }
    Ok(())
}

/// Voids every live introduction of an opening.
///
/// # Errors
/// Database errors only.
pub fn void_of_opening(conn: &mut Conn, app: &App, opening: &OpeningId, cause: VoidCause) -> Result<(), AppError> {
    let all = store::introductions::active_of_opening(conn, opening)?;
    end_all(conn, app, all, IntroductionEvent::Void(cause))
}

/// Voids every live introduction given to a company.
///
/// # Errors
/// Database errors only.
pub fn void_of_company(conn: &mut Conn, app: &App, company: &CompanyId, cause: VoidCause) -> Result<(), AppError> {
    let all = store::introductions::active_of_company(conn, company)?;
    end_all(conn, app, all, IntroductionEvent::Void(cause))
}

/// Voids every live introduction a member gave.
///
/// # Errors
/// Database errors only.
pub(super) fn void_of_member(conn: &mut Conn, app: &App, member: &MemberId, cause: VoidCause) -> Result<(), AppError> {
    let all = store::introductions::of_member(conn, member)?;
    end_all(conn, app, all, IntroductionEvent::Void(cause))
}
