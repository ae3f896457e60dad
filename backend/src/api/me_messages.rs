//! What a member and a company write to each other under an introduction, as the member sees it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::dispute::Side;
use domain::{IntroductionId, MessageId};
use serde::Serialize;
use store::conversations::{self, Message, Reader};
use store::members::Member;
use store::{Conn, Zeroizing};

use super::extract::{Json, Params};
use super::list::{List, Paging};
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, Conversation, MessageInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/introductions/{id}/messages", list)
        .post("/api/v1/me/introductions/{id}/messages", write)
        .delete("/api/v1/me/introductions/{id}/messages", remove);
}

#[derive(Serialize)]
pub(super) struct OwnMessage {
    id: MessageId,
    introduction_id: IntroductionId,
    author: Side,
    text: String,
    at: DateTime<Utc>,
    /// When the other side read it.
    read_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    position: i32,
}

impl OwnMessage {
    fn new(message: Message, text: &str) -> Self {
        Self {
            id: message.id,
            introduction_id: message.introduction,
            author: message.side,
            text: text.to_owned(),
            at: message.at,
            read_at: message.read_at,
            position: message.position,
        }
    }
}

/// A part of a conversation, newest first.
#[derive(Serialize)]
pub(super) struct Talk<T> {
    #[serde(flatten)]
    list: List<T>,
    /// Whether both sides may write.
    open: bool,
    /// When the member last removed what had been written.
    removed_at: Option<DateTime<Utc>>,
}

impl<T> Talk<T> {
    /// Shapes what was read with one message too many, so that it is known whether there are more.
    pub(super) fn of(
        read: &Conversation,
        paging: &Paging,
        shape: impl Fn(&Message, &Zeroizing<String>) -> T,
        position: impl Fn(&T) -> i32,
    ) -> Self {
        let rows = read.messages.iter().map(|(message, text)| shape(message, text)).collect();
        Self {
            list: paging.taken(rows, |row| position(row).to_string()),
            open: read.live,
            removed_at: read.about.removed_at,
        }
    }
}

/// The place before which a page begins, and how many messages are read for it.
pub(super) fn place(paging: &Paging) -> Result<(Option<i32>, i64), AppError> {
    let wrong = || AppError::field("cursor", "unknown", "Give the cursor as it was given to you.");
    let before = paging.after().map(|at| at.parse::<i32>().map_err(|_| wrong())).transpose()?;
    Ok((before, i64::try_from(paging.limit()).unwrap_or(i64::MAX).saturating_add(1)))
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let (before, most) = place(&paging)?;
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let read =
        app.read(move |conn, app| usecases::read_messages_as_member(conn, app, &member, &id, before, most)).await?;
    usecases::note_read(&app, &read, paging.limit()).await?;
    let shape = |message: &Message, text: &Zeroizing<String>| OwnMessage::new(message.clone(), text);
    kept_nowhere(&Talk::of(&read, &paging, shape, |one| one.position))
}

/// What somebody wrote is kept in no cache.
pub(super) fn kept_nowhere(body: &impl Serialize) -> ApiResult {
    let mut answer = ok(body)?;
    let no_store = actix_web::http::header::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(actix_web::http::header::CACHE_CONTROL, no_store);
    Ok(answer)
}

async fn write(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, body: Json<MessageInput>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let made = app
        .write(move |conn, app| {
            let message = usecases::write_message_as_member(conn, app, &member, &id, &body.0)?.sent()?;
            let text = conversations::text_of(conn, &app.vault, &message)?;
            Ok(OwnMessage::new(message, &text))
        })
        .await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(made))
}

async fn remove(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    app.write(move |conn, app| usecases::remove_messages(conn, app, &member, &id)).await?;
    done()
}

/// Everything that a member wrote and was written to, newest first within each introduction.
pub(super) fn all_of(conn: &mut Conn, app: &App, member: &Member, most: i64) -> Result<Vec<OwnMessage>, AppError> {
    let mut all = Vec::new();
    for id in conversations::of_member(conn, &member.id)? {
        let of = store::introductions::find_of_member(conn, &member.id, &id)?;
        let deaf_since = store::members::blocks_since(conn, &member.id, &of.company)?;
        let reader = Reader { side: Side::Member, deaf_since };
        for message in conversations::page(conn, &id, reader, None, most)? {
            let text = conversations::text_of(conn, &app.vault, &message)?;
            all.push(OwnMessage::new(message, &text));
        }
    }
    Ok(all)
}
