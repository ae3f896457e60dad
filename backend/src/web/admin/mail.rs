//! `/admin/mail`: the outbox. Never an address, never a text.

use actix_web::HttpRequest;
use actix_web::web::Path;
use chrono::{DateTime, Duration, Utc};
use domain::MailId;
use domain::mail::{MailState as State, Stream};
use frontend::pages::{AdminMail, MailLine, MailState};
use frontend::view::Tag;
use store::Conn;
use store::outbox::Listed;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::moment;
use super::labels::waiting;
use super::paging::cut;
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::config::MailRoute;
use crate::error::AppError;
use crate::usecases;

/// How many of the newest mails can be paged through; counts are of all.
const LISTED: i64 = 2_000;
/// How late mail may be before the page calls it a problem.
const LATE: Duration = Duration::minutes(10);

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/mail", show).post("/admin/mail/{id}/retry", retry).post("/admin/mail/{id}/discard", discard);
}

async fn show(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let state = State::parse(query.text("state"));
    let (depth, all) =
        shell.app.read(move |conn, _| Ok((Depth::read(conn)?, store::outbox::list(conn, state, LISTED)?))).await?;
    let (rows, next) = cut(all, query.text("cursor"), |m| m.id.to_string());
    let now = shell.app.now();
    let base = address(state);
    shell.page(&AdminMail {
        problem: problem(&shell.app, &depth, now),
        oldest: depth.overdue_since(now).map(|due| waiting(due, now)),
        states: tabs(&depth, state),
        rows: rows.into_iter().map(|m| line(m, now)).collect(),
        next_href: next.map(|id| format!("{base}{}cursor={id}", if state.is_some() { "&" } else { "?" })),
    })
}

fn address(state: Option<State>) -> String {
    state.map_or_else(|| "/admin/mail".to_owned(), |s| format!("/admin/mail?state={s}"))
}

/// How many mails are in each state, by stream, with the earliest due time.
pub(super) struct Depth(Vec<store::outbox::Depth>);

impl Depth {
    pub(super) fn read(conn: &mut Conn) -> Result<Self, AppError> {
        Ok(Self(store::outbox::depth(conn)?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn count(&self, state: State) -> i64 {
        self.0.iter().filter(|d| d.state == state).map(|d| d.count).sum()
    }

    /// Since when the oldest mail that waits could have gone out.
    pub(super) fn overdue_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.overdue_but(None, now)
    }

    /// As `overdue_since`, without a stream that waits for a setting.
    fn overdue_but(&self, held: Option<Stream>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waits = |s: &State| matches!(s, State::Queued | State::Claimed | State::Deferred | State::Ambiguous);
        let counted = self.0.iter().filter(|d| waits(&d.state) && Some(d.stream) != held);
        counted.map(|d| d.oldest).filter(|due| *due < now).min()
    }
}

/// What is wrong with the mail, as a sentence; the gravest alone.
pub(super) fn problem(app: &App, depth: &Depth, now: DateTime<Utc>) -> Option<String> {
    if matches!(app.mail_route, MailRoute::Held) {
        return Some("Mail is held: no mail server is set (ROSTERLINE_SMTP_URL). It goes out once one is.".to_owned());
    }
    // Without a postal address alerts wait by rule, and the banner says so.
    let held = app.config.postal_address.is_none().then_some(Stream::Alert);
    if depth.overdue_but(held, now).is_some_and(|due| now - due > LATE) {
        return Some("Mail is late: the mail server does not take it, or takes it too slowly. The last answers stand on the mail page.".to_owned());
    }
    match depth.count(State::Dead) {
        0 => None,
        1 => Some("One mail was given up. Retry or discard it.".to_owned()),
        n => Some(format!("{n} mails were given up. Retry or discard them.")),
    }
}

fn tabs(depth: &Depth, chosen: Option<State>) -> Vec<MailState> {
    let all = MailState {
        href: address(None),
        label: "All".to_owned(),
        count: State::ALL.iter().map(|s| depth.count(*s)).sum(),
        current: chosen.is_none(),
    };
    let each = State::ALL.iter().filter(|s| depth.count(**s) > 0 || chosen == Some(**s)).map(|s| MailState {
        href: address(Some(*s)),
        label: tag(*s).label,
        count: depth.count(*s),
        current: chosen == Some(*s),
    });
    std::iter::once(all).chain(each).collect()
}

fn tag(state: State) -> Tag {
    match state {
        State::Queued => Tag::new("", "Waiting"),
        State::Claimed => Tag::new("", "On its way"),
        State::Accepted => Tag::new("ok", "Taken"),
        State::Deferred => Tag::new("warn", "Tried, will be tried again"),
        State::Ambiguous => Tag::new("warn", "Perhaps sent"),
        State::Dead => Tag::new("bad", "Given up"),
        State::Skipped => Tag::new("", "Nothing left to say"),
        State::Suppressed => Tag::new("", "Address refuses mail"),
        State::Cancelled => Tag::new("", "Called back"),
        State::Expired => Tag::new("", "Too old"),
    }
}

fn line(mail: Listed, now: DateTime<Utc>) -> MailLine {
    let stuck = matches!(mail.state, State::Deferred | State::Ambiguous | State::Dead);
    let waits = matches!(mail.state, State::Queued | State::Deferred | State::Ambiguous);
    MailLine {
        id: mail.id.to_string(),
        stream: mail.stream.to_string(),
        state: tag(mail.state),
        attempts: i64::from(mail.attempts),
        due: match mail.due_at - now {
            left if waits && left > Duration::zero() => format!("in {}", waiting(now - left, now)),
            _ if waits => "now".to_owned(),
            _ => moment(mail.due_at),
        },
        last_code: mail.last_code,
        can_retry: stuck,
        can_discard: stuck || mail.state == State::Queued,
    }
}

async fn retry(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::retry_mail(conn, app, &admin, &id)).await?;
    shell.done("/admin/mail", "The mail is due now.")
}

async fn discard(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::discard_mail(conn, app, &admin, &id)).await?;
    shell.done("/admin/mail", "The mail was discarded; it is not sent.")
}
