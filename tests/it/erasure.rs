//! Whoever leaves is nowhere any more, and stays away when an old copy of the database is put back.

use std::path::Path;

use chrono::Duration;
use domain::MailId;
use domain::contact::EmailAddress;
use domain::mail::MailKind;
use harness::{app::TestApp, database::Database, factory, journeys, logs, on_both, pg};
use rosterline::cli::leakcheck::find;
use rosterline::usecases;
use store::outbox::NewMail;

const JANE: &str = "jane.erased4711@clinic.example";
const BOB: &str = "bob@practice.example";

/// Copies the database of a product that is stopped.
fn save(database: &Database, data_dir: &Path, to: &Path) {
    match database {
        Database::Sqlite => {
            let file = Database::sqlite_file(data_dir);
            std::fs::copy(&file, to).expect("a copy");
            assert!(!Path::new(&format!("{}-wal", file.display())).exists(), "a stopped product leaves no log behind");
        }
        Database::Postgres(url) => copy_postgres(&name_of(url), &format!("{}_saved", name_of(url)), url),
    }
}

/// Puts the copy back.
fn put_back(database: &Database, data_dir: &Path, from: &Path) {
    match database {
        Database::Sqlite => drop(std::fs::copy(from, Database::sqlite_file(data_dir)).expect("the copy")),
        Database::Postgres(url) => copy_postgres(&format!("{}_saved", name_of(url)), &name_of(url), url),
    }
}

fn name_of(url: &str) -> String {
    url.rsplit_once('/').expect("a database").1.to_owned()
}

fn copy_postgres(from: &str, to: &str, url: &str) {
    let desk = format!("{}/postgres", url.rsplit_once('/').expect("a database").0);
    pg::query(&desk, &format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"));
    pg::query(&desk, &format!("CREATE DATABASE {to} TEMPLATE {from}"));
}

async fn is_there(app: &TestApp, email: &str) -> bool {
    let email = EmailAddress::parse(email).expect("an address");
    let found =
        app.running().app().read(move |conn, app| Ok(store::contacts::account_of(conn, &app.vault, &email)?)).await;
    found.expect("an answer").is_some()
}

/// A mail to Jane that is due tomorrow.
async fn queue(app: &TestApp) -> MailId {
    let id = MailId::parse("00000000-0000-4000-8000-00000000e4a5").expect("an id");
    let mail = id.clone();
    let queued = app.running().app().write(move |conn, app| {
        let email = EmailAddress::parse(JANE).expect("an address");
        let new = NewMail {
            id: &mail,
            kind: MailKind::MemberApproved,
            account: &store::contacts::account_of(conn, &app.vault, &email)?.expect("Jane"),
            payload: "{}",
            dedupe_key: mail.as_str(),
            permission_epoch: None,
            due_at: app.now() + Duration::days(1),
        };
        Ok(store::outbox::add(conn, &new, app.now())?)
    });
    assert!(queued.await.expect("an answer"));
    id
}

async fn still_waits(app: &TestApp, mail: &MailId) -> bool {
    let mail = mail.clone();
    let found = app.running().app().read(move |conn, _| Ok(store::outbox::exists(conn, &mail)?)).await;
    found.expect("an answer")
}

fn leaks(app: &TestApp, canaries: &Path) -> Vec<String> {
    let config = &app.running().app().config;
    tokio::task::block_in_place(|| find(config, Some(canaries), &[]).expect("a search")).0.lines().collect()
}

on_both! {
    /// T38: scan database, log, index, outbox and the product's own log; then put the day before back.
    async fn t38_erasure_leaves_no_canary_anywhere_and_survives_a_restore(database) {
        let mut app = TestApp::start(database.clone()).await;
        let jane = journeys::alerted_member(&app, "Jane Erasedname", JANE, &factory::california_qme()).await;
        journeys::alerted_member(&app, "Bob Stone", BOB, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let yes = journeys::introduce(&app, &jane, &opening, &["name", "email"]).await;
        company.api.get(&format!("/company/introductions/{yes}")).await.ok();
        let folder = tempfile::tempdir().expect("a folder");
        let (copy, canaries) = (folder.path().join("copy.db"), folder.path().join("canaries.txt"));
        let values = format!("{JANE}\nErasedname\n{}\n", factory::npi_of(JANE));
        std::fs::write(&canaries, &values).expect("a file");
        app.restart_after(|data_dir| save(&database, data_dir, &copy)).await;

        let jane_again = app.sign_in(JANE).await;
        let waiting = queue(&app).await;
        assert!(still_waits(&app, &waiting).await);
        jane_again.delete("/me").await.with_status(204);
        jane_again.get("/me/profile").await.with_status(401);
        app.settle().await;
        assert!(!is_there(&app, JANE).await && !still_waits(&app, &waiting).await, "nor is their mail");
        assert_eq!(leaks(&app, &canaries), Vec::<String>::new());
        let log = logs::so_far().to_lowercase();
        assert!(!log.contains("erased4711") && !log.contains("erasedname"), "the log");
        let journal = std::fs::read_to_string(app.data_dir().join("erasures.jsonl")).expect("the journal");
        assert_eq!(journal.lines().count(), 1);
        assert!(journal.contains(&jane.id) && !values.lines().any(|value| journal.contains(value)));
        company.api.get(&format!("/company/introductions/{yes}")).await.with_status(410);
        let faults = app.running().app().read(usecases::audit_ledger).await;
        assert_eq!(faults.expect("an answer"), Vec::<String>::new(), "the proofs of others still hold");

        app.restart_after(|data_dir| put_back(&database, data_dir, &copy)).await;
        assert!(!is_there(&app, JANE).await && is_there(&app, BOB).await);
        jane.api.get("/me/profile").await.with_status(401);
        company.api.get(&format!("/company/introductions/{yes}")).await.with_status(410);
        assert_eq!(leaks(&app, &canaries), Vec::<String>::new());
        let index = app.running().app().index.profiles().count();
        assert_eq!(index, 1, "Bob alone is in the index");
    }
}
