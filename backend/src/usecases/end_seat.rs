//! An owner ends another person's seat.

use domain::SeatId;
use store::Conn;
use store::audit::Act;

use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;

/// Ends a seat: sessions, pending links and queued mail of that person go in the same transaction, and the account
/// signs in no more.
///
/// # Errors
/// `NotFound` when it is not a seat of the company; `Conflict` for one's own, so that a company is never without an owner.
pub fn end_seat(conn: &mut Conn, app: &App, owner: &SignedSeat, id: &SeatId) -> Result<(), AppError> {
    let now = app.now();
    let seats = store::companies::seats(conn, &owner.company.id)?;
    let seat = seats.into_iter().find(|seat| seat.id == *id).ok_or(AppError::NotFound)?;
    if seat.id == owner.seat.id {
        return Err(AppError::Conflict("You cannot end your own seat; another owner can."));
    }
    store::companies::end_seat(conn, &seat.id, now)?;
    store::outbox::cancel_of(conn, &seat.account, None, now)?;
    store::accounts::disable(conn, &seat.account, now)?;
    // Nobody needs the address any more, and it may be invited again.
    store::contacts::erase(conn, &seat.account)?;
    let act = Act {
        actor: Some(&owner.session.account.id),
        role: "company",
        action: "seat.end",
        object: "seat",
        id: id.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, now)?)
}
