//! Admins look after the outbox. Never an address, never a text.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::MailId;
use domain::mail::{MailKind, MailState, Stream};
use serde::Serialize;
use store::Conn;
use store::outbox::Listed;

use super::extract::Params;
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// The most mails a list is cut from.
const MOST: i64 = 10_000;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/admin/mail", list)
        .post("/api/v1/admin/mail/{id}/retry", retry)
        .post("/api/v1/admin/mail/{id}/discard", discard);
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
            created_at: m.created_at,
        }
    }
}

async fn list(app: Data<App>, _who: Guarded<Moderate>, mut params: Params) -> ApiResult {
    let state = params.parsed("state", MailState::parse, "Give a mail state.");
    let paging = Paging::from(&mut params);
    params.finish()?;
    let all = app.read(move |conn, _| Ok(store::outbox::list(conn, state, MOST)?)).await?;
    ok(&paging.cut(all.into_iter().map(AdminMail::from).collect(), |m| m.id.to_string()))
}

type Act = fn(&mut Conn, &App, &SignedAdmin, &MailId) -> Result<(), AppError>;

async fn act(app: Data<App>, who: Guarded<Moderate>, path: Path<String>, act: Act) -> ApiResult {
    let id = MailId::parse(&path).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    app.write(move |conn, app| act(conn, app, &admin, &id)).await?;
    done()
}

async fn retry(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    act(app, who, path, usecases::retry_mail).await
}

async fn discard(app: Data<App>, who: Guarded<Moderate>, path: Path<String>) -> ApiResult {
    act(app, who, path, usecases::discard_mail).await
}
