//! Writes mails into the outbox, in the transaction of what causes them. A payload holds ids and nothing else.

use domain::mail::MailKind;
use domain::opening::OpeningAction;
use domain::{AccountId, AlertId, CompanyId, IntroductionId, LedgerId, MailId, MemberId, OpeningId};
use serde::{Deserialize, Serialize};
use store::Conn;
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

/// Whose alert; the cards stand in a table of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Member.
    pub member: MemberId,
    /// Alert.
    pub alert: AlertId,
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

fn add<P: Serialize>(
    conn: &mut Conn,
    app: &App,
    kind: MailKind,
    account: &AccountId,
    payload: &P,
    cause: &str,
) -> Result<(), AppError> {
    let now = app.now();
    let new = NewMail {
        id: &crate::random::id(MailId::from_uuid),
        kind,
        account,
        payload: &write(payload)?,
        // Several people can hear of one cause.
        dedupe_key: &format!("{kind}:{account}:{cause}"),
        permission_epoch: None,
        due_at: now,
    };
    outbox::add(conn, &new, now)?;
    Ok(())
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
