//! The last part of the gate: what the outbox itself asks before it gives an address out.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use domain::MailId;
use domain::contact::EmailAddress;
use domain::permission::Permissions;
use harness::{app::TestApp, factory, journeys, on_both};
use rosterline::{App, AppError};
use store::outbox::{self, NewMail};
use store::{Conn, members::Member};

const JANE: &str = "jane@clinic.example";

/// Queues a mail under the member's epoch, claims it, lets something happen, and asks the gate.
async fn passes(app: &TestApp, happens: fn(&mut Conn, &App, &Member) -> Result<(), AppError>) -> bool {
    app.running()
        .app()
        .write(move |conn, app| {
            let account =
                store::contacts::account_of(conn, &app.vault, &EmailAddress::parse(JANE).expect("an address"))?
                    .expect("Jane");
            let member = store::members::by_account(conn, &account)?;
            let id = MailId::parse(&new_id()).expect("an id");
            let mail = NewMail {
                id: &id,
                kind: domain::mail::MailKind::MemberApproved,
                account: &account,
                payload: "{}",
                dedupe_key: id.as_str(),
                permission_epoch: Some(member.permission_epoch),
                due_at: app.now(),
            };
            assert!(outbox::add(conn, &mail, app.now())?);
            let claimed = outbox::claim(conn, "first", 100, app.now())?;
            let mine = claimed.into_iter().find(|c| c.id == id).expect("claimed");
            happens(conn, app, &member)?;
            Ok(outbox::pass_gate(conn, &mine)?.is_some())
        })
        .await
        .expect("the database answers")
}

/// Ids of this test's own mails, one after the other.
fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("00000000-0000-4000-8000-{:012}", NEXT.fetch_add(1, Ordering::Relaxed))
}

on_both! {
    /// Nothing moved: it passes. The switch moved, the account was shut out, or another worker took it: it does not.
    async fn only_an_unmoved_mail_gets_an_address(database) {
        // All happens in one transaction, so no worker comes in between.
        let app = TestApp::builder(database).start().await;
        journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        assert!(passes(&app, |_, _, _| Ok(())).await);
        let another_worker = |conn: &mut Conn, app: &App, _: &Member| {
            let later = app.now() + outbox::LEASE + Duration::seconds(1);
            assert!(!outbox::claim(conn, "second", 100, later)?.is_empty());
            Ok(())
        };
        assert!(!passes(&app, another_worker).await, "the lease went to another worker");
        let switch = |conn: &mut Conn, app: &App, member: &Member| {
            store::permissions::set(conn, &member.id, Permissions::default(), "page", app.now())?;
            Ok(())
        };
        assert!(!passes(&app, switch).await, "the permissions moved");
        let shut_out = |conn: &mut Conn, app: &App, member: &Member| {
            Ok(store::accounts::disable(conn, &member.account, app.now())?)
        };
        assert!(!passes(&app, shut_out).await, "the account was shut out");
        app.leaves_jobs();
    }
}
