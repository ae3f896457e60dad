//! One side of an introduction reads what was written under it, also after its end, until the member removes it.

use chrono::{DateTime, Utc};
use domain::IntroductionId;
use domain::dispute::Side;
use store::conversations::{self, About, Message, Reader, is_new};
use store::introductions::Introduction;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, Zeroizing};

use super::end_introduction::is_live;
use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;

/// A part of a conversation.
pub struct Conversation {
    /// The introduction it is under.
    pub introduction: Introduction,
    /// Its opening.
    pub opening: Opening,
    /// Whether both sides may write.
    pub live: bool,
    /// Since when the member blocks the company; `None` for the company, which cannot tell.
    pub blocked_since: Option<DateTime<Utc>>,
    /// How much there is, and when something was removed.
    pub about: About,
    /// Newest first, each with its text.
    pub messages: Vec<(Message, Zeroizing<String>)>,
    reader: Side,
}

/// What a member sees: without what a company wrote since it is blocked.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn read_messages_as_member(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: &IntroductionId,
    before: Option<i32>,
    most: i64,
) -> Result<Conversation, AppError> {
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    let deaf_since = store::members::blocks_since(conn, &member.id, &of.company)?;
    read(conn, app, of, Reader { side: Side::Member, deaf_since }, before, most)
}

/// What a company sees.
///
/// # Errors
/// `NotFound` when it was not given to this company.
pub fn read_messages_as_company(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    id: &IntroductionId,
    before: Option<i32>,
    most: i64,
) -> Result<Conversation, AppError> {
    let of = store::introductions::find_of_company(conn, &seat.company.id, id)?;
    read(conn, app, of, Reader { side: Side::Company, deaf_since: None }, before, most)
}

fn read(
    conn: &mut Conn,
    app: &App,
    of: Introduction,
    reader: Reader,
    before: Option<i32>,
    most: i64,
) -> Result<Conversation, AppError> {
    let opening = store::openings::find(conn, &of.opening)?;
    let found = conversations::page(conn, &of.id, reader, before, most)?;
    let mut messages = Vec::with_capacity(found.len());
    for message in found {
        let text = conversations::text_of(conn, &app.vault, &message)?;
        messages.push((message, text));
    }
    Ok(Conversation {
        live: is_live(&of, &opening, app.now()),
        about: conversations::about(conn, &of.id)?,
        blocked_since: reader.deaf_since,
        reader: reader.side,
        introduction: of,
        opening,
        messages,
    })
}

/// Notes that the first so many of what was read were shown.
///
/// # Errors
/// Database errors only.
pub async fn note_read(app: &App, read: &Conversation, shown: usize) -> Result<(), AppError> {
    let reader = read.reader;
    let shown = read.messages.iter().take(shown).map(|(message, _)| message);
    let read: Vec<Message> = shown.filter(|message| is_new(message, reader)).cloned().collect();
    if read.is_empty() {
        return Ok(());
    }
    app.write(move |conn, app| Ok(conversations::mark_read(conn, reader, &read, app.now())?)).await
}
