//! Notices of what was decided between a member and a company: queued in the transaction of what they tell of, rendered
//! from what stands in the database when they go out. No contact and nothing that somebody wrote stands in them, but for
//! an admin's words to both sides.

use domain::dispute::Side;
use domain::introduction::VoidCause;
use domain::mail::MailKind;
use domain::standing::Role;
use domain::{AccountId, DisputeId, IntroductionId};
use frontend::mail::{DisputeDecidedMail, DisputeOpenedMail, SharingEndedMail};
use serde::{Deserialize, Serialize};
use store::disputes::Dispute;
use store::introductions::Introduction;
use store::members::Member;
use store::outbox::Claimed;
use store::{Conn, StoreError, accounts, companies, disputes, introductions, members, openings};

use super::queue::add;
use super::render::{Draft, payload, plain};
use crate::app::App;
use crate::error::AppError;

/// Which dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    dispute: DisputeId,
}

/// Which introduction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Ended {
    introduction: IntroductionId,
}

/// Tells the other side of an introduction that a problem was reported.
///
/// # Errors
/// Database errors only.
pub(crate) fn dispute_opened(conn: &mut Conn, app: &App, of: &Dispute, member: &Member) -> Result<(), AppError> {
    if of.introduction.is_none() {
        return Ok(());
    }
    let told = match of.side {
        Side::Member => seats(conn, of)?,
        Side::Company => vec![member.account.clone()],
    };
    tell(conn, app, MailKind::DisputeOpened, of, &told)
}

/// Tells both sides what was decided; of an introduction both, else whoever reported.
///
/// # Errors
/// Database errors only.
pub(crate) fn dispute_decided(conn: &mut Conn, app: &App, of: &Dispute) -> Result<(), AppError> {
    let mut told = vec![members::find(conn, &of.member)?.account];
    if of.introduction.is_some() {
        told.extend(seats(conn, of)?);
    }
    tell(conn, app, MailKind::DisputeDecided, of, &told)
}

fn seats(conn: &mut Conn, of: &Dispute) -> Result<Vec<AccountId>, AppError> {
    Ok(companies::seats(conn, &of.company)?.into_iter().map(|seat| seat.account).collect())
}

fn tell(conn: &mut Conn, app: &App, kind: MailKind, of: &Dispute, told: &[AccountId]) -> Result<(), AppError> {
    for account in told {
        add(conn, app, kind, account, &About { dispute: of.id.clone() }, of.id.as_str())?;
    }
    Ok(())
}

/// Tells a member that a company can no longer look, when neither the member nor the company ended it.
///
/// # Errors
/// Database errors only.
pub(crate) fn sharing_ended(conn: &mut Conn, app: &App, of: &Introduction) -> Result<(), AppError> {
    let account = members::find(conn, &of.member)?.account;
    let ended = Ended { introduction: of.id.clone() };
    add(conn, app, MailKind::SharingEnded, &account, &ended, of.id.as_str())
}

/// Renders one of them; `None` when what it tells of is gone.
///
/// # Errors
/// Database errors, and when a template fails.
pub(super) fn draft(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let drafted = match mail.kind {
        MailKind::SharingEnded => ended(conn, app, mail),
        _ => about(conn, app, mail),
    };
    match drafted {
        Err(AppError::NotFound) => Ok(None),
        other => other.map(Some),
    }
}

fn about(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let of = disputes::find(conn, &payload::<About>(mail)?.dispute)?;
    let company = companies::find(conn, &of.company)?.name;
    let opening = match &of.opening {
        Some(id) => match openings::find(conn, id) {
            Ok(opening) => Some(opening.approved_terms.unwrap_or(opening.terms).title),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let place = match accounts::find(conn, &mail.account)?.role {
        Role::Company => format!("/company/disputes/{}", of.id),
        Role::Member | Role::Admin => format!("/disputes/{}", of.id),
    };
    let (about, link) = (opening.unwrap_or(company), app.url(&place));
    match (mail.kind, of.decided) {
        (MailKind::DisputeDecided, Some(decided)) => {
            let outcome = decided.outcome.label().to_owned();
            plain(app, &DisputeDecidedMail { about, outcome, words: decided.words, link })
        }
        _ => plain(app, &DisputeOpenedMail { about, link }),
    }
}

fn ended(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let member = members::by_account(conn, &mail.account)?;
    let of = introductions::find_of_member(conn, &member.id, &payload::<Ended>(mail)?.introduction)?;
    let opening = openings::find(conn, &of.opening)?;
    let reason = match of.void_cause {
        Some(VoidCause::AdminEnded) => "An admin ended it after a report.",
        _ => "The company was suspended.",
    };
    let view = SharingEndedMail {
        company: opening.company_name,
        opening: opening.approved_terms.unwrap_or(opening.terms).title,
        reason: reason.to_owned(),
        link: app.url("/ledger"),
    };
    plain(app, &view)
}
