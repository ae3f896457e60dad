//! The sealed contacts and their keys: what was swapped, changed or sealed with another key opens nothing, and a new
//! version of the key takes over while requests run.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use domain::contact::EmailAddress;
use harness::{app::TestApp, database::Database, factory, journeys, on_both, pg};
use rosterline::config::Config;
use rosterline::server::{Ground, StartError};
use rosterline::usecases::Rotation;
use store::{KeyFileError, contacts};

const JANE: &str = "jane@clinic.example";
const BOB: &str = "bob@practice.example";
/// In two parts, since no other file may name the table.
const TABLE: &str = concat!("sealed", "_contacts");

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    cell: String,
}

fn sqlite(app: &TestApp) -> SqliteConnection {
    let file = Database::sqlite_file(app.data_dir());
    let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("the file");
    conn.batch_execute("PRAGMA busy_timeout=5000").expect("settings");
    conn
}

fn run(app: &TestApp, database: &Database, sql: &str) {
    match database {
        Database::Sqlite => sqlite(app).batch_execute(sql).expect("SQL that runs"),
        Database::Postgres(url) => drop(pg::query(url, sql)),
    }
}

/// One text that a query gives in the column `cell`.
fn cell(app: &TestApp, database: &Database, sql: &str) -> String {
    match database {
        Database::Sqlite => sql_query(sql).get_result::<Cell>(&mut sqlite(app)).expect("a row").cell,
        Database::Postgres(url) => pg::query(url, sql).trim().to_owned(),
    }
}

/// All that is sealed, as hex.
fn sealed(app: &TestApp, database: &Database, of: &str) -> String {
    let hex = match database {
        Database::Sqlite => "hex(sealed)",
        Database::Postgres(_) => "encode(sealed, 'hex')",
    };
    cell(app, database, &format!("SELECT {hex} AS cell FROM {TABLE} WHERE account_id = '{of}'"))
}

fn set_sealed(app: &TestApp, database: &Database, of: &str, hex: &str) {
    let bytes = match database {
        Database::Sqlite => format!("x'{hex}'"),
        Database::Postgres(_) => format!("'\\x{hex}'::bytea"),
    };
    run(app, database, &format!("UPDATE {TABLE} SET sealed = {bytes} WHERE account_id = '{of}'"));
}

async fn account(app: &TestApp, email: &str) -> String {
    let email = EmailAddress::parse(email).expect("an address");
    let found = app.running().app().read(move |conn, app| Ok(contacts::account_of(conn, &app.vault, &email)?)).await;
    found.expect("an answer").expect("an account").to_string()
}

/// Whose contacts `check` finds fault with.
async fn damaged(app: &TestApp) -> Vec<String> {
    let step = app.running().app().read(|conn, app| Ok(contacts::verify(conn, &app.vault, "", 1000)?)).await;
    step.expect("an answer").damaged.iter().map(ToString::to_string).collect()
}

fn with_key(app: &TestApp, name: &str) -> Config {
    let mut config = app.running().app().config.clone();
    config.master_key_file = Some(app.data_dir().join(name));
    config
}

on_both! {
    /// T18: two contacts change places, one byte changes, the key is another one or gone.
    async fn t18_a_swapped_changed_or_foreign_blob_opens_nothing(database) {
        let app = TestApp::start(database.clone()).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let bob = journeys::alerted_member(&app, "Bob Stone", BOB, &factory::california_qme()).await;
        let (of_jane, of_bob) = (account(&app, JANE).await, account(&app, BOB).await);
        assert_eq!(damaged(&app).await, Vec::<String>::new());

        let both = format!("('{of_jane}', '{of_bob}')");
        let swap = format!(
            "UPDATE {TABLE} SET wrapped_key = o.wrapped_key, sealed = o.sealed FROM {TABLE} AS o \
             WHERE {TABLE}.account_id <> o.account_id AND {TABLE}.account_id IN {both} AND o.account_id IN {both}"
        );
        run(&app, &database, &swap);
        for (me, other) in [(&jane, BOB), (&bob, JANE)] {
            let refused = me.api.get("/me/contact").await.with_status(500);
            assert!(!refused.text().contains(other), "another's contact");
        }
        assert_eq!(damaged(&app).await.len(), 2);
        run(&app, &database, &swap);
        assert_eq!(jane.api.get("/me/contact").await.ok()["email"], JANE);

        // In the nonce, in what is sealed, and in its tag.
        let right = sealed(&app, &database, &of_jane);
        for place in [0, 60, right.len() - 1] {
            let mut wrong = right.clone();
            let digit = if &wrong[place..=place] == "0" { "1" } else { "0" };
            wrong.replace_range(place..=place, digit);
            set_sealed(&app, &database, &of_jane, &wrong);
            jane.api.get("/me/contact").await.with_status(500);
            assert_eq!(damaged(&app).await, std::slice::from_ref(&of_jane));
        }
        set_sealed(&app, &database, &of_jane, &right);
        jane.api.get("/me/contact").await.ok();

        let missing = with_key(&app, "nowhere.key");
        assert!(matches!(Ground::open(&missing), Err(StartError::Keys(KeyFileError::Missing))));
        assert!(!missing.key_file().exists(), "no new key is made beside contacts that need the old one");
        let foreign = with_key(&app, "foreign.key");
        drop(store::Vault::open(&foreign.key_file()).expect("another key"));
        let bytes = std::fs::read(foreign.key_file()).expect("its file");
        assert!(matches!(Ground::open(&foreign), Err(StartError::Keys(KeyFileError::Foreign))));
        assert_eq!(std::fs::read(foreign.key_file()).expect("its file"), bytes);
        assert_eq!(sealed(&app, &database, &of_jane), right, "nothing was written");
        jane.api.get("/me/contact").await.ok();
    }
}

on_both! {
    /// A rotation is stopped after one contact, goes on later, and people write and read their contacts meanwhile.
    async fn a_rotation_that_was_stopped_goes_on_while_requests_run(database) {
        let mut app = TestApp::start(database.clone()).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let bob = journeys::alerted_member(&app, "Bob Stone", BOB, &factory::california_qme()).await;
        let config = app.running().app().config.clone();
        let before = sealed(&app, &database, &account(&app, BOB).await);

        let beside = Ground::open(&config).expect("beside the server");
        let mut rotation = Rotation::begin(&beside.db, &beside.vault).expect("a rotation");
        assert!(rotation.step(1).expect("a step"));
        assert_eq!((rotation.version(), rotation.done()), (2, 1));
        assert!(Rotation::begin(&beside.db, &beside.vault).is_err(), "one at a time");
        drop(rotation);
        for (me, email) in [(&jane, JANE), (&bob, BOB)] {
            assert_eq!(me.api.get("/me/contact").await.ok()["email"], email, "both versions open");
        }

        let rest = tokio::task::spawn_blocking(move || {
            let beside = Ground::open(&config).expect("beside the server");
            let mut rotation = Rotation::begin(&beside.db, &beside.vault).expect("the same rotation");
            assert_eq!(rotation.version(), 2, "it goes on");
            while rotation.step(1).expect("a step") {}
            assert!(rotation.damaged().is_empty());
            beside.db.read(|conn| contacts::count(conn, &beside.vault)).expect("an answer")
        });
        for round in 0..10 {
            let body = factory::contact("Jane Rivera", JANE).set("/phone", format!("661-555-01{round:02}")).json();
            jane.api.put("/me/contact", &body).await.ok();
            assert_eq!(bob.api.get("/me/contact").await.ok()["email"], BOB);
        }
        let (all, old) = rest.await.expect("it ends");
        assert!(all >= 3 && old == 0, "{old} of {all} are still under the first version");
        assert_eq!(damaged(&app).await, Vec::<String>::new());
        assert_eq!(sealed(&app, &database, &account(&app, BOB).await), before, "only its key was wrapped anew");

        app.restart_after(|_| {}).await;
        assert_eq!(app.sign_in(BOB).await.get("/me/contact").await.ok()["email"], BOB);
        assert_eq!(jane.api.get("/me/contact").await.ok()["phone"], "(661) 555-0109");
    }
}
