//! A claimed row of ids becomes a mail. Reads the database; decides nothing about whether it may leave.

use domain::MemberId;
use domain::introduction::{IntroductionState, VoidCause};
use domain::mail::MailKind;
use domain::opening::OpeningAction;
use frontend::mail::{
    AlertMail, CompanyApprovedMail, ContactLookedMail, IntroductionEndedMail, IntroductionReceivedMail,
    MemberApprovedMail, OpeningReviewedMail, Outcome, SignInMail,
};
use frontend::{Mail, RenderedMail};
use serde::de::DeserializeOwned;
use store::introductions::Introduction;
use store::outbox::Claimed;
use store::{Conn, TokenPurpose, alerts, companies, introductions, members, openings};

use super::cards;
use super::queue;
use crate::app::App;
use crate::error::AppError;

/// Cards shown in one mail; the rest is counted.
const CARDS: usize = 8;

/// A rendered mail on its way to the gate.
pub(super) struct Draft {
    /// What the reader gets.
    pub(super) mail: RenderedMail,
    /// The link that stops alerts.
    pub(super) stop_link: Option<String>,
    /// How many cards stand behind an alert.
    pub(super) cards: usize,
}

/// Renders a mail; `None` when what it tells of is over or gone.
///
/// # Errors
/// `NotFound` when an object of the mail is gone.
pub(super) fn draft(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    match mail.kind {
        MailKind::SignIn => sign_in(app, mail).map(Some),
        MailKind::MemberApproved => {
            let link = app.url("/sign-in");
            plain(app, &MemberApprovedMail { link }).map(Some)
        }
        MailKind::CompanyApproved => company_approved(conn, app, mail).map(Some),
        MailKind::OpeningReviewed => opening_reviewed(conn, app, mail).map(Some),
        MailKind::Alert => alert(conn, app, mail),
        MailKind::IntroductionReceived => introduction_received(conn, app, mail),
        MailKind::IntroductionEnded => introduction_ended(conn, app, mail).map(Some),
        MailKind::ContactLooked => contact_looked(conn, app, mail).map(Some),
    }
}

fn plain<M: Mail>(app: &App, view: &M) -> Result<Draft, AppError> {
    Ok(Draft { mail: app.renderer.mail(view).map_err(AppError::internal)?, stop_link: None, cards: 0 })
}

fn payload<P: DeserializeOwned>(mail: &Claimed) -> Result<P, AppError> {
    // The parser's own words may quote the payload.
    serde_json::from_str(&mail.payload).map_err(|_| AppError::internal("the payload of a mail cannot be read"))
}

fn sign_in(app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::SignIn = payload(mail)?;
    let token = app.vault.token(TokenPurpose::SignIn, &payload.token_id);
    let view = SignInMail {
        link: app.url(&format!("/sign-in/{token}")).into(),
        minutes: mail.kind.life().num_minutes(),
        host: host(&app.public_url).to_owned(),
    };
    plain(app, &view)
}

/// What stands between the scheme and the path.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(host, _)| host)
}

fn company_approved(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::CompanyApproved = payload(mail)?;
    let view =
        CompanyApprovedMail { company: companies::find(conn, &payload.company)?.name, link: app.url("/sign-in") };
    plain(app, &view)
}

fn opening_reviewed(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::OpeningReviewed = payload(mail)?;
    let opening = openings::find(conn, &payload.opening)?;
    let outcome = match payload.outcome {
        OpeningAction::Return => Outcome::Returned,
        OpeningAction::Reject => Outcome::Rejected,
        _ => Outcome::Approved,
    };
    let view = OpeningReviewedMail {
        title: opening.terms.title,
        outcome,
        reason: opening.decision_reason.unwrap_or_default(),
        link: app.url(&format!("/company/openings/{}", payload.opening)),
    };
    plain(app, &view)
}

fn alert(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let payload: queue::Alert = payload(mail)?;
    let Some(postal_address) = app.config.postal_address.clone() else {
        return Err(AppError::internal("alerts need a postal address"));
    };
    let member = members::find(conn, &payload.member)?;
    let alert_name = alerts::find(conn, &member.id, &payload.alert).map_or_else(
        |error| match error {
            // Its cards are dropped at the gate.
            store::StoreError::NotFound => Ok(String::new()),
            other => Err(other),
        },
        |alert| Ok(alert.name),
    )?;
    let cards = alerts::cards(conn, &mail.id)?;
    let count = cards.len();
    let loaded = cards::load(conn, &member, cards)?;
    let shown: Vec<_> = loaded.iter().take(CARDS).map(|(_, opening, told)| cards::view(app, opening, told)).collect();
    let stop_link = stop_link(app, mail);
    let view = AlertMail {
        more: i64::try_from(loaded.len().saturating_sub(shown.len())).unwrap_or(i64::MAX),
        openings: shown,
        alert_name,
        stop_link: stop_link.as_str().into(),
        manage_link: app.url("/alerts"),
        postal_address,
    };
    let mut draft = plain(app, &view)?;
    draft.stop_link = Some(stop_link);
    draft.cards = count;
    Ok(Some(draft))
}

fn stop_link(app: &App, mail: &Claimed) -> String {
    let token = app.vault.token(TokenPurpose::Stop, mail.id.as_str());
    app.url(&format!("/mail/stop/{token}"))
}

fn introduction_received(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let introduction = introduction(conn, mail)?;
    // Taken back before the mail left: there is nothing to open any more.
    if introduction.state_at(app.now()) != IntroductionState::Active {
        return Ok(None);
    }
    let view = IntroductionReceivedMail {
        company: companies::find(conn, &introduction.company)?.name,
        opening: openings::find(conn, &introduction.opening)?.terms.title,
        link: app.url(&format!("/company/contacts/{}", introduction.id)),
    };
    plain(app, &view).map(Some)
}

fn introduction_ended(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let introduction = introduction(conn, mail)?;
    let view = IntroductionEndedMail {
        opening: openings::find(conn, &introduction.opening)?.terms.title,
        reason: ended_because(introduction.state_at(app.now()), introduction.void_cause).to_owned(),
        link: app.url("/company/contacts"),
    };
    plain(app, &view)
}

fn contact_looked(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::ContactLooked = payload(mail)?;
    let entry = store::ledger::find_of_member(conn, &payload.member, &payload.entry)?;
    let view = ContactLookedMail {
        at: entry.at.format("%e %B %Y, %H:%M UTC").to_string().trim().to_owned(),
        reason: entry.detail.unwrap_or_default(),
        ledger_link: app.url("/ledger"),
        permissions_link: app.url("/permissions"),
    };
    plain(app, &view)
}

/// The introduction, as the company of the mail's account sees it.
fn introduction(conn: &mut Conn, mail: &Claimed) -> Result<Introduction, AppError> {
    let payload: queue::Introduction = payload(mail)?;
    let seat = companies::seat_by_account(conn, &mail.account)?;
    Ok(introductions::find_of_company(conn, &seat.company, &payload.introduction)?)
}

/// Says what a company may know, and not more: that a member left or was suspended stays with the community.
const fn ended_because(state: IntroductionState, cause: Option<VoidCause>) -> &'static str {
    match (state, cause) {
        (IntroductionState::Revoked, _) => "The physician has taken it back.",
        (IntroductionState::Expired, _) => "Its time has run out.",
        (_, Some(VoidCause::MaterialEdit)) => "The opening has changed in a way that matters.",
        (_, Some(VoidCause::OpeningClosed)) => "The opening is closed.",
        (_, Some(VoidCause::OpeningExpired)) => "The opening is no longer live.",
        (_, Some(VoidCause::CompanySuspended)) => "The company is not in good standing.",
        _ => "The contact is no longer available.",
    }
}

/// Whose permissions decide over a mail.
///
/// # Errors
/// Internal when the payload cannot be read.
pub(super) fn member_of(mail: &Claimed) -> Result<MemberId, AppError> {
    payload::<queue::Alert>(mail).map(|p| p.member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_from_an_address() {
        for (url, want) in [
            ("https://board.example", "board.example"),
            ("https://board.example/rosterline", "board.example"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("board.example", "board.example"),
        ] {
            assert_eq!(host(url), want);
        }
    }

    #[test]
    fn why_an_introduction_ended_does_not_tell_on_the_member() {
        use IntroductionState as S;
        let quiet = "The contact is no longer available.";
        for cause in [VoidCause::MemberLeft, VoidCause::EmailChanged] {
            assert_eq!(ended_because(S::Void, Some(cause)), quiet);
        }
        assert_ne!(ended_because(S::Revoked, None), quiet);
    }
}
