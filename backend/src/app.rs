//! What every part of the server shares.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use store::{Conn, Db, Vault};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::auth::AccessTokens;
use crate::clock::Clock;
use crate::config::{Config, MailRoute};
use crate::errand::Errand;
use crate::error::AppError;
use crate::flood::Flood;
use crate::index::Index;
use crate::jobs::Pulse;
use crate::ledger::Ledger;
use crate::mail::post::Post;

/// The application: cheap to clone, the same for every worker.
#[derive(Clone)]
pub struct App(Arc<Whole>);

/// The parts, and after them, since fields are dropped in order, the word that they are gone.
struct Whole {
    parts: Parts,
    gone: CancellationToken,
    _tells: DropGuard,
}

/// Its parts.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// How people reach this instance, without a trailing slash.
    pub public_url: String,
    /// Where mail goes.
    pub mail_route: MailRoute,
    /// What the mail workers share.
    pub post: Post,
    /// Database.
    pub db: Db,
    /// Keys.
    pub vault: Vault,
    /// Access tokens.
    pub tokens: AccessTokens,
    /// Pages and mails.
    pub renderer: frontend::Renderer,
    /// Search indexes.
    pub index: Index,
    /// What is signed of the ledger.
    pub ledger: Ledger,
    /// Time.
    pub clock: Clock,
    /// Wakes the workers and says when they rest.
    pub pulse: Pulse,
    /// Holds back who asks too often.
    pub flood: Flood,
    /// When it was opened.
    pub started: DateTime<Utc>,
    /// True once everything is open.
    pub ready: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let gone = CancellationToken::new();
        Self(Arc::new(Whole { parts, _tells: gone.clone().drop_guard(), gone }))
    }

    /// Cancelled when nobody holds the application any more: database, index and files are closed then.
    #[must_use]
    pub fn gone(&self) -> CancellationToken {
        self.0.gone.clone()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// An address of this instance, from a path that begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Reads off the request's thread.
    ///
    /// # Errors
    /// What the closure returns; `Busy` when no connection is free.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        blocking(move || app.db.read(|conn| f(conn, &app))).await
    }

    /// Reads after the indexes have taken in everything that was committed before, so that people find what they have
    /// just written.
    ///
    /// # Errors
    /// As `read`; index errors.
    pub async fn read_fresh<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        blocking(move || {
            while app.index.catch_up(&app.db, app.now())? {}
            app.db.read(|conn| f(conn, &app))
        })
        .await
    }

    /// Runs one transaction off the request's thread and wakes the workers when it was committed. What the request
    /// brings along (`Errand`) has its part in it. The closure may be run more than once; see `Db::write`.
    ///
    /// # Errors
    /// What the closure returns; nothing is kept then. `TooMany` when the account writes too often.
    pub async fn write<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&mut Conn, &Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        let errand = Errand::current().unwrap_or_default();
        let value = blocking(move || {
            let value = errand.run_here(|| {
                app.db.write(|conn| {
                    errand.begins(conn, &app)?;
                    let value = f(conn, &app)?;
                    errand.ends(conn, &app)?;
                    Ok::<_, AppError>(value)
                })
            })?;
            if let Err(error) = app.index.hide_revoked(&app.db) {
                // The commit stands. The index follows it all the same, and every row is read again before use.
                tracing::warn!(code = error.code(), cause = ?error, "revocations reach the index late");
            }
            Ok(value)
        })
        .await?;
        self.pulse.wake();
        Ok(value)
    }
}

/// Runs blocking work on the runtime's pool for it.
///
/// # Errors
/// What the closure returns; an internal error when it panicked.
pub async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(f).await.map_err(|_| AppError::internal("a background task failed"))?
}
