//! What follows from the end of a try for others than the mail: the address, the stream.

use chrono::{DateTime, Duration, Utc};
use domain::mail::{MailClass, MailState, Stream, SuppressionReason, SuppressionScope};
use store::contacts::{self, EmailMark};
use store::mail_streams::{self, Cause};
use store::outbox::{self, Claimed};
use store::suppressions;
use store::{Conn, audit};

use super::settlement::Settlement;
use crate::error::AppError;

/// Refusals for what a mail is that stop its stream, within `REFUSALS_IN`.
const REFUSALS: i64 = 3;
const REFUSALS_IN: Duration = Duration::hours(1);
/// Refusals without a known cause that suppress an address, within `UNKNOWN_IN`.
const UNKNOWN: i64 = 2;
const UNKNOWN_IN: Duration = Duration::days(7);
/// Mails that waited for an address until they expired and that suppress it, within `suppressions::STRIKES_KEPT`.
const UNDELIVERED: i64 = 3;

/// Until a stopped stream tries one mail.
#[must_use]
pub(super) fn probe_wait(stream: Stream, class: MailClass) -> Duration {
    match (class, stream) {
        // Every probe costs a mail that then has to be sent again by hand.
        (MailClass::Policy, _) => Duration::minutes(30),
        (_, Stream::Security) => Duration::minutes(1),
        _ => Duration::minutes(5),
    }
}

/// A try that ended, with the mark of the address when it came that far.
pub(super) struct Tried<'a> {
    pub(super) mail: &'a Claimed,
    pub(super) made: &'a Settlement,
    pub(super) address: Option<&'a EmailMark>,
    /// It was let through to see whether a stopped stream goes again.
    pub(super) probe: bool,
}

/// Writes what follows, in the transaction that writes the end of the try.
///
/// # Errors
/// Database errors only.
pub(super) fn follow(conn: &mut Conn, tried: &Tried<'_>, now: DateTime<Utc>) -> Result<(), AppError> {
    let (mail, made) = (tried.mail, tried.made);
    match (made.state, made.class) {
        (MailState::Accepted, _) => {
            if let Some(address) = tried.address {
                suppressions::forgive(conn, address)?;
            }
            if tried.probe {
                resume(conn, mail.kind.stream(), now)?;
            }
        }
        (MailState::Expired, _) if matches!(mail.last_class, Some(MailClass::Soft | MailClass::Full)) => {
            if let Some(address) = contacts::mark_of(conn, &mail.account)? {
                strike(conn, mail, &address, MailClass::Soft, now)?;
            }
        }
        (_, Some(MailClass::Config)) => stop(conn, mail, made, MailClass::Config, now)?,
        (_, Some(MailClass::Policy)) => refused(conn, mail, made, now)?,
        (_, Some(class @ (MailClass::Hard | MailClass::Unknown | MailClass::Full))) => {
            if let Some(address) = tried.address {
                strike(conn, mail, address, class, now)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Counts a mail that did not arrive against its address, and suppresses that when it is enough.
///
/// # Errors
/// Database errors only.
pub(crate) fn strike(
    conn: &mut Conn,
    mail: &Claimed,
    address: &EmailMark,
    class: MailClass,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    // A mailbox that stays full is one that mail waits for.
    let kept = if class == MailClass::Full { MailClass::Soft } else { class };
    let (most, within, reason) = match kept {
        MailClass::Hard => (1, UNKNOWN_IN, SuppressionReason::HardBounce),
        MailClass::Unknown => (UNKNOWN, UNKNOWN_IN, SuppressionReason::HardBounce),
        _ => (UNDELIVERED, suppressions::STRIKES_KEPT, SuppressionReason::SoftBounce),
    };
    suppressions::strike(conn, address, &mail.id, kept, now)?;
    if suppressions::strikes(conn, address, kept, now - within)? >= most {
        suppressions::add(conn, address, SuppressionScope::All, reason, kept.as_str(), now)?;
        metrics::counter!("rosterline_mail_suppressed_total", "class" => kept.as_str()).increment(1);
    }
    Ok(())
}

/// Too many refusals for what the mails are: more of them would only make the name worse.
fn refused(conn: &mut Conn, mail: &Claimed, made: &Settlement, now: DateTime<Utc>) -> Result<(), AppError> {
    let stream = mail.kind.stream();
    let from = mail_streams::resumed_at(conn, stream)?.map_or(now - REFUSALS_IN, |at| at.max(now - REFUSALS_IN));
    let stands = mail_streams::stopped(conn)?.iter().any(|stopped| stopped.stream == stream);
    if stands || outbox::count_of_class(conn, stream, MailClass::Policy, from)? >= REFUSALS {
        stop(conn, mail, made, MailClass::Policy, now)?;
    }
    Ok(())
}

fn stop(
    conn: &mut Conn,
    mail: &Claimed,
    made: &Settlement,
    class: MailClass,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let stream = mail.kind.stream();
    let cause = Cause { class, code: made.code.as_deref(), probe_at: now + probe_wait(stream, class) };
    if mail_streams::stop(conn, stream, &cause, now)? {
        tracing::error!(%stream, %class, code = made.code.as_deref().unwrap_or(""), "a stream of mail was stopped");
        note(conn, "mail.stream_stopped", stream, made.code.as_deref(), now)?;
    }
    Ok(())
}

/// A stopped stream goes again, since the mail server took a mail of it.
fn resume(conn: &mut Conn, stream: Stream, now: DateTime<Utc>) -> Result<(), AppError> {
    if mail_streams::resume(conn, stream, now)?.is_some() {
        tracing::info!(%stream, "a stream of mail goes again");
        note(conn, "mail.stream_resumed", stream, None, now)?;
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    action: &str,
    stream: Stream,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let act = audit::Act { actor: None, role: "system", action, object: "mail_stream", id: stream.as_str(), detail };
    Ok(audit::record(conn, &act, now)?)
}
