//! A member says when mail may come, and whom not to hear of.

use domain::alert::{MailTimes, Mute};
use domain::input::MailTimesInput;
use domain::standing::CompanyStanding;
use store::members::Member;
use store::{Conn, member_mail};

use super::manage_alerts::replan;
use crate::app::App;
use crate::error::AppError;

/// The most markets and companies a member may mute, together.
const MUTES_AT_MOST: usize = 200;

/// Replaces zone, quiet hours, cap and vacation, and plans anew when what waits is due.
///
/// # Errors
/// `Invalid` with every wrong field.
pub fn set_mail_times(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    input: &MailTimesInput,
) -> Result<MailTimes, AppError> {
    let now = app.now();
    let (times, zone) = input.parse(now)?;
    member_mail::set_times(conn, &member.id, &times, &zone, now)?;
    replan(conn, app, member)?;
    Ok(times)
}

/// Mutes or unmutes a company or a market: no alerts of it, still matched and shown. The company cannot tell.
///
/// # Errors
/// `NotFound` for a company that is not public; `Conflict` when there are too many.
pub fn set_mute(conn: &mut Conn, app: &App, member: &Member, mute: &Mute, on: bool) -> Result<(), AppError> {
    if let Mute::Company(company) = mute
        && store::companies::find(conn, company)?.standing == CompanyStanding::Pending
    {
        return Err(AppError::NotFound);
    }
    if on && member_mail::mutes(conn, &member.id)?.len() >= MUTES_AT_MOST {
        return Err(AppError::Conflict("You have muted 200 companies and markets; unmute some first."));
    }
    Ok(member_mail::set_mute(conn, &member.id, mute, on, app.now())?)
}
