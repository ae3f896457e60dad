//! A database that does not answer just when the mail server does.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use domain::mail::{MailKind, MailState};
use harness::{
    app::TestApp,
    crowd,
    database::Database,
    on_both, pg,
    smtp_peer::{Gate, Peer, Play},
};

use super::{addresses, each_once};

/// What the product says when an answer could not be written.
const COULD_NOT: &str = "what became of a mail could not be written; again";

on_both! {
    /// The server takes a mail while the database is locked or gone: the answer is kept in memory and written as soon as it
    /// can be. The mail does not go out again, and no other either until then.
    async fn mail_07_an_answer_that_cannot_be_written_is_kept(database) {
        let gate = Gate::closed();
        let app = TestApp::builder(database.clone()).smtp(Peer::builder().play(Play::Hold(gate.clone()))).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 6)).await;
        let mails = crowd::queue(&app, 2, MailKind::MemberApproved, &people[..1]).await;
        app.mail.wait_for(1).await;

        let lock = Lock::take(&app, &database);
        let before = complaints();
        gate.open();
        wait_for_complaint(before).await;
        assert_eq!(app.mail.mails().len(), 1);
        lock.release();

        crowd::queue(&app, 3, MailKind::MemberApproved, &people[1..]).await;
        app.settle().await;
        assert_eq!(crowd::stands(&app, &mails[0]).await.state, MailState::Accepted);
        assert_eq!((each_once(&app), crowd::count(&app, MailState::Accepted).await), (6, 6));
    }
}

fn complaints() -> usize {
    harness::logs::so_far().matches(COULD_NOT).count()
}

/// The product itself says when the answer met the closed door; there is nothing else to wait for.
async fn wait_for_complaint(before: usize) {
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    let said = tokio::time::timeout(Duration::from_secs(30), async {
        while complaints() <= before {
            tick.tick().await;
        }
    });
    assert!(said.await.is_ok(), "the product never met the lock");
}

/// Nobody else gets at the database.
enum Lock {
    Sqlite(SqliteConnection),
    Postgres(String),
}

impl Lock {
    fn take(app: &TestApp, database: &Database) -> Lock {
        match database {
            Database::Sqlite => {
                let file = Database::sqlite_file(app.data_dir());
                let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("the file opens");
                conn.batch_execute("PRAGMA busy_timeout=5000; BEGIN IMMEDIATE").expect("the lock");
                Lock::Sqlite(conn)
            }
            Database::Postgres(url) => {
                // As a restart looks from outside: every connection ends and none is to be had.
                let name = url.rsplit('/').next().expect("a name");
                let away = url.replace(&format!("/{name}"), "/postgres");
                pg::query(&away, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
                pg::query(
                    &away,
                    &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
                );
                Lock::Postgres(url.clone())
            }
        }
    }

    fn release(self) {
        match self {
            Lock::Sqlite(mut conn) => conn.batch_execute("ROLLBACK").expect("the lock goes"),
            Lock::Postgres(url) => {
                let name = url.rsplit('/').next().expect("a name");
                let away = url.replace(&format!("/{name}"), "/postgres");
                pg::query(&away, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
            }
        }
    }
}
