//! How the secrets are kept: sealed, each for its account, and wrapped anew with the master key.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use harness::{
    app::TestApp,
    authenticator::{Authenticator, enrol},
    database::Database,
    journeys, on_both, pg,
};
use rosterline::server::Ground;
use rosterline::usecases::{Rotation, left_to_wrap};
use store::second_factors;
use totp_rs::Secret;

use super::{JANE, confirm, fault, totp};

const BOB: &str = "bob@practice.example";

fn run(app: &TestApp, database: &Database, sql: &str) {
    match database {
        Database::Sqlite => {
            let file = Database::sqlite_file(app.data_dir());
            let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("the file");
            conn.batch_execute("PRAGMA busy_timeout=5000").expect("settings");
            conn.batch_execute(sql).expect("SQL that runs");
        }
        Database::Postgres(url) => drop(pg::query(url, sql)),
    }
}

async fn damaged(app: &TestApp) -> usize {
    let step = app.running().app().read(|conn, app| Ok(second_factors::verify(conn, &app.vault, "", 100)?)).await;
    step.expect("an answer").damaged.len()
}

async fn signs_in(app: &TestApp, email: &str, phone: &Authenticator) {
    app.advance(chrono::Duration::minutes(1)).await;
    let link = app.mailed_link(email).await;
    app.visitor().sign_in_with(&link, &phone.code(app.now())).await;
}

on_both! {
    /// A rotation takes them along, the one in use and the one that waits; both versions open meanwhile.
    async fn a_rotation_takes_the_secrets_along(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::join(&app, "Jane Rivera", JANE).await;
        let bob = journeys::join(&app, "Bob Stone", BOB).await;
        let (of_jane, _) = enrol(&app, &jane.api).await;
        let waits = bob.api.act("/session/second-factor").await.json();
        let of_bob = Authenticator::of(&journeys::text(&waits["secret"]));
        let config = app.running().app().config.clone();
        let beside = Ground::open(&config).expect("beside the server");
        let (contacts, secrets) = beside
            .db
            .read::<_, store::StoreError>(|conn| {
                Ok((store::contacts::count(conn, &beside.vault)?.0, second_factors::count(conn, &beside.vault)?.0))
            })
            .expect("counts");
        assert_eq!(secrets, 2);
        let mut rotation = Rotation::begin(&beside.db, &beside.vault).expect("a rotation");
        while rotation.done() < usize::try_from(contacts + 1).expect("a count") {
            assert!(rotation.step(1).expect("a step"));
        }
        signs_in(&app, JANE, &of_jane).await;
        while rotation.step(1).expect("a step") {}
        assert!(rotation.damaged().is_empty());
        let left = beside.db.read(|conn| left_to_wrap(conn, &beside.vault)).expect("a count");
        assert_eq!(left, 0);
        assert_eq!(damaged(&app).await, 0);
        signs_in(&app, JANE, &of_jane).await;
        let body = serde_json::json!({ "totp": of_bob.code(app.now()) });
        bob.api.refreshed().await.post("/session/second-factor/confirm", &body).await.ok();
    }
}

on_both! {
    /// Another account's secret in one's row opens nothing, so whoever can write the database signs in as nobody.
    async fn a_swapped_secret_opens_nothing(database) {
        let app = TestApp::start(database.clone()).await;
        let jane = journeys::join(&app, "Jane Rivera", JANE).await;
        let bob = journeys::join(&app, "Bob Stone", BOB).await;
        let (of_jane, _) = enrol(&app, &jane.api).await;
        let (of_bob, _) = enrol(&app, &bob.api).await;
        assert_eq!(damaged(&app).await, 0);
        let swap = "UPDATE second_factors SET wrapped_key = o.wrapped_key, sealed = o.sealed \
                    FROM second_factors AS o WHERE second_factors.id <> o.id";
        run(&app, &database, swap);
        assert_eq!(damaged(&app).await, 2);
        app.advance(chrono::Duration::minutes(1)).await;
        let link = app.mailed_link(JANE).await;
        for phone in [&of_jane, &of_bob] {
            confirm(&app, &link, Some(&phone.code(app.now()))).await.problem(500);
        }
        run(&app, &database, swap);
        app.visitor().sign_in_with(&link, &of_jane.code(app.now())).await;
    }
}

on_both! {
    /// Neither secret nor recovery code lies in the data folder, the database or the log in clear.
    async fn secrets_lie_nowhere_in_clear(database) {
        let app = TestApp::start(database.clone()).await;
        let jane = journeys::join(&app, "Jane Rivera", JANE).await;
        let (phone, codes) = enrol(&app, &jane.api).await;
        signs_in(&app, JANE, &phone).await;
        let link = app.mailed_link(JANE).await;
        app.visitor().sign_in_with(&link, &codes[0]).await;
        let raw = Secret::Encoded(phone.secret.clone()).to_bytes().expect("bytes");
        let mut wanted: Vec<Vec<u8>> = vec![raw, phone.secret.clone().into_bytes()];
        for code in &codes {
            wanted.extend([code.clone().into_bytes(), code.replace('-', "").into_bytes()]);
        }
        let mut places = vec![harness::logs::so_far().into_bytes()];
        match &database {
            Database::Sqlite => {
                let file = Database::sqlite_file(app.data_dir());
                for end in ["", "-wal"] {
                    places.push(std::fs::read(format!("{}{end}", file.display())).expect("a file"));
                }
            }
            Database::Postgres(url) => {
                for table in ["second_factors", "recovery_codes", "second_factor_misses", "audit", "sessions"] {
                    let rows = pg::query(url, &format!("SELECT row_to_json(t)::text FROM {table} t"));
                    places.push(rows.into_bytes());
                }
                wanted = wanted.iter().flat_map(|value| [value.clone(), hex(value).into_bytes()]).collect();
            }
        }
        for place in &places {
            for value in &wanted {
                assert!(!place.windows(value.len()).any(|part| part == &value[..]), "a secret lies in clear");
            }
        }
        assert_eq!(fault(confirm(&app, &app.mailed_link(JANE).await, Some(&codes[0])).await), totp("totp_wrong"));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
