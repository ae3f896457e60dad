//! An address that mail came back from, or whose reader called it unwanted, gets mail again: its owner says so, signed in,
//! or the operator for an account that has no such page.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::mail::SuppressionScope;
use store::audit::Act;
use store::members::Member;
use store::{Conn, StoreError, contacts, member_mail, members, suppressions};

use super::confirm_address::ask_to_confirm;
use crate::app::App;
use crate::error::AppError;

/// By the member. Alerts wait until the address is confirmed anew, by a link that is mailed there.
///
/// # Errors
/// `Conflict` when nothing holds mail back.
pub fn ask_for_mail_again(conn: &mut Conn, app: &App, member: &Member) -> Result<(), AppError> {
    lift(conn, &member.account, Some(&member.account), "member", app.now())?;
    ask_to_confirm(conn, app, member)
}

/// By the operator, for any account. A member still confirms the address before alerts come.
///
/// # Errors
/// `Conflict` when nothing holds mail back.
pub fn allow_mail(conn: &mut Conn, account: &AccountId, now: DateTime<Utc>) -> Result<(), AppError> {
    lift(conn, account, None, "operator", now)
}

fn lift(
    conn: &mut Conn,
    account: &AccountId,
    actor: Option<&AccountId>,
    role: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let mark = contacts::mark_of(conn, account)?.ok_or(AppError::NotFound)?;
    let mut lifted = false;
    for scope in SuppressionScope::ALL {
        lifted |= suppressions::lift(conn, &mark, *scope)?;
    }
    if !lifted {
        return Err(AppError::Conflict("Nothing holds mail to this address back."));
    }
    suppressions::forgive(conn, &mark)?;
    match members::by_account(conn, account) {
        Ok(member) => member_mail::unconfirm(conn, &member.id)?,
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let act = Act { actor, role, action: "mail.allow", object: "account", id: account.as_str(), detail: None };
    Ok(store::audit::record(conn, &act, now)?)
}
