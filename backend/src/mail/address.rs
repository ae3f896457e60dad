//! Whether alerts may go to a member's address: it was confirmed, and nothing holds them back.

use domain::AccountId;
use store::member_mail::MemberMail;
use store::{Conn, contacts, suppressions};

use crate::error::AppError;

/// How an address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Alerts may go there.
    Good,
    /// Nobody has shown yet that it is theirs.
    Unconfirmed,
    /// Mail came back from it, or was called unwanted.
    Suppressed,
}

/// How the address of an account stands; one that was changed since it was confirmed is not confirmed.
///
/// # Errors
/// Database errors only.
pub(crate) fn standing(conn: &mut Conn, account: &AccountId, mail: &MemberMail) -> Result<Standing, AppError> {
    let Some(mark) = contacts::mark_of(conn, account)? else { return Ok(Standing::Unconfirmed) };
    // Either scope holds alerts.
    if !suppressions::of(conn, &mark)?.is_empty() {
        return Ok(Standing::Suppressed);
    }
    Ok(if mail.confirmed.as_ref() == Some(&mark) { Standing::Good } else { Standing::Unconfirmed })
}
