//! Many people with addresses and nothing else, and mails to them: what the sending side is tested with.

use chrono::{DateTime, Utc};
use domain::contact::{Contact, EmailAddress, PersonName};
use domain::mail::{MailKind, MailState};
use domain::standing::Role;
use domain::{AccountId, MailId};
use rosterline::App;
use store::outbox::{self, Listed, NewMail};
use store::{Conn, StoreError, Vault};

use crate::app::TestApp;

/// An id that is this number.
pub fn id(space: u16, n: usize) -> String {
    format!("{n:08x}-{space:04x}-4000-8000-000000000000")
}

/// Makes accounts with these addresses; `space` keeps several crowds apart.
///
/// # Errors
/// Database errors.
pub fn people(
    conn: &mut Conn,
    vault: &Vault,
    space: u16,
    emails: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<AccountId>, StoreError> {
    let mut made = Vec::new();
    for (n, email) in emails.iter().enumerate() {
        let account = AccountId::parse(&id(space, n)).expect("an id");
        store::accounts::create(conn, &account, Role::Member, now)?;
        let contact = Contact {
            name: PersonName::parse("Some Body").expect("a name"),
            email: EmailAddress::parse(email).expect("an address"),
            phone: None,
            npi: None,
            cv: None,
            licences: Vec::new(),
        };
        store::contacts::put(conn, vault, &account, &contact, now)?;
        made.push(account);
    }
    Ok(made)
}

/// Writes a mail that needs nothing but an address.
///
/// # Errors
/// Database errors.
pub fn add(
    conn: &mut Conn,
    account: &AccountId,
    kind: MailKind,
    id: &str,
    now: DateTime<Utc>,
) -> Result<MailId, StoreError> {
    let mail = MailId::parse(id).expect("an id");
    let payload = match kind {
        MailKind::SignIn => format!("{{\"token_id\":\"{id}\"}}"),
        MailKind::MemberApproved => format!("{{\"member\":\"{id}\"}}"),
        other => panic!("{other} needs more than an address"),
    };
    let new =
        NewMail { id: &mail, kind, account, payload: &payload, dedupe_key: id, permission_epoch: None, due_at: now };
    assert!(outbox::add(conn, &new, now)?, "{id} is new");
    Ok(mail)
}

/// `people` in a running product.
pub async fn join(app: &TestApp, space: u16, emails: Vec<String>) -> Vec<AccountId> {
    write(app, move |conn, app| people(conn, &app.vault, space, &emails, app.now())).await
}

/// Queues one mail for each of these accounts, all in one commit.
pub async fn queue(app: &TestApp, space: u16, kind: MailKind, accounts: &[AccountId]) -> Vec<MailId> {
    let accounts = accounts.to_vec();
    write(app, move |conn, app| {
        let each = accounts.iter().enumerate();
        each.map(|(n, account)| add(conn, account, kind, &id(space, n), app.now())).collect()
    })
    .await
}

/// How a mail stands.
pub async fn stands(app: &TestApp, mail: &MailId) -> Listed {
    let mail = mail.clone();
    read(app, move |conn| outbox::find(conn, &mail)).await
}

/// How many mails are in this state.
pub async fn count(app: &TestApp, state: MailState) -> i64 {
    let depth = read(app, outbox::depth).await;
    depth.iter().filter(|d| d.state == state).map(|d| d.count).sum()
}

/// Reads what the product has written.
pub async fn read<T: Send + 'static>(
    app: &TestApp,
    f: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> T {
    app.running().app().read(move |conn, _| Ok(f(conn)?)).await.expect("the database answers")
}

/// Writes as the product would.
pub async fn write<T: Send + 'static>(
    app: &TestApp,
    mut f: impl FnMut(&mut Conn, &App) -> Result<T, StoreError> + Send + 'static,
) -> T {
    app.running().app().write(move |conn, app| Ok(f(conn, app)?)).await.expect("the database answers")
}
