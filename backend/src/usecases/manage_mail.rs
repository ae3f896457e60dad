//! An admin looks after the outbox: retries or discards mails, lets a stopped stream go again, says where this instance
//! lives. Everything is recorded.

use chrono::Duration;
use domain::MailId;
use domain::mail::{MailKind, Stream};
use store::audit::Act;
use store::outbox::{self, Event, Filter, Listed};
use store::{Conn, StoreError, mail_streams};

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::mail;

/// How far before a stop refusals are taken to be part of it.
const BEFORE_STOP: Duration = Duration::hours(1);

fn record(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    action: &str,
    (object, id): (&str, &str),
    detail: Option<&str>,
) -> Result<(), AppError> {
    let act = Act { actor: Some(admin.account()), role: "admin", action, object, id, detail };
    Ok(store::audit::record(conn, &act, app.now())?)
}

fn explain(error: StoreError, found: bool) -> AppError {
    match error {
        StoreError::NotFound if found => AppError::Conflict("This mail is not in a state that this follows."),
        other => other.into(),
    }
}

/// Makes a deferred, ambiguous or dead mail due at once; it passes the gate again like any other.
///
/// # Errors
/// `NotFound`; `Conflict` when it is in no such state.
pub fn retry_mail(conn: &mut Conn, app: &App, admin: &SignedAdmin, id: &MailId) -> Result<(), AppError> {
    let found = outbox::exists(conn, id)?;
    outbox::retry(conn, id, app.now()).map_err(|e| explain(e, found))?;
    record(conn, app, admin, "mail.retry", ("mail", id.as_str()), None)
}

/// Retries every mail that a filter names and that can be retried; how many.
///
/// # Errors
/// `Invalid` when the filter names nothing: all mail at once is a slip of the hand.
pub fn retry_mails(conn: &mut Conn, app: &App, admin: &SignedAdmin, filter: &Filter) -> Result<usize, AppError> {
    if *filter == Filter::default() {
        return Err(AppError::field("class", "required", "Say which: a state, a class, a code or a kind."));
    }
    let done = outbox::retry_all(conn, filter, app.now())?;
    let words = [
        filter.state.map(|s| format!("state {s}")),
        filter.class.map(|c| format!("class {c}")),
        filter.code.as_ref().map(|c| format!("code {c}")),
        filter.kind.map(|k| format!("kind {k}")),
    ];
    let what = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    record(conn, app, admin, "mail.retry_many", ("mail", "many"), Some(&format!("{done}: {what}")))?;
    Ok(done)
}

/// Takes a waiting or dead mail out.
///
/// # Errors
/// As `retry_mail`.
pub fn discard_mail(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &MailId,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let found = outbox::exists(conn, id)?;
    outbox::discard(conn, id, app.now()).map_err(|e| explain(e, found))?;
    record(conn, app, admin, "mail.discard", ("mail", id.as_str()), reason)
}

/// Lets a stopped stream go again, and retries what it lost to the refusals that stopped it; how many that are.
///
/// # Errors
/// `Conflict` when it runs.
pub fn resume_stream(conn: &mut Conn, app: &App, admin: &SignedAdmin, stream: Stream) -> Result<usize, AppError> {
    let now = app.now();
    let Some(stopped_at) = mail_streams::resume(conn, stream, now)? else {
        return Err(AppError::Conflict("This stream is not stopped."));
    };
    let again = outbox::retry_refused(conn, stream, stopped_at - BEFORE_STOP, now)?;
    let detail = format!("{again} refused mails go out again");
    record(conn, app, admin, "mail.resume", ("mail_stream", stream.as_str()), Some(&detail))?;
    Ok(again)
}

/// Says that the instance lives here now, so that mail goes out.
///
/// # Errors
/// `Conflict` when it goes out already.
pub fn arm_mail(conn: &mut Conn, app: &App, admin: &SignedAdmin) -> Result<(), AppError> {
    if app.post.place.is_armed(conn)? {
        return Err(AppError::Conflict("Mail is not held for that cause."));
    }
    app.post.place.arm(conn)?;
    record(conn, app, admin, "mail.arm", ("mail", "instance"), None)
}

/// A mail as an admin may read it: no address, no link that is worth anything.
pub struct Preview {
    /// What stands in the outbox.
    pub mail: Listed,
    /// Every move of it.
    pub events: Vec<Event>,
    /// Subject and text as they would be now; nothing when there is nothing left to say.
    pub letter: Option<(String, String)>,
}

/// Reads a mail. What somebody signs in with is not shown, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn preview_mail(conn: &mut Conn, app: &App, id: &MailId) -> Result<Preview, AppError> {
    let mail = outbox::find(conn, id)?;
    let letter = match mail.kind {
        MailKind::SignIn => None,
        _ => mail::letter(conn, app, id)?,
    };
    Ok(Preview { events: outbox::events_of(conn, id)?, mail, letter })
}
