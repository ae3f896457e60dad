//! `/admin/mail`: the outbox. Never an address, never a text.

use actix_web::HttpRequest;
use actix_web::web::Path;
use domain::MailId;
use domain::mail::{MailClass, MailKind, MailState as State, Stream};
use frontend::pages::{AdminMail, MailState, MailStream};
use frontend::view::{Choice, Tag};
use store::outbox::Filter;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::labels::waiting;
use super::mail_words::{self as words, Standing, why_stopped};
use super::paging::cut;
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::mail::post::Hold;
use crate::usecases;

/// How many of the newest mails can be paged through; counts are of all.
const LISTED: i64 = 2_000;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/mail", show)
        .post("/admin/mail/{id}/retry", retry)
        .post("/admin/mail-retry", retry_many)
        .post("/admin/mail-arm", arm)
        .post("/admin/mail-streams/{stream}/resume", resume);
}

fn filter(form: &Form) -> Filter {
    Filter {
        state: State::parse(form.text("state")),
        class: MailClass::parse(form.text("class")),
        code: form.filled("code"),
        kind: MailKind::parse(form.text("kind")),
    }
}

async fn show(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let wanted = filter(&query);
    let asked = wanted.clone();
    let (standing, all) = shell
        .app
        .read(move |conn, app| Ok((Standing::read(conn, app)?, store::outbox::list(conn, &asked, LISTED)?)))
        .await?;
    let (rows, next) = cut(all, query.text("cursor"), |m| m.id.to_string());
    let now = shell.app.now();
    let rows: Vec<_> = rows.into_iter().map(|m| words::line(m, now)).collect();
    shell.page(&AdminMail {
        problem: standing.problem(&shell.app, now),
        disarmed: standing.is_disarmed(),
        streams: streams(&shell.app, &standing),
        states: tabs(&standing, wanted.state),
        can_retry_all: wanted != Filter::default() && rows.iter().any(|row| row.can_retry),
        next_href: next.map(|id| format!("{}cursor={id}", address(&wanted))),
        state: wanted.state.map(|s| s.to_string()).unwrap_or_default(),
        class: wanted.class.map(|c| c.to_string()).unwrap_or_default(),
        class_options: MailClass::ALL.iter().map(|c| Choice::new(c.as_str(), words::class(*c))).collect(),
        kind: wanted.kind.map(|k| k.to_string()).unwrap_or_default(),
        kind_options: MailKind::ALL.iter().map(|k| Choice::new(k.as_str(), words::kind(*k))).collect(),
        code: wanted.code.unwrap_or_default(),
        rows,
    })
}

/// The address of a filter, ready for one more parameter.
fn address(filter: &Filter) -> String {
    let mut pairs = vec![
        ("state", filter.state.map(State::as_str)),
        ("class", filter.class.map(MailClass::as_str)),
        ("code", filter.code.as_deref()),
        ("kind", filter.kind.map(MailKind::as_str)),
    ];
    pairs.retain(|(_, value)| value.is_some());
    let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
    if query.is_empty() { "/admin/mail?".to_owned() } else { format!("/admin/mail?{query}&") }
}

fn streams(app: &App, standing: &Standing) -> Vec<MailStream> {
    let now = app.now();
    let one = |stream: Stream| {
        let stopped = standing.stopped.iter().find(|s| s.stream == stream);
        let hold = standing.holds.iter().find(|(held, _)| *held == stream).map(|(_, why)| *why);
        let (state, why) = match (stopped, hold) {
            (Some(stopped), _) => (Tag::new("bad", "Stopped"), Some(why_stopped(stopped))),
            (None, Some(Hold::Disarmed)) => {
                (Tag::new("warn", "Held"), Some("This database came from somewhere else.".to_owned()))
            }
            (None, Some(_)) => {
                (Tag::new("warn", "Held"), Some("No postal address is set (ROSTERLINE_POSTAL_ADDRESS).".to_owned()))
            }
            (None, None) if app.post.breaker.is_broken() => (
                Tag::new("warn", "Waits"),
                Some("The mail server is out of reach; it is tried again by itself.".to_owned()),
            ),
            (None, None) => (Tag::new("ok", "Goes"), None),
        };
        MailStream {
            stream: stream.to_string(),
            label: words::stream(stream).to_owned(),
            waiting: standing.waiting(stream),
            late: standing.overdue_since(Some(stream), now).map(|due| waiting(due, now)),
            state,
            why,
            can_resume: stopped.is_some(),
        }
    };
    Stream::ALL.iter().map(|stream| one(*stream)).collect()
}

fn tabs(standing: &Standing, chosen: Option<State>) -> Vec<MailState> {
    let all = MailState {
        href: "/admin/mail".to_owned(),
        label: "All".to_owned(),
        count: State::ALL.iter().map(|s| standing.count(*s)).sum(),
        current: chosen.is_none(),
    };
    let each = State::ALL.iter().filter(|s| standing.count(**s) > 0 || chosen == Some(**s)).map(|s| MailState {
        href: format!("/admin/mail?state={s}"),
        label: words::state(*s).label,
        count: standing.count(*s),
        current: chosen == Some(*s),
    });
    std::iter::once(all).chain(each).collect()
}

async fn retry(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::retry_mail(conn, app, &admin, &id)).await?;
    shell.done("/admin/mail", "The mail is due now.")
}

async fn retry_many(shell: Shell, who: Guarded<Moderate>, form: Form) -> WebResult {
    let (admin, wanted) = (who.into_inner(), filter(&form));
    let done = shell.app.write(move |conn, app| usecases::retry_mails(conn, app, &admin, &wanted)).await?;
    shell.done("/admin/mail", &format!("Mails that are due now: {done}."))
}

async fn arm(shell: Shell, who: Guarded<Moderate>) -> WebResult {
    let admin = who.into_inner();
    shell.app.write(move |conn, app| usecases::arm_mail(conn, app, &admin)).await?;
    shell.done("/admin/mail", "Mail goes out from here.")
}

async fn resume(shell: Shell, who: Guarded<Moderate>, stream: Path<String>) -> WebResult {
    let stream = Stream::parse(&stream).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    let again = shell.app.write(move |conn, app| usecases::resume_stream(conn, app, &admin, stream)).await?;
    shell.done("/admin/mail", &format!("It goes again. Refused mails that are sent anew: {again}."))
}
