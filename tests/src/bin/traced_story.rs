//! Plays the long story in a process of its own, logs at the finest level as the server itself would, to standard error,
//! and forces what else could tell: answers of 500 with broken rows behind them, and panics whose own words quote a
//! name. `tests/it/acceptance/traced.rs` starts it and searches whatever it leaves.
//!
//! Arguments: the URL of a database, or `sqlite`; the data folder; a folder for what the caller should know.

use std::path::PathBuf;

use domain::MemberId;
use harness::{
    app::TestApp,
    beside,
    client::{ApiClient, Reply},
    database::Database,
    long_story::{self, Story},
};
use reqwest::Method;
use store::contacts::OwnContact;

/// In two parts, since no other file may name the table.
const CONTACTS: &str = concat!("sealed", "_contacts");

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [database, folder, notes] = args.as_slice() else {
        panic!("a database, a data folder and a folder for notes");
    };
    rosterline::cli::logging::start("trace");
    let database = match database.as_str() {
        "sqlite" => Database::Sqlite,
        url => Database::Postgres(url.to_owned()),
    };
    let app = TestApp::builder(database).folder(PathBuf::from(folder)).start().await;
    let story = long_story::play(&app).await;
    let mut answers = broken_rows(&app, &story).await;
    answers.extend(panics(&app, &story).await);
    let metrics = story.admin.send(Method::GET, "/metrics", None).await.with_status(200).text();
    let note = |name: &str, text: &str| std::fs::write(PathBuf::from(notes).join(name), text).expect("a note");
    note("metrics", &metrics);
    note("answers", &answers.join("\n"));
    note("secrets", &story.secrets.join("\n"));
    app.leaves_jobs();
}

/// Asks where an answer of 500 is sure; gives what was said.
async fn fails(client: &ApiClient, path: &str) -> String {
    let reply: Reply = client.send(Method::GET, path, None).await.with_status(500);
    format!("{:?}\n{}", reply.headers, reply.text())
}

/// Tables that are missing, contacts that do not open, rows that hold what they should not.
async fn broken_rows(app: &TestApp, story: &Story) -> Vec<String> {
    let (member, company) = (&story.members[0].api, &story.companies[0].api);
    let (id, person) = (&story.members[0].id, &story.people[0]);
    let mut said = Vec::new();
    let sealed = format!("UPDATE {CONTACTS} SET key_version = key_version");
    for (breaks, mends, ways) in [
        (
            "ALTER TABLE matches RENAME TO matches_away".to_owned(),
            "ALTER TABLE matches_away RENAME TO matches".to_owned(),
            vec![(member, "/api/v1/me/matches".to_owned()), (member, "/matches".to_owned())],
        ),
        (
            "ALTER TABLE ledger RENAME TO ledger_away".to_owned(),
            "ALTER TABLE ledger_away RENAME TO ledger".to_owned(),
            vec![(company, format!("/company/contacts/{}", story.introduction)), (member, "/ledger".to_owned())],
        ),
        (
            format!("{sealed} + 40"),
            format!("{sealed} - 40"),
            vec![
                (member, "/api/v1/me/contact".to_owned()),
                (member, "/profile/contact".to_owned()),
                (company, format!("/api/v1/company/introductions/{}", story.introduction)),
            ],
        ),
        (
            format!("UPDATE profiles SET provider_class = '{}' WHERE member_id = '{id}'", person.email),
            format!("UPDATE profiles SET provider_class = 'md_do' WHERE member_id = '{id}'"),
            vec![(member, "/api/v1/me/profile".to_owned()), (member, "/profile".to_owned())],
        ),
        (
            format!("UPDATE profile_certifications SET steps = '\"{}\"' WHERE member_id = '{id}'", person.npi),
            format!("UPDATE profile_certifications SET steps = '{{}}' WHERE member_id = '{id}'"),
            vec![(member, "/api/v1/me/profile".to_owned())],
        ),
    ] {
        beside::run(app, &breaks).await;
        for (client, path) in ways {
            said.push(fails(client, &path).await);
        }
        beside::run(app, &mends).await;
    }
    said
}

/// A panic of the standard library quotes the text it was about; here that is a name.
async fn panics(app: &TestApp, story: &Story) -> Vec<String> {
    let mut said = Vec::new();
    for member in &story.members[..2] {
        let id = MemberId::parse(&member.id).expect("an id");
        let broke = app.running().app().read(move |conn, app| {
            let account = store::members::find(conn, &id)?.account;
            let contact = store::contacts::own(conn, &app.vault, &OwnContact::of_signed_in(account))?;
            Ok(contact.name.reveal()[..1].len())
        });
        said.push(broke.await.expect_err("a panic in the middle of a letter").to_string());
    }
    said
}
