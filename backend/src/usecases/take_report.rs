//! A mail of ours came back, or was called unwanted: its address gets no more.

use domain::mail::{MailClass, SuppressionReason, SuppressionScope};
use store::audit::Act;
use store::{Conn, StoreError, contacts, members, outbox, suppressions};

use crate::app::App;
use crate::error::AppError;
use crate::mail::inbound::{Report, Said};
use crate::mail::strike;

/// Where it is known from.
const SOURCE: &str = "inbound";

/// Suppresses the address that the mail went to: at once for one that does not exist and for a complaint, after some
/// others. A report about an address that the member has replaced since says nothing about the new one.
///
/// # Errors
/// Database errors only; a mail that is gone is no error.
pub fn take_report(conn: &mut Conn, app: &App, report: &Report) -> Result<(), AppError> {
    let now = app.now();
    let mail = match outbox::peek(conn, &report.mail) {
        Err(StoreError::NotFound) => return Ok(()),
        found => found?,
    };
    let Some(address) = contacts::mark_of(conn, &mail.account)? else { return Ok(()) };
    let changed_at = match members::by_account(conn, &mail.account) {
        Err(StoreError::NotFound) => None,
        member => members::email_changed_at(conn, &member?.id)?,
    };
    if changed_at.is_some_and(|at| at >= mail.created_at) {
        return Ok(());
    }
    let all = SuppressionScope::All;
    let what = match report.said {
        Said::Complaint => {
            suppressions::add(conn, &address, all, SuppressionReason::Complaint, SOURCE, now)?;
            "complaint"
        }
        Said::Returned(MailClass::Hard) => {
            suppressions::add(conn, &address, all, SuppressionReason::HardBounce, SOURCE, now)?;
            "hard_bounce"
        }
        Said::Returned(class) => {
            strike(conn, &mail, &address, class, now)?;
            "returned"
        }
    };
    metrics::counter!("rosterline_mail_reports_total", "said" => what).increment(1);
    let act = Act {
        actor: None,
        role: "system",
        action: "mail.report",
        object: "mail",
        id: mail.id.as_str(),
        detail: Some(what),
    };
    Ok(store::audit::record(conn, &act, now)?)
}
