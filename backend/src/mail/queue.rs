//! Writes mails into the outbox, in the transaction of what causes them. A payload holds ids and nothing else.

use chrono::{DateTime, Utc};
use domain::alert::Cadence;
use domain::mail::MailKind;
use domain::opening::OpeningAction;
use domain::second_factor::SecondFactorChange;
use domain::{AccountId, CompanyId, IntroductionId, LedgerId, MailId, MemberId, OpeningId};
use serde::{Deserialize, Serialize};
use store::Conn;
use store::members::Member;
use store::outbox::{self, NewMail};

use crate::app::App;
use crate::error::AppError;

/// Which token a sign-in link carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Its id; the token is derived from it.
    pub token_id: String,
}

/// Who was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberApproved {
    /// Member.
    pub member: MemberId,
}

/// Which company was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyApproved {
    /// Company.
    pub company: CompanyId,
}

/// What was decided on which opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningReviewed {
    /// Opening.
    pub opening: OpeningId,
    /// `approve`, `return` or `reject`.
    pub outcome: OpeningAction,
    /// Revision that was read.
    pub revision: i32,
}

/// Whose alerts, and which of their mails; the cards stand in a table of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Member.
    pub member: MemberId,
    /// At once, or the digest of a day or a week; mails that were written before there were digests are instant ones.
    #[serde(default = "instant")]
    pub cadence: Cadence,
}

const fn instant() -> Cadence {
    Cadence::Instant
}

/// Which introduction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// Introduction.
    pub introduction: IntroductionId,
}

/// Which look at whose contact; the reason stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLooked {
    /// Member.
    pub member: MemberId,
    /// Entry of the ledger.
    pub entry: LedgerId,
}

/// Whom a mail is about that needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfMember {
    /// Member.
    pub member: MemberId,
}

#[derive(Serialize)]
struct Nothing {}

/// Which token asks whose new address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAddress {
    /// Member.
    pub member: MemberId,
    /// The token's id; the token is derived from it.
    pub token_id: String,
}

/// Whose address changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChanged {
    /// Member.
    pub member: MemberId,
}

/// What happened to the second factor of the account that is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// What.
    pub change: SecondFactorChange,
}

/// A one-time sign-in link.
///
/// # Errors
/// Database errors only.
pub fn sign_in(conn: &mut Conn, app: &App, account: &AccountId, token_id: &str) -> Result<(), AppError> {
    let payload = SignIn { token_id: token_id.to_owned() };
    add(conn, app, MailKind::SignIn, account, &payload, token_id)
}

/// Membership approved.
///
/// # Errors
/// Database errors only.
pub fn member_approved(conn: &mut Conn, app: &App, account: &AccountId, member: &MemberId) -> Result<(), AppError> {
    let payload = MemberApproved { member: member.clone() };
    let key = format!("{member}:{}", moment(app));
    add(conn, app, MailKind::MemberApproved, account, &payload, &key)
}

/// Company approved.
///
/// # Errors
/// Database errors only.
pub fn company_approved(conn: &mut Conn, app: &App, account: &AccountId, company: &CompanyId) -> Result<(), AppError> {
    let payload = CompanyApproved { company: company.clone() };
    let key = format!("{company}:{}", moment(app));
    add(conn, app, MailKind::CompanyApproved, account, &payload, &key)
}

/// Somebody may act for a company; which one is the invitation's to say when the mail leaves.
///
/// # Errors
/// Database errors only.
pub fn seat_invited(conn: &mut Conn, app: &App, account: &AccountId) -> Result<(), AppError> {
    add(conn, app, MailKind::SeatInvited, account, &serde_json::json!({}), account.as_str())
}

/// An admin decided on an opening.
///
/// # Errors
/// Database errors only.
pub fn opening_reviewed(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    opening: &OpeningId,
    outcome: OpeningAction,
    revision: i32,
) -> Result<(), AppError> {
    let key = format!("{opening}:{revision}:{outcome}:{}", moment(app));
    let payload = OpeningReviewed { opening: opening.clone(), outcome, revision };
    add(conn, app, MailKind::OpeningReviewed, account, &payload, &key)
}

/// A physician said yes.
///
/// # Errors
/// Database errors only.
pub fn introduction_received(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    introduction: &IntroductionId,
) -> Result<(), AppError> {
    introduced(conn, app, MailKind::IntroductionReceived, account, introduction)
}

/// An introduction ended.
///
/// # Errors
/// Database errors only.
pub fn introduction_ended(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    introduction: &IntroductionId,
) -> Result<(), AppError> {
    introduced(conn, app, MailKind::IntroductionEnded, account, introduction)
}

/// An admin looked at the member's contact.
///
/// # Errors
/// Database errors only.
pub fn contact_looked(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    member: &MemberId,
    entry: &LedgerId,
) -> Result<(), AppError> {
    let payload = ContactLooked { member: member.clone(), entry: entry.clone() };
    add(conn, app, MailKind::ContactLooked, account, &payload, entry.as_str())
}

/// The link that confirms the member's address; nothing when the same cause made one before.
///
/// # Errors
/// Database errors only.
pub fn confirm_address(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    member: &MemberId,
    cause: &str,
) -> Result<Option<MailId>, AppError> {
    put(conn, app, MailKind::ConfirmAddress, account, &OfMember { member: member.clone() }, cause, None)
}

/// The question whether alerts are still wanted; nothing when the same cause made one before.
///
/// # Errors
/// Database errors only.
pub fn still_wanted(conn: &mut Conn, app: &App, member: &Member, cause: &str) -> Result<Option<MailId>, AppError> {
    let payload = OfMember { member: member.id.clone() };
    let epoch = Some(member.permission_epoch);
    put(conn, app, MailKind::StillWanted, &member.account, &payload, cause, epoch)
}

/// What makes the question of a cause the only one.
#[must_use]
pub fn still_wanted_key(account: &AccountId, cause: &str) -> String {
    key(MailKind::StillWanted, account, cause)
}

/// What alerts look like, to the admin who asks.
///
/// # Errors
/// Database errors only.
pub fn alert_test(conn: &mut Conn, app: &App, account: &AccountId) -> Result<(), AppError> {
    let cause = moment(app).to_string();
    add(conn, app, MailKind::AlertTest, account, &Nothing {}, &cause)
}

/// Asks a new address; the gate sends it there and not to the one on file.
///
/// # Errors
/// Database errors only.
pub fn new_address(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    member: &MemberId,
    token_id: &str,
) -> Result<(), AppError> {
    let payload = NewAddress { member: member.clone(), token_id: token_id.to_owned() };
    add(conn, app, MailKind::NewAddress, account, &payload, token_id)
}

/// Tells the address before; the gate sends it there and not to the one on file.
///
/// # Errors
/// Database errors only.
pub fn email_changed(conn: &mut Conn, app: &App, account: &AccountId, member: &MemberId) -> Result<(), AppError> {
    let payload = EmailChanged { member: member.clone() };
    let key = format!("{member}:{}", moment(app));
    add(conn, app, MailKind::EmailChanged, account, &payload, &key)
}

/// Tells somebody what happened to the second factor of the account. Needs no running server: the operator's command
/// writes one too.
///
/// # Errors
/// Database errors only.
pub fn second_factor(
    conn: &mut Conn,
    account: &AccountId,
    change: SecondFactorChange,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let (kind, id) = (MailKind::SecondFactor, crate::random::id(MailId::from_uuid));
    let new = NewMail {
        id: &id,
        kind,
        account,
        payload: &write(&SecondFactor { change })?,
        dedupe_key: &key(kind, account, &format!("{change}:{}", now.timestamp_micros())),
        permission_epoch: None,
        due_at: now,
    };
    outbox::add(conn, &new, now)?;
    Ok(())
}

fn introduced(
    conn: &mut Conn,
    app: &App,
    kind: MailKind,
    account: &AccountId,
    introduction: &IntroductionId,
) -> Result<(), AppError> {
    let payload = Introduction { introduction: introduction.clone() };
    add(conn, app, kind, account, &payload, introduction.as_str())
}

/// When a decision was taken: the same object can be decided on again later.
fn moment(app: &App) -> i64 {
    app.now().timestamp_micros()
}

/// Writes a mail of a kind to an account into the outbox, once for each cause.
///
/// # Errors
/// Database errors only.
pub(super) fn add<P: Serialize>(
    conn: &mut Conn,
    app: &App,
    kind: MailKind,
    account: &AccountId,
    payload: &P,
    cause: &str,
) -> Result<(), AppError> {
    put(conn, app, kind, account, payload, cause, None).map(|_| ())
}

/// The id of the mail, when it is new.
fn put<P: Serialize>(
    conn: &mut Conn,
    app: &App,
    kind: MailKind,
    account: &AccountId,
    payload: &P,
    cause: &str,
    permission_epoch: Option<i64>,
) -> Result<Option<MailId>, AppError> {
    let (now, id) = (app.now(), crate::random::id(MailId::from_uuid));
    let new = NewMail {
        id: &id,
        kind,
        account,
        payload: &write(payload)?,
        dedupe_key: &key(kind, account, cause),
        permission_epoch,
        due_at: now,
    };
    Ok(outbox::add(conn, &new, now)?.then_some(id))
}

/// Several people can hear of one cause.
fn key(kind: MailKind, account: &AccountId, cause: &str) -> String {
    format!("{kind}:{account}:{cause}")
}

/// A payload as its row holds it.
///
/// # Errors
/// Internal.
pub(crate) fn write<P: Serialize>(payload: &P) -> Result<String, AppError> {
    serde_json::to_string(payload).map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_hold_ids_only() {
        let id = "0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11";
        let reviewed =
            OpeningReviewed { opening: OpeningId::parse(id).unwrap(), outcome: OpeningAction::Return, revision: 2 };
        let text = write(&reviewed).unwrap();
        assert_eq!(text, format!(r#"{{"opening":"{id}","outcome":"return","revision":2}}"#));
        assert_eq!(serde_json::from_str::<OpeningReviewed>(&text).unwrap(), reviewed);
    }
}
