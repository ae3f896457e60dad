//! A member blocks a company, silently.

use domain::CompanyId;
use domain::standing::CompanyStanding;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::jobs::{self, Job};

/// Blocks or unblocks a company; the company cannot tell. An introduction that is already given stays until the
/// member takes it back.
///
/// # Errors
/// `NotFound` when the company does not exist, or no admin has looked at it yet: that it has registered is not public.
pub fn block_company(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    company: &CompanyId,
    on: bool,
) -> Result<(), AppError> {
    if store::companies::find(conn, company)?.standing == CompanyStanding::Pending {
        return Err(AppError::NotFound);
    }
    store::members::set_block(conn, &member.id, company, on, app.now())?;
    jobs::add(conn, app, &Job::MatchMember { member: member.id.clone() })
}
