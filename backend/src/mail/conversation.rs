//! The mail that says that the other side of an introduction wrote something. Nothing of the text stands in it, and nobody's
//! name: what is not in a mail cannot be passed on by it.

use chrono::{DateTime, Utc};
use domain::dispute::Side;
use domain::mail::MailKind;
use domain::standing::SeatRole;
use domain::{AccountId, IntroductionId, MailId};
use frontend::mail::NewMessageMail;
use serde::{Deserialize, Serialize};
use store::conversations::{self, Reader};
use store::introductions::Introduction;
use store::outbox::{self, Claimed, NewMail};
use store::{Conn, companies, introductions, members, openings};

use super::queue::write;
use super::render::{Draft, payload, plain};
use crate::app::App;
use crate::error::AppError;

/// Under which introduction, and which side is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    introduction: IntroductionId,
    to: Side,
}

/// Queues the notice for one person of a side.
///
/// # Errors
/// Database errors only.
pub(crate) fn tell(
    conn: &mut Conn,
    app: &App,
    of: &Introduction,
    to: Side,
    account: &AccountId,
    due_at: DateTime<Utc>,
) -> Result<(), AppError> {
    let kind = MailKind::NewMessage;
    let new = NewMail {
        id: &crate::random::id(MailId::from_uuid),
        kind,
        account,
        payload: &write(&About { introduction: of.id.clone(), to })?,
        dedupe_key: &format!("{kind}:{account}:{}:{}", of.id, due_at.timestamp_micros()),
        permission_epoch: None,
        due_at,
    };
    outbox::add(conn, &new, app.now())?;
    Ok(())
}

/// True for the people of a company who take part in conversations.
pub(crate) const fn takes_part(role: SeatRole) -> bool {
    matches!(role, SeatRole::Owner | SeatRole::Recruiter)
}

/// Renders it; `None` when everything was read meanwhile or is gone, or its reader takes no part any more.
///
/// # Errors
/// Database errors, and when a template fails.
pub(super) fn draft(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let about: About = payload(mail)?;
    let id = &about.introduction;
    let (of, deaf_since, path) = match about.to {
        Side::Member => {
            let member = members::by_account(conn, &mail.account)?;
            let of = introductions::find_of_member(conn, &member.id, id)?;
            let deaf_since = members::blocks_since(conn, &member.id, &of.company)?;
            (of, deaf_since, format!("/introductions/{id}"))
        }
        Side::Company => {
            let seat = companies::seat_by_account(conn, &mail.account)?;
            if !takes_part(seat.role) {
                return Ok(None);
            }
            let of = introductions::find_of_company(conn, &seat.company, id)?;
            (of, None, format!("/company/contacts/{id}/messages"))
        }
    };
    if conversations::unread(conn, id, Reader { side: about.to, deaf_since })? == 0 {
        return Ok(None);
    }
    let opening = openings::find(conn, &of.opening)?;
    // What no admin has read yet is the company's own.
    let title = match about.to {
        Side::Member => opening.approved_terms.unwrap_or(opening.terms).title,
        Side::Company => opening.terms.title,
    };
    plain(app, &NewMessageMail { opening: title, link: app.url(&path) }).map(Some)
}
