//! One side of an introduction writes to the other, while the introduction is live. What leads around the site is spotted:
//! a company has to take it out, since physicians decide here what they share; a member is asked once more, since it is
//! theirs to give.

use chrono::{DateTime, Utc};
use domain::dispute::Side;
use domain::errors::Errors;
use domain::limits::Act;
use domain::message::MessageText;
use domain::spotted::{Spotted, in_words};
use domain::{AccountId, IntroductionId, MessageId, SeatId, TextId};
use serde::Deserialize;
use store::Conn;
use store::conversations::{self, Message, NewMessage};
use store::introductions::Introduction;
use store::members::Member;

use super::end_introduction::is_live;
use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;
use crate::mail::conversation::{takes_part, tell};
use crate::{errand, random};

/// A member's text as the API takes it.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MessageInput {
    /// The text.
    pub text: String,
    /// Send it though it holds contact.
    pub confirmed: bool,
}

/// What became of a member's text.
pub enum Written {
    /// It is sent.
    Sent(Message),
    /// It seems to hold this; nothing was sent, and the member is to say once more that it may.
    Asks(Vec<Spotted>),
}

impl Written {
    /// For callers that cannot ask.
    ///
    /// # Errors
    /// `Invalid` at `text`, with how to send it all the same.
    pub fn sent(self) -> Result<Message, AppError> {
        match self {
            Self::Sent(message) => Ok(message),
            Self::Asks(spotted) => Err(AppError::Invalid(Errors::one(
                "text",
                "contact_in_text",
                format!(
                    "The text seems to hold {}. Nothing was sent; send it with confirmed: true if the company may have it.",
                    in_words(&spotted)
                ),
            ))),
        }
    }
}

/// A member writes to the company.
///
/// # Errors
/// `NotFound`; `Gone` when the introduction is over; `Invalid`; `Conflict` when the member blocks the company; `TooMany`.
pub fn write_message_as_member(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    id: &IntroductionId,
    input: &MessageInput,
) -> Result<Written, AppError> {
    let of = store::introductions::find_of_member(conn, &member.id, id)?;
    must_be_live(conn, app, &of)?;
    let text = MessageText::parse(&input.text)?;
    if store::members::blocks_since(conn, &member.id, &of.company)?.is_some() {
        return Err(AppError::Conflict(
            "You block this company. Nothing was sent; unblock it on your account page to write to it.",
        ));
    }
    let spotted = text.spotted();
    if !spotted.is_empty() && !input.confirmed {
        return Ok(Written::Asks(spotted));
    }
    let message = write(conn, app, &of, member, None, &member.account, &text)?;
    let told = store::companies::seats(conn, &of.company)?.into_iter().filter(|seat| takes_part(seat.role));
    let told: Vec<AccountId> = told.map(|seat| seat.account).collect();
    notify(conn, app, &of, Side::Company, &told)?;
    Ok(Written::Sent(message))
}

/// A company writes to the member.
///
/// # Errors
/// `NotFound`; `Gone` when the introduction is over; `Invalid`, also for a text that seems to hold contact; `TooMany`.
pub fn write_message_as_company(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    id: &IntroductionId,
    text: &str,
) -> Result<Message, AppError> {
    let of = store::introductions::find_of_company(conn, &seat.company.id, id)?;
    must_be_live(conn, app, &of)?;
    let text = MessageText::parse(text)?;
    let spotted = text.spotted();
    if !spotted.is_empty() {
        let found = in_words(&spotted);
        return Err(AppError::Invalid(Errors::one(
            "text",
            "contact_in_text",
            format!(
                "The text seems to hold {found}. It was not sent: take that out and send it again. The physician decides here what to share with you, and answers here."
            ),
        )));
    }
    let member = store::members::find(conn, &of.member)?;
    let message = write(conn, app, &of, &member, Some(&seat.seat.id), &seat.session.account.id, &text)?;
    // Whoever blocks a company hears nothing of it, and the company cannot tell.
    if store::members::blocks_since(conn, &member.id, &of.company)?.is_none() {
        notify(conn, app, &of, Side::Member, std::slice::from_ref(&member.account))?;
    }
    Ok(message)
}

fn must_be_live(conn: &mut Conn, app: &App, of: &Introduction) -> Result<(), AppError> {
    let opening = store::openings::find(conn, &of.opening)?;
    let live = is_live(of, &opening, app.now());
    // It may be ending at this moment, in another transaction.
    if live && store::introductions::hold(conn, &of.id)? {
        return Ok(());
    }
    Err(AppError::Gone("This introduction is over. Nothing was sent; what was written before can still be read."))
}

fn write(
    conn: &mut Conn,
    app: &App,
    of: &Introduction,
    member: &Member,
    seat: Option<&SeatId>,
    by: &AccountId,
    text: &MessageText,
) -> Result<Message, AppError> {
    errand::take(conn, app, Act::WriteMessage, by.as_str())?;
    let (id, text_id) = (random::id(MessageId::from_uuid), random::id(TextId::from_uuid));
    let new = NewMessage {
        id: &id,
        introduction: &of.id,
        member: (&member.id, &member.account),
        side: if seat.is_some() { Side::Company } else { Side::Member },
        seat,
        text: (&text_id, text),
    };
    Ok(conversations::write(conn, &app.vault, &new, app.now())?)
}

/// One mail an hour and side, which says that there is something new and nothing of it.
fn notify(conn: &mut Conn, app: &App, of: &Introduction, to: Side, told: &[AccountId]) -> Result<(), AppError> {
    let due: Option<DateTime<Utc>> = conversations::plan_notice(conn, &of.id, to, app.now())?;
    let Some(due) = due else { return Ok(()) };
    for account in told {
        tell(conn, app, of, to, account, due)?;
    }
    Ok(())
}
