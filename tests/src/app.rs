//! The whole product inside a test: real HTTP, real database, real index, an SMTP peer of its own.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration as Wait,
};

use chrono::{DateTime, Duration, TimeZone, Utc};
use domain::{contact::EmailAddress, matching::ReviewPolicy};
use rosterline::{
    clock::Clock,
    config::Config,
    server::{self, Running},
};
use serde_json::json;

use crate::client::ApiClient;
use crate::database::Database;
use crate::page_client::PageClient;
use crate::smtp_peer::{Peer, PeerBuilder};

/// The admin whom the configuration names.
pub const ADMIN: &str = "admin@community.example";

/// How long the product may take to finish what is due.
const PATIENCE: Wait = Wait::from_secs(30);

/// What a story wants otherwise.
type Change = Box<dyn FnOnce(&mut Config)>;

/// Settings of a [`TestApp`] before it starts.
pub struct TestAppBuilder {
    database: Database,
    mail: PeerBuilder,
    now: DateTime<Utc>,
    changes: Vec<Change>,
    folder: Option<PathBuf>,
}

impl TestAppBuilder {
    /// The data folder, which stays: a new one that goes with the test when not called.
    pub fn folder(mut self, folder: PathBuf) -> Self {
        self.folder = Some(folder);
        self
    }

    /// The SMTP peer: a plain one that accepts everything when not called.
    pub fn smtp(mut self, peer: PeerBuilder) -> Self {
        self.mail = peer;
        self
    }

    /// The time at the start: Monday 2 March 2026, 10:00 in California, when not called.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = now;
        self
    }

    /// Which matches wait for an admin: none when not called.
    pub fn review(self, policy: ReviewPolicy) -> Self {
        self.config(move |config| config.match_review = policy)
    }

    /// Any other change of the configuration.
    pub fn config(mut self, change: impl FnOnce(&mut Config) + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Starts the product and waits until it has nothing to do.
    pub async fn start(self) -> TestApp {
        crate::logs::keep();
        let dir =
            self.folder.map_or_else(|| Folder::Temporary(tempfile::tempdir().expect("a data folder")), Folder::Kept);
        let mail = self.mail.start().await;
        let mut config = Config::new(dir.path().to_path_buf());
        config.bind = "127.0.0.1:0".to_owned();
        config.database_url = self.database.url();
        config.smtp_url = Some(mail.url());
        config.mail_from = "Rosterline <no-reply@rosterline.example>".to_owned();
        config.postal_address = Some("Rosterline, 1 Main Street, Fresno, CA 93721".to_owned());
        config.admin_email = Some(address(ADMIN));
        config.match_review = ReviewPolicy::None;
        config.alert_hold_seconds = 0;
        config.quiet_hours = None;
        // Most stories are not about the second factor; those that are switch it on.
        config.require_totp = false;
        for change in self.changes {
            change(&mut config);
        }
        let clock = Clock::manual(self.now);
        let running = server::start(config, clock.clone()).await.expect("the server starts");
        let visitor = ApiClient::visitor(&running.base_url());
        let app = TestApp { running: Some(running), clock, mail, dir, visitor, leaves_jobs: AtomicBool::new(false) };
        app.settle().await;
        app
    }
}

/// A data folder.
enum Folder {
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Folder::Temporary(dir) => dir.path(),
            Folder::Kept(path) => path,
        }
    }
}

/// A running product. A test fails when the product cannot finish its work at the end of it.
pub struct TestApp {
    running: Option<Running>,
    clock: Clock,
    /// What the product mails arrives here.
    pub mail: Peer,
    dir: Folder,
    visitor: ApiClient,
    leaves_jobs: AtomicBool,
}

impl TestApp {
    /// With the settings of [`TestAppBuilder`].
    pub fn builder(database: Database) -> TestAppBuilder {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 18, 0, 0).single().expect("a time");
        TestAppBuilder { database, mail: Peer::builder(), now, changes: Vec::new(), folder: None }
    }

    /// With nothing special.
    pub async fn start(database: Database) -> TestApp {
        TestApp::builder(database).start().await
    }

    /// Stops the product in order, lets something happen to its data folder, and starts it again at the same address.
    pub async fn restart_after(&mut self, meanwhile: impl FnOnce(&Path)) {
        let running = self.running.take().expect("it runs until it is dropped");
        let mut config = running.app().config.clone();
        config.bind = running.addr().to_string();
        running.stop().await;
        meanwhile(self.dir.path());
        self.running = Some(server::start(config, self.clock.clone()).await.expect("the server starts again"));
        self.settle().await;
    }

    /// Another server of the same instance, on the same PostgreSQL and with the same keys and clock.
    pub async fn another_node(&self) -> Node {
        let dir = tempfile::tempdir().expect("a data folder");
        let first = &self.running().app().config;
        assert!(first.database_url.is_some(), "nodes share a PostgreSQL");
        let mut config = first.clone();
        config.bind = "127.0.0.1:0".to_owned();
        config.master_key_file = Some(first.key_file());
        config.public_url = Some(self.running().app().public_url.clone());
        config.data_dir = dir.path().to_path_buf();
        let running = server::start(config, self.clock.clone()).await.expect("the second server starts");
        Node { running, _dir: dir }
    }

    /// Where it answers.
    pub fn base_url(&self) -> String {
        self.running().base_url()
    }

    /// Its data folder.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// What the product itself offers to tests and operators.
    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is dropped")
    }

    /// Waits until no job and no mail is due.
    pub async fn settle(&self) {
        let settled = tokio::time::timeout(PATIENCE, self.running().app().settle()).await;
        assert!(
            settled.is_ok(),
            "work is left after {PATIENCE:?}; mail so far:\n{}",
            self.mail.transcript().join("\n")
        );
        settled.expect("in time").expect("the database answers");
    }

    /// Moves the clock on and waits for what that makes due.
    pub async fn advance(&self, time: Duration) {
        self.clock.advance(time);
        self.settle().await;
    }

    /// The time as the product has it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Forgets what was done how often, for a test that does in a moment what takes people days.
    pub async fn forget_counts(&self) {
        let later = self.clock.now() + Duration::days(1);
        let forgot = self.running().app().write(move |conn, _| Ok(store::limits::forget(conn, later)?)).await;
        forgot.expect("the database answers");
    }

    /// Says that this test ends with work undone on purpose.
    pub fn leaves_jobs(&self) {
        self.leaves_jobs.store(true, Ordering::Relaxed);
    }

    /// Someone without an account.
    pub fn visitor(&self) -> ApiClient {
        self.visitor.clone()
    }

    /// A browser that has been nowhere yet.
    pub fn browser(&self) -> PageClient {
        PageClient::new(&self.base_url())
    }

    /// The admin, signed in.
    pub async fn admin(&self) -> ApiClient {
        self.visitor.sign_in(&self.operator_link(ADMIN).await).await
    }

    /// What `rosterline admin allow-contacts` and `deny-contacts` do for the admin of the configuration.
    pub async fn let_admin_see_contacts(&self, yes: bool) {
        let write = self.running().app().write(move |conn, app| {
            let admin = store::contacts::account_of(conn, &app.vault, &address(ADMIN))?.expect("the admin");
            rosterline::usecases::let_admin_look(conn, &admin, yes, app.now())
        });
        write.await.expect("an answer");
    }

    /// A one-time link as the operator's command prints it.
    pub async fn operator_link(&self, email: &str) -> String {
        self.running().app().sign_in_link(&address(email)).await.expect("a link")
    }

    /// The one-time link of the mail that follows a request for one.
    pub async fn mailed_link(&self, email: &str) -> String {
        let before = self.mail.mails_to(email).len();
        self.visitor.post("/sign-in", &json!({ "email": email })).await.with_status(202);
        self.settle().await;
        self.mail.wait_for_link_to(email, before, "/sign-in/").await
    }

    /// A person, signed in from the mail.
    pub async fn sign_in(&self, email: &str) -> ApiClient {
        self.visitor.sign_in(&self.mailed_link(email).await).await
    }
}

/// One more server of an instance.
pub struct Node {
    running: Running,
    _dir: tempfile::TempDir,
}

impl Node {
    /// Where it answers.
    pub fn base_url(&self) -> String {
        self.running.base_url()
    }

    /// Stops it in order.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        // A test that fails already says why; a second panic would hide it.
        let check = !std::thread::panicking() && !self.leaves_jobs.load(Ordering::Relaxed);
        let ended = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(tokio::time::timeout(PATIENCE, async {
                if check {
                    running.app().settle().await.expect("the database answers");
                }
                let _ = running.stop().await;
            }))
        });
        assert!(!check || ended.is_ok(), "the test leaves work that does not end within {PATIENCE:?}");
    }
}

fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).expect("an address")
}
