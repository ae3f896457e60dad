//! Starting and stopping: opens everything, serves, runs the workers, and ends in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{HttpResponse, HttpServer};
use domain::contact::EmailAddress;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use store::{Db, KeyFileError, StoreError, Vault};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Parts, blocking};
use crate::auth::AccessTokens;
use crate::clock::Clock;
use crate::config::{Config, MailRoute};
use crate::error::AppError;
use crate::flood::Flood;
use crate::index::Index;
use crate::jobs::{self, Pulse};
use crate::ledger::Ledger;
use crate::mail::arming::Place;
use crate::mail::post::Post;
use crate::{api, mail, middleware, usecases, web as pages};

/// The largest body taken, in bytes.
const BODY_AT_MOST: usize = 256 * 1024;
/// Database connections for reading.
const CONNECTIONS: u32 = 8;
/// How long requests in flight may take to end when the server stops, in seconds.
const DRAIN_SECONDS: u64 = 10;
/// How long the threads of the HTTP server may take to let go of the application.
const LET_GO: Duration = Duration::from_secs(3);

/// Why it cannot start; every text says what to look at.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Settings.
    #[error("{0}")]
    Config(String),
    /// Data folder.
    #[error("the data folder {0} cannot be used: {1}")]
    DataDir(String, std::io::Error),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// Database.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] StoreError),
    /// Address.
    #[error("cannot listen on {0}: {1}")]
    Bind(String, std::io::Error),
    /// Anything of ours.
    #[error("{}", cause(.0))]
    App(#[from] AppError),
}

/// What the person at the terminal should read: the cause, which never holds personal data.
fn cause(error: &AppError) -> String {
    match error {
        AppError::Internal(cause) => cause.clone(),
        other => other.to_string(),
    }
}

/// A server that runs.
pub struct Running {
    addr: SocketAddr,
    app: App,
    handle: ServerHandle,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Address it listens on.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where it answers.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The application.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Stops: no new requests, those in flight end, the workers finish what is in hand, and everything is closed.
    pub async fn stop(self) {
        self.stop.cancel();
        self.handle.stop(true).await;
        for task in self.tasks {
            if task.await.is_err() {
                tracing::error!("a worker ended with a panic");
            }
        }
        // Nothing is added to the ledger any more, so this covers all of it.
        if let Err(error) = usecases::keep_checkpoint(&self.app).await {
            tracing::error!(code = error.code(), cause = ?error, "no checkpoint was kept at the end");
        }
        // The threads of the HTTP server let go a moment after it ended; whoever starts again on the same folder needs
        // the lock of the index.
        let gone = self.app.gone();
        drop(self.app);
        if tokio::time::timeout(LET_GO, gone.cancelled()).await.is_err() {
            tracing::warn!("something still holds the database at the end");
        }
    }
}

/// What the command line can open beside a running server: the database and the keys, not the index.
pub struct Ground {
    /// Database.
    pub db: Db,
    /// Keys.
    pub vault: Vault,
}

impl Ground {
    /// Makes the data folder and opens both.
    ///
    /// # Errors
    /// Whatever keeps them from being opened, also a key file that is not this database's.
    pub fn open(config: &Config) -> Result<Self, StartError> {
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|e| StartError::DataDir(config.data_dir.display().to_string(), e))?;
        let (db, key_file) = (Db::open(&config.database(), CONNECTIONS)?, config.key_file());
        // A new key made beside a database that was sealed with another one would hide that the right one is lost.
        let bound = db.read::<_, StoreError>(store::contacts::is_bound)?;
        let vault = if bound { Vault::open_existing(&key_file)? } else { Vault::open(&key_file)? };
        if !db.write::<_, StoreError>(|conn| store::contacts::bind(conn, &vault))? {
            return Err(KeyFileError::Foreign.into());
        }
        Ok(Self { db, vault })
    }
}

/// Opens everything and puts the application together, without serving. `addr` is where it will answer.
///
/// # Errors
/// Whatever keeps it from starting.
pub fn open(config: Config, clock: Clock, addr: Option<SocketAddr>) -> Result<App, StartError> {
    let mail_route = MailRoute::parse(config.smtp_url.as_deref()).map_err(StartError::Config)?;
    mail::check(&config, &mail_route).map_err(StartError::Config)?;
    let Ground { db, vault } = Ground::open(&config)?;
    let public_url = config.reached_at(addr);
    let now = clock.now();
    db.write::<_, StoreError>(|conn| store::facts::seed(conn, now))?;
    usecases::replay_erasures(&db, &config.data_dir, now)?;
    let index = Index::open(&config.data_dir, &db, now)?;
    let app = App::new(Parts {
        tokens: AccessTokens::new(vault.jwt_seed())?,
        ledger: Ledger::open(&config.data_dir, &vault, &public_url)?,
        renderer: frontend::Renderer::new().map_err(AppError::internal)?,
        public_url,
        mail_route,
        post: Post::new(db.write(|conn| Place::find(conn, &config))?),
        db,
        vault,
        index,
        clock,
        pulse: Pulse::default(),
        flood: Flood::new(config.flood_per_second),
        started: now,
        ready: AtomicBool::new(true),
        config,
    });
    if let Some(email) = app.config.admin_email.clone() {
        first_admin(&app, &email)?;
    }
    Ok(app)
}

/// The address in the settings becomes an admin when there is none yet.
fn first_admin(app: &App, email: &EmailAddress) -> Result<(), AppError> {
    app.db.write(|conn| {
        if store::accounts::no_admin(conn)? {
            usecases::add_admin(conn, &app.vault, email, app.now())?;
        }
        Ok(())
    })
}

/// Starts serving and the workers on the current runtime.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    let bind = config.bind.clone();
    let listener = std::net::TcpListener::bind(&bind).map_err(|e| StartError::Bind(bind.clone(), e))?;
    let addr = listener.local_addr().map_err(|e| StartError::Bind(bind.clone(), e))?;
    let app = blocking(move || Ok(open(config, clock, Some(addr)))).await??;
    serve(app, listener, addr, &bind)
}

/// Serves an application that is open.
///
/// # Errors
/// When the address cannot be used.
pub fn serve(app: App, listener: std::net::TcpListener, addr: SocketAddr, bind: &str) -> Result<Running, StartError> {
    let metrics = Data::from(recorder());
    let shared = Data::new(app.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(shared.clone())
            .app_data(metrics.clone())
            .app_data(PayloadConfig::new(BODY_AT_MOST))
            .wrap(from_fn(middleware::errands))
            .wrap(from_fn(middleware::cross_site))
            .wrap(from_fn(middleware::hold_back))
            .wrap(from_fn(middleware::answer_errors))
            .wrap(Compress::default())
            .wrap(middleware::headers())
            .wrap(from_fn(middleware::observe))
            .configure(api::routes)
            .configure(pages::routes)
            .default_service(web::to(|| async { Err::<HttpResponse, _>(AppError::NotFound) }))
    })
    // Without this every compressed page waits some 40 ms for a delayed acknowledgement.
    .tcp_nodelay(true)
    .workers(std::thread::available_parallelism().map_or(2, usize::from))
    .shutdown_timeout(DRAIN_SECONDS)
    .disable_signals()
    .listen(listener)
    .map_err(|e| StartError::Bind(bind.to_owned(), e))?
    .run();
    let (handle, stop) = (server.handle(), CancellationToken::new());
    app.pulse.expect_tidy();
    let tasks = vec![
        tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the HTTP server ended");
            }
        }),
        tokio::spawn(jobs::run(app.clone(), stop.clone())),
        tokio::spawn(mail::run(app.clone(), stop.clone())),
    ];
    Ok(Running { addr, app, handle, stop, tasks })
}

/// One recorder for the process, however many servers tests start in it.
fn recorder() -> Arc<PrometheusHandle> {
    static HANDLE: std::sync::OnceLock<Arc<PrometheusHandle>> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = Arc::new(recorder.handle());
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("metrics are recorded elsewhere already");
            }
            handle
        })
        .clone()
}

impl App {
    /// Returns when nothing is due: what time alone brings was looked at, the index has caught up, no job and no mail
    /// waits. For tests and the demo.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn settle(&self) -> Result<(), AppError> {
        loop {
            // Listening starts before looking, so that a pass that ends in between is not missed.
            let pass = self.pulse.next_pass();
            tokio::pin!(pass);
            pass.as_mut().enable();
            let held = matches!(self.mail_route, MailRoute::Held);
            let rest = self
                .read(move |conn, app| {
                    let now = app.now();
                    // In the order in which one makes the other: these are several looks, and what moves on between
                    // two of them must still be met by the second.
                    let untidy = app.pulse.is_tidy_due(now);
                    let jobs = store::jobs::open_and_dead(conn, now)?.0;
                    let digests = store::alerts::any_due(conn, now)?;
                    let closed = mail::post::closed(conn, app)?;
                    let mails = if held { 0 } else { store::outbox::open(conn, &closed, now)? };
                    let behind = store::changes::last(conn)? > app.index.reached();
                    Ok(!untidy && jobs == 0 && !digests && mails == 0 && !behind)
                })
                .await?;
            if rest {
                return Ok(());
            }
            self.pulse.wake();
            pass.await;
        }
    }

    /// A one-time sign-in link for an existing account.
    ///
    /// # Errors
    /// `NotFound` when no account has this address.
    pub async fn sign_in_link(&self, email: &EmailAddress) -> Result<String, AppError> {
        let email = email.clone();
        self.write(move |conn, app| {
            let id = store::contacts::account_of(conn, &app.vault, &email)?.ok_or(AppError::NotFound)?;
            usecases::new_link(conn, &app.vault, &app.public_url, &id, app.now())
        })
        .await
    }

    /// Says that it no longer takes traffic, so that a balancer looks elsewhere.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }
}
