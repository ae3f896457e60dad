//! The other side of a dispute says its part, once.

use domain::dispute::Side;
use domain::errors::Errors;
use domain::{AccountId, DisputeId, TextId};
use store::Conn;
use store::disputes::Dispute;
use store::members::Member;

use super::open_dispute::text;
use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;
use crate::random;

/// The member answers what the company reported.
///
/// # Errors
/// `NotFound`; `Conflict` when there is nothing to answer any more; `Invalid`.
pub fn answer_dispute_as_member(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: &DisputeId,
    words: &str,
) -> Result<Dispute, AppError> {
    let of = store::disputes::find_of_member(conn, &member.id, id)?;
    answer(conn, app, &of, Side::Member, &member.account, words)
}

/// The company answers what the member reported.
///
/// # Errors
/// As `answer_dispute_as_member`.
pub fn answer_dispute_as_company(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    id: &DisputeId,
    words: &str,
) -> Result<Dispute, AppError> {
    let of = store::disputes::find_of_company(conn, &seat.company.id, id)?;
    let concerns = store::members::find(conn, &of.member)?.account;
    answer(conn, app, &of, Side::Company, &concerns, words)
}

fn answer(
    conn: &mut Conn,
    app: &App,
    of: &Dispute,
    side: Side,
    concerns: &AccountId,
    words: &str,
) -> Result<Dispute, AppError> {
    if of.side == side || of.introduction.is_none() {
        return Err(AppError::Conflict("There is nothing here for you to answer."));
    }
    let mut e = Errors::default();
    let words = text(&mut e, words);
    e.finish(())?;
    let id = random::id(TextId::from_uuid);
    if !store::disputes::answer(conn, &app.vault, of, concerns, (&id, &words), app.now())? {
        return Err(AppError::Conflict("This was answered or decided already; nothing was added."));
    }
    Ok(store::disputes::find(conn, &of.id)?)
}
