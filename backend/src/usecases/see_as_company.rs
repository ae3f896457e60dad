//! A member looks at what a company gets of them. The way is the company's own, through a grant that is made and consumed
//! in one transaction; what differs is whose look it is, and where it is recorded.

use domain::IntroductionId;
use store::Conn;
use store::audit::Act;
use store::contacts::Disclosed;
use store::introductions::{Introduction, Redeemed};
use store::members::Member;

use crate::app::App;
use crate::error::AppError;

/// The chosen fields of a live introduction; nothing when it is over, as nothing is what the company gets then.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn see_as_company(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: &IntroductionId,
) -> Result<Option<(Introduction, Disclosed)>, AppError> {
    let now = app.now();
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    let opening = store::openings::find(conn, &of.opening)?;
    if opening.revision != of.revision || opening.liveness.ended(now).is_some() {
        return Ok(None);
    }
    let act = Act {
        actor: Some(&member.account),
        role: "member",
        action: "introduction.own_look",
        object: "introduction",
        id: id.as_str(),
        detail: None,
    };
    store::audit::record(conn, &act, now)?;
    match store::introductions::redeem_own(conn, &of, now)? {
        Redeemed::Live(grant) => Ok(Some((of, store::contacts::disclose(&app.vault, grant)?))),
        Redeemed::Over(_) => Ok(None),
    }
}
