//! Admins look after the outbox. Never an address, and no link that is worth anything.

use actix_web::web::{Bytes, Data, Path};
use chrono::{DateTime, Utc};
use domain::MailId;
use domain::errors::Errors;
use domain::input::paragraphs;
use domain::mail::{MailClass, MailKind, MailState, Stream};
use serde::{Deserialize, Serialize};
use store::outbox::{Event, Filter, Listed};

use super::extract::{Json, Params, read_json};
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::mail::post::{self, Hold};
use crate::usecases;

/// The most mails a list is cut from.
const MOST: i64 = 10_000;
/// The longest reason, in characters.
const REASON: usize = 500;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/mail", list)
        .get("/api/v1/admin/mail/{id}", show)
        .post("/api/v1/admin/mail/{id}/retry", retry)
        .post("/api/v1/admin/mail/{id}/discard", discard)
        .post("/api/v1/admin/mail-retry", retry_many)
        .post("/api/v1/admin/mail-arm", arm)
        .get("/api/v1/admin/mail-streams", streams)
        .post("/api/v1/admin/mail-streams/{stream}/resume", resume);
}

#[derive(Serialize)]
struct AdminMail {
    id: MailId,
    stream: Stream,
    kind: MailKind,
    state: MailState,
    attempts: i32,
    due_at: DateTime<Utc>,
    last_code: Option<String>,
    class: Option<MailClass>,
    created_at: DateTime<Utc>,
}

impl From<Listed> for AdminMail {
    fn from(m: Listed) -> Self {
        Self {
            id: m.id,
            stream: m.stream,
            kind: m.kind,
            state: m.state,
            attempts: m.attempts,
            due_at: m.due_at,
            last_code: m.last_code,
            class: m.class,
            created_at: m.created_at,
        }
    }
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let filter = Filter {
        state: params.parsed("state", MailState::parse, "Give a mail state."),
        class: params.parsed("class", MailClass::parse, "Give a class of refusals."),
        code: params.text("code"),
        kind: params.parsed("kind", MailKind::parse, "Give a kind of mail."),
    };
    let paging = Paging::from(&mut params);
    params.finish()?;
    let all = app.read(move |conn, _| Ok(store::outbox::list(conn, &filter, MOST)?)).await?;
    ok(&paging.cut(all.into_iter().map(AdminMail::from).collect(), |m| m.id.to_string()))
}

#[derive(Serialize)]
struct Move {
    at: DateTime<Utc>,
    from: String,
    to: String,
    attempt: i32,
    phase: String,
    code: Option<String>,
    class: Option<String>,
}

impl From<Event> for Move {
    fn from(e: Event) -> Self {
        let at = e.at();
        Self { at, from: e.from, to: e.to, attempt: e.attempt, phase: e.phase, code: e.code, class: e.class }
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    mail: AdminMail,
    events: Vec<Move>,
    subject: Option<String>,
    text: Option<String>,
}

async fn show(app: Data<App>, _who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    let id = MailId::parse(&path).ok_or(AppError::NotFound)?;
    let found = app.read(move |conn, app| usecases::preview_mail(conn, app, &id)).await?;
    let (subject, text) = found.letter.unzip();
    let events = found.events.into_iter().map(Move::from).collect();
    ok(&Shown { mail: found.mail.into(), events, subject, text })
}

async fn retry(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    let id = MailId::parse(&path).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    app.write(move |conn, app| usecases::retry_mail(conn, app, &admin, &id)).await?;
    done()
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Discard {
    #[serde(default)]
    reason: String,
}

async fn discard(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, body: Bytes) -> ApiResult {
    let id = MailId::parse(&path).ok_or(AppError::NotFound)?;
    let sent = if body.is_empty() { Discard::default() } else { read_json(&body)? };
    let mut e = Errors::default();
    let reason = paragraphs(&mut e, "reason", &sent.reason, false, REASON);
    let reason = e.finish(reason).map_err(AppError::Invalid)?;
    let admin = who.into_inner();
    app.write(move |conn, app| {
        let reason = Some(reason.as_str()).filter(|text| !text.is_empty());
        usecases::discard_mail(conn, app, &admin, &id, reason)
    })
    .await?;
    done()
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Which {
    state: Option<MailState>,
    class: Option<MailClass>,
    code: Option<String>,
    kind: Option<MailKind>,
}

#[derive(Serialize)]
struct Retried {
    retried: usize,
}

async fn retry_many(app: Data<App>, who: Guarded<Moderate>, Json(which): Json<Which>) -> ApiResult {
    let filter = Filter { state: which.state, class: which.class, code: which.code, kind: which.kind };
    let admin = who.into_inner();
    let retried = app.write(move |conn, app| usecases::retry_mails(conn, app, &admin, &filter)).await?;
    ok(&Retried { retried })
}

async fn arm(app: Data<App>, who: Guarded<Moderate>) -> ApiResult {
    let admin = who.into_inner();
    app.write(move |conn, app| usecases::arm_mail(conn, app, &admin)).await?;
    done()
}

#[derive(Serialize)]
struct StreamNow {
    stream: Stream,
    waits_for: Option<&'static str>,
    stopped_at: Option<DateTime<Utc>>,
    class: Option<MailClass>,
    code: Option<String>,
    probe_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct StreamsNow {
    items: Vec<StreamNow>,
}

async fn streams(app: Data<App>, _who: Guarded<Moderate>) -> ApiResult {
    let read = app.read(|conn, app| Ok((post::holds(conn, app)?, store::mail_streams::stopped(conn)?)));
    let (holds, stopped) = read.await?;
    let items = Stream::ALL
        .iter()
        .map(|stream| {
            let stopped = stopped.iter().find(|s| s.stream == *stream);
            let hold = holds.iter().find(|(of, _)| of == stream).map(|(_, why)| *why);
            StreamNow {
                stream: *stream,
                waits_for: match hold {
                    Some(Hold::PostalAddress) => Some("postal_address"),
                    Some(Hold::Disarmed) => Some("arming"),
                    Some(Hold::Stopped) => Some("resuming"),
                    None => stopped.map(|_| "resuming"),
                },
                stopped_at: stopped.map(|s| s.at),
                class: stopped.map(|s| s.class),
                code: stopped.and_then(|s| s.code.clone()),
                probe_at: stopped.map(|s| s.probe_at),
            }
        })
        .collect();
    ok(&StreamsNow { items })
}

async fn resume(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    let stream = Stream::parse(&path).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    let retried = app.write(move |conn, app| usecases::resume_stream(conn, app, &admin, stream)).await?;
    ok(&Retried { retried })
}
