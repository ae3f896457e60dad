//! What a company and a member write to each other under an introduction, as the company sees it: without a name, and
//! without when the member read it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::dispute::Side;
use domain::{IntroductionId, MessageId, SeatId};
use serde::{Deserialize, Serialize};
use store::Zeroizing;
use store::conversations::{self, Message};

use super::ApiResult;
use super::extract::{Json, Params};
use super::list::Paging;
use super::me_messages::{Talk, kept_nowhere, place};
use crate::app::App;
use crate::auth::{Guarded, Routes, SeeContact};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/company/introductions/{id}/messages", list)
        .post("/api/v1/company/introductions/{id}/messages", write);
}

#[derive(Serialize)]
struct CompanyMessage {
    id: MessageId,
    author: Side,
    /// Whether the person who asks wrote it.
    mine: bool,
    text: String,
    at: DateTime<Utc>,
    #[serde(skip)]
    position: i32,
}

impl CompanyMessage {
    fn new(message: &Message, text: &str, seat: &SeatId) -> Self {
        Self {
            id: message.id.clone(),
            author: message.side,
            mine: message.seat.as_ref() == Some(seat),
            text: text.to_owned(),
            at: message.at,
            position: message.position,
        }
    }
}

async fn list(app: Data<App>, who: Guarded<SeeContact>, path: Path<String>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let (before, most) = place(&paging)?;
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let (seat, mine) = (who.clone(), who.seat.id.clone());
    let read =
        app.read(move |conn, app| usecases::read_messages_as_company(conn, app, &seat, &id, before, most)).await?;
    usecases::note_read(&app, &read, paging.limit()).await?;
    let shape = |message: &Message, text: &Zeroizing<String>| CompanyMessage::new(message, text, &mine);
    kept_nowhere(&Talk::of(&read, &paging, shape, |one| one.position))
}

/// `{"text": "..."}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextBody {
    text: String,
}

async fn write(app: Data<App>, who: Guarded<SeeContact>, path: Path<String>, body: Json<TextBody>) -> ApiResult {
    let id = IntroductionId::parse(&path).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let made = app
        .write(move |conn, app| {
            let message = usecases::write_message_as_company(conn, app, &seat, &id, &body.0.text)?;
            let text = conversations::text_of(conn, &app.vault, &message)?;
            Ok(CompanyMessage::new(&message, &text, &seat.seat.id))
        })
        .await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(made))
}
