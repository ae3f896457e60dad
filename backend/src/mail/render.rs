//! A claimed row of ids becomes a mail. Reads the database; decides nothing about whether it may leave.

use domain::introduction::{EMAIL_HOLD, IntroductionState, VoidCause};
use domain::mail::MailKind;
use domain::opening::OpeningAction;
use frontend::mail::{
    CompanyApprovedMail, ConfirmAddressMail, ContactLookedMail, EmailChangedMail, IntroductionEndedMail,
    IntroductionReceivedMail, MemberApprovedMail, NewAddressMail, OpeningReviewedMail, Outcome, SeatInvitedMail,
    SecondFactorMail, SignInMail, StillWantedMail,
};
use frontend::{Mail, RenderedMail};
use serde::de::DeserializeOwned;
use store::introductions::Introduction;
use store::outbox::Claimed;
use store::{
    Conn, TokenPurpose, companies, email_changes, introductions, member_mail, members, openings, seat_invitations,
};

use super::alert::{self, Keys};
use super::conversation;
use super::notices;
use super::outreach;
use super::queue;
use crate::app::App;
use crate::error::AppError;
use crate::usecases::ANSWER;

/// A rendered mail on its way to the gate.
pub(super) struct Draft {
    /// What the reader gets.
    pub(super) mail: RenderedMail,
    /// The link that stops alerts.
    pub(super) stop_link: Option<String>,
    /// The cards of an alert.
    pub(super) cards: Keys,
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
        MailKind::SeatInvited => seat_invited(conn, app, mail),
        MailKind::OpeningReviewed => opening_reviewed(conn, app, mail).map(Some),
        MailKind::Alert => alert::draft(conn, app, mail).map(Some),
        MailKind::IntroductionReceived => introduction_received(conn, app, mail),
        MailKind::IntroductionEnded => introduction_ended(conn, app, mail).map(Some),
        MailKind::ContactLooked => contact_looked(conn, app, mail).map(Some),
        MailKind::NewAddress => new_address(conn, app, mail),
        MailKind::EmailChanged => email_changed(conn, app, mail),
        MailKind::SecondFactor => second_factor(app, mail).map(Some),
        MailKind::ConfirmAddress => confirm_address(app, mail).map(Some),
        MailKind::StillWanted => still_wanted(conn, app, mail).map(Some),
        MailKind::DisputeOpened | MailKind::DisputeDecided | MailKind::SharingEnded => notices::draft(conn, app, mail),
        MailKind::NewMessage => conversation::draft(conn, app, mail),
        MailKind::Outreach => outreach::draft(conn, app, mail).map(Some),
        MailKind::AlertTest => alert::test(conn, app).map(Some),
    }
}

/// A mail that only a template makes.
///
/// # Errors
/// When the template fails.
pub(super) fn plain<M: Mail>(app: &App, view: &M) -> Result<Draft, AppError> {
    Ok(Draft { mail: app.renderer.mail(view).map_err(AppError::internal)?, stop_link: None, cards: Keys::new() })
}

/// What the row of a mail says.
///
/// # Errors
/// Internal when it cannot be read.
pub(super) fn payload<P: DeserializeOwned>(mail: &Claimed) -> Result<P, AppError> {
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

fn seat_invited(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    // Taken back or run out before the mail left.
    let Some(company) = seat_invitations::company_of(conn, &mail.account, app.now())? else { return Ok(None) };
    let view = SeatInvitedMail { company: companies::find(conn, &company)?.name, link: app.url("/sign-in") };
    plain(app, &view).map(Some)
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

fn confirm_address(app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let token = app.vault.token(TokenPurpose::Confirm, mail.id.as_str());
    let view = ConfirmAddressMail {
        link: app.url(&format!("/mail/confirm/{token}")).into(),
        hours: mail.kind.life().num_hours(),
        host: host(&app.public_url).to_owned(),
    };
    plain(app, &view)
}

fn still_wanted(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::OfMember = payload(mail)?;
    let asked_at = member_mail::of(conn, &payload.member)?.asked_at.unwrap_or(mail.created_at);
    let link = |path: &str, purpose| {
        let token = app.vault.token(purpose, mail.id.as_str());
        app.url(&format!("/mail/{path}/{token}"))
    };
    let stop_link = link("stop", TokenPurpose::Stop);
    let view = StillWantedMail {
        yes_link: link("still", TokenPurpose::Still).into(),
        stop_link: stop_link.as_str().into(),
        ends_on: (asked_at + ANSWER).format("%-d %B %Y").to_string(),
        postal_address: app.config.postal_address.clone().unwrap_or_default(),
    };
    let mut draft = plain(app, &view)?;
    draft.stop_link = Some(stop_link);
    Ok(draft)
}

fn new_address(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let payload: queue::NewAddress = payload(mail)?;
    let token = app.vault.token(TokenPurpose::NewAddress, &payload.token_id);
    // Taken back, or another address was named since.
    if email_changes::asked_of(conn, &token, app.now())? != Some(payload.member) {
        return Ok(None);
    }
    let view = NewAddressMail {
        link: app.url(&format!("/mail/new-address/{token}")).into(),
        hours: mail.kind.life().num_hours(),
        host: host(&app.public_url).to_owned(),
    };
    plain(app, &view).map(Some)
}

fn email_changed(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Draft>, AppError> {
    let payload: queue::EmailChanged = payload(mail)?;
    let Some(at) = members::email_changed_at(conn, &payload.member)? else { return Ok(None) };
    let view = EmailChangedMail {
        at: at.format("%e %B %Y, %H:%M UTC").to_string().trim().to_owned(),
        hours: EMAIL_HOLD.num_hours(),
        host: host(&app.public_url).to_owned(),
    };
    plain(app, &view).map(Some)
}

fn second_factor(app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let payload: queue::SecondFactor = payload(mail)?;
    let view = SecondFactorMail {
        change: payload.change.as_str().to_owned(),
        at: mail.created_at.format("%e %B %Y, %H:%M UTC").to_string().trim().to_owned(),
        host: host(&app.public_url).to_owned(),
        link: app.url("/account"),
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
        (_, Some(VoidCause::AdminEnded)) => "An admin ended it after a report.",
        _ => "The contact is no longer available.",
    }
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
