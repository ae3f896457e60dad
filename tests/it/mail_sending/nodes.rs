//! Processes that are killed, frozen, or started on a database from somewhere else.

use domain::mail::{MailKind, MailState};
use domain::{AccountId, MailId};
use harness::{
    app::{ADMIN, TestApp},
    crash_mail::{self, Plan},
    crowd,
    database::Database,
    mail_node::{Node, Seat, begin},
    on_both, pg,
    smtp_peer::{Gate, Peer, Play},
};
use rosterline::server::Ground;
use store::outbox;

/// The program that can be a node.
const PROGRAM: &str = env!("CARGO_BIN_EXE_crash-mail");

on_both! {
    /// Five times three processes with four connections each are killed: nothing is lost, of each kill at most one copy for
    /// each open connection comes twice, and every copy is the same. `cargo crash-mail` does it two hundred times.
    async fn mail_08_kills_lose_nothing(database) {
        let dir = tempfile::tempdir().expect("a folder");
        let seen = crash_mail::play(PROGRAM, database.url(), Plan { rounds: 5, stock: 150, seed: 7 }, dir.path()).await;
        assert!(seen.is_good() && seen.mails >= 150, "{seen:?}");
    }
}

/// Two nodes and a mail for them.
struct Pair {
    peer: Peer,
    dir: tempfile::TempDir,
    ground: Ground,
    mail: MailId,
}

impl Pair {
    async fn new(database: &Database, play: Play) -> Pair {
        let dir = tempfile::tempdir().expect("a folder");
        let peer = Peer::builder().play(play).start().await;
        let pair_seat = seat(dir.path(), database, &peer, 0);
        let app = rosterline::server::open(pair_seat.config(), rosterline::clock::Clock::manual(begin()), None);
        drop(app.expect("it opens"));
        let ground = Ground::open(&pair_seat.config()).expect("it opens");
        let mail = ground.db.write::<_, store::StoreError>(|conn| {
            let emails = ["jane@clinic.example".to_owned()];
            let people: Vec<AccountId> = crowd::people(conn, &ground.vault, 1, &emails, begin())?;
            crowd::add(conn, &people[0], MailKind::MemberApproved, &crowd::id(2, 0), begin())
        });
        Pair { mail: mail.expect("a mail"), peer, dir, ground }
    }

    fn node(&self, database: &Database, n: usize) -> Node {
        let seat = seat(self.dir.path(), database, &self.peer, n);
        std::fs::create_dir_all(&seat.data_dir).expect("a folder");
        if n > 0 {
            let mark = self.dir.path().join("node-0").join("instance");
            std::fs::copy(mark, seat.data_dir.join("instance")).expect("the mark");
        }
        tokio::task::block_in_place(|| Node::start(PROGRAM, &seat))
    }

    fn state(&self) -> MailState {
        self.ground.db.read(|conn| outbox::find(conn, &self.mail)).expect("a mail").state
    }

    fn late_results(&self) -> usize {
        let events = self.ground.db.read(|conn| outbox::events_of(conn, &self.mail)).expect("a history");
        events.iter().filter(|event| event.to == "late_result").count()
    }
}

fn seat(dir: &std::path::Path, database: &Database, peer: &Peer, n: usize) -> Seat {
    Seat {
        data_dir: dir.join(format!("node-{n}")),
        database: database.url().unwrap_or_else(|| format!("sqlite://{}", dir.join("shared.db").display())),
        key_file: dir.join("master.key"),
        smtp: peer.url(),
        connections: 1,
        ahead: 0,
    }
}

/// Beyond a lease, and beyond the wait of a mail in doubt.
const LEASE: i64 = 61;
const DOUBT: i64 = 15 * 60;

on_both! {
    /// A node is frozen while the server makes up its mind about a body, another one sends the mail again after its time:
    /// one copy too many, and the first node's late word overwrites nothing.
    async fn mail_09_a_frozen_node_overwrites_nothing(database) {
        let gate = Gate::closed();
        let pair = Pair::new(&database, Play::Hold(gate.clone())).await;
        let frozen = pair.node(&database, 0);
        pair.peer.wait_for(1).await;
        frozen.signal("STOP");
        let mut other = pair.node(&database, 1);
        tokio::task::block_in_place(|| {
            other.advance(LEASE);
            other.drain();
        });
        assert_eq!(pair.state(), MailState::Ambiguous, "nobody can say, so it waits");
        tokio::task::block_in_place(|| {
            other.advance(DOUBT);
            other.drain();
        });
        assert_eq!((pair.state(), pair.peer.mails().len()), (MailState::Accepted, 2));
        gate.open();
        frozen.signal("CONT");
        tokio::task::block_in_place(|| frozen.stop());
        assert_eq!((pair.state(), pair.peer.mails().len(), pair.late_results()), (MailState::Accepted, 2, 1));
        let mails = pair.peer.mails();
        assert_eq!(mails[0].raw, mails[1].raw);
        tokio::task::block_in_place(|| other.stop());
    }
}

on_both! {
    /// The frozen node wakes up before anybody sent its mail again: the server's yes counts, and no copy goes out.
    async fn mail_09_a_late_yes_counts_while_nobody_has_sent_it_again(database) {
        let gate = Gate::closed();
        let pair = Pair::new(&database, Play::Hold(gate.clone())).await;
        let frozen = pair.node(&database, 0);
        pair.peer.wait_for(1).await;
        frozen.signal("STOP");
        let mut other = pair.node(&database, 1);
        tokio::task::block_in_place(|| {
            other.advance(LEASE);
            other.drain();
        });
        gate.open();
        frozen.signal("CONT");
        tokio::task::block_in_place(|| frozen.stop());
        assert_eq!((pair.state(), pair.late_results()), (MailState::Accepted, 1));
        tokio::task::block_in_place(|| {
            other.advance(DOUBT);
            other.drain();
            other.stop();
        });
        assert_eq!(pair.peer.mails().len(), 1);
    }
}

on_both! {
    /// A node frozen before the body finds out that its lease is lost, and sends no body.
    async fn mail_09_a_node_frozen_before_the_body_sends_none(database) {
        let gate = Gate::closed();
        let pair = Pair::new(&database, Play::HoldMail(gate.clone())).await;
        let frozen = pair.node(&database, 0);
        pair.peer.wait_for_line("C: MAIL", 1).await;
        frozen.signal("STOP");
        let mut other = pair.node(&database, 1);
        tokio::task::block_in_place(|| {
            other.advance(LEASE);
            other.drain();
        });
        assert_eq!((pair.state(), pair.peer.mails().len()), (MailState::Accepted, 1));
        gate.open();
        frozen.signal("CONT");
        tokio::task::block_in_place(|| frozen.stop());
        assert_eq!((pair.state(), pair.peer.mails().len()), (MailState::Accepted, 1));
        tokio::task::block_in_place(|| other.stop());
    }
}

on_both! {
    /// A copy of the database somewhere else sends nothing but sign-in mail until an admin says that this is where it
    /// lives. What became too old meanwhile is not sent.
    async fn mail_17_a_copy_of_the_database_sends_nothing_until_it_is_armed(database) {
        let original = tempfile::tempdir().expect("a folder");
        let app = TestApp::builder(database.clone())
            .folder(original.path().to_path_buf())
            .config(|config| config.smtp_url = None)
            .start()
            .await;
        let people = crowd::join(&app, 1, addresses()).await;
        let mails = crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
        app.leaves_jobs();
        stop(app).await;
        let copy = tempfile::tempdir().expect("a folder");
        let elsewhere = copied(&database, original.path(), copy.path());

        // Where it was, it goes on by itself.
        let app = TestApp::builder(database.clone()).folder(original.path().to_path_buf()).start().await;
        assert_eq!(app.mail.mails().len(), 3);
        stop(app).await;

        let app = TestApp::builder(elsewhere).folder(copy.path().to_path_buf()).start().await;
        assert_eq!(app.mail.mails().len(), 0);
        for mail in &mails {
            assert_eq!(crowd::stands(&app, mail).await.state, MailState::Queued);
        }
        let link = app.mailed_link(ADMIN).await;
        let mut admin = app.browser();
        let page = admin.sign_in(&link).await;
        assert!(page.text().contains("this database came from somewhere else"), "{}", page.text());
        let streams = app.admin().await.get("/admin/mail-streams").await.items();
        assert_eq!(streams.iter().filter(|stream| stream["waits_for"] == "arming").count(), streams.len() - 1, "{streams:?}");
        let page = admin.get("/admin/mail").await;
        let done = admin.send_and_follow(&page.form("/admin/mail-arm")).await;
        assert!(done.text().contains("Mail goes out from here"), "{}", done.text());
        app.settle().await;
        assert_eq!(app.mail.mails().len(), 1 + 3);
        app.admin().await.act("/admin/mail-arm").await.problem(409);
        let audit = app.admin().await.get("/admin/audit?limit=50").await.items();
        assert!(audit.iter().any(|act| act["action"] == "mail.arm"), "{audit:?}");
    }
}

fn addresses() -> Vec<String> {
    super::addresses("clinic.example", 3)
}

/// Ends in order, and lets go of the database.
async fn stop(app: TestApp) {
    tokio::task::block_in_place(|| drop(app));
}

/// A copy of folder and database, as somebody makes it who restores one on another machine.
fn copied(database: &Database, from: &std::path::Path, to: &std::path::Path) -> Database {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    let Database::Postgres(url) = database else {
        return Database::Sqlite;
    };
    let name = url.rsplit('/').next().expect("a name");
    let away = url.replace(&format!("/{name}"), "/postgres");
    pg::query(&away, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    pg::query(&away, &format!("CREATE DATABASE {name}_copy TEMPLATE {name}"));
    Database::Postgres(format!("{url}_copy"))
}
