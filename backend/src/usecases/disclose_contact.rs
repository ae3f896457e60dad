//! A company's person looks at an introduction.

use domain::IntroductionId;
use domain::LedgerId;
use domain::introduction::{IntroductionEvent, IntroductionState};
use store::Conn;
use store::contacts::Disclosed;
use store::introductions::{Introduction, Redeemed};

use super::end_introduction::{end, lapsed};
use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;
use crate::random;

/// What a look comes to.
pub enum Look {
    /// The chosen fields; the view is in the ledger.
    Seen(Introduction, Disclosed),
    /// Over: nothing is shown, and what was read must be deleted.
    Over(Introduction, IntroductionState),
}

/// Redeems a look. An introduction whose opening lapsed since is voided here and now: time alone ends it, whether or
/// not anything has tidied up.
///
/// # Errors
/// `NotFound` when it was not given to this company.
pub fn disclose_contact(conn: &mut Conn, app: &App, seat: &SignedSeat, id: &IntroductionId) -> Result<Look, AppError> {
    let now = app.now();
    let of = store::introductions::find_of_company(conn, &seat.company.id, id)?;
    let opening = store::openings::find(conn, &of.opening)?;
    if let Some(event) = lapsed(&of, &opening, now) {
        end(conn, app, &of, event)?;
        let state =
            if event == IntroductionEvent::Expire { IntroductionState::Expired } else { IntroductionState::Void };
        return Ok(Look::Over(of, state));
    }
    if of.stored_state != IntroductionState::Active {
        let state = of.stored_state;
        return Ok(Look::Over(of, state));
    }
    match store::introductions::redeem(conn, &of, &seat.seat, random::id(LedgerId::from_uuid), now)? {
        Redeemed::Live(grant) => {
            let seen = store::contacts::disclose(&app.vault, grant)?;
            Ok(Look::Seen(of, seen))
        }
        Redeemed::Over(state) => Ok(Look::Over(of, state)),
    }
}
