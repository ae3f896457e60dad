//! What every part of the server shares.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use domain::mail::Stream;
use store::{Conn, Db, Vault};

use crate::auth::AccessTokens;
use crate::clock::Clock;
use crate::config::{Config, MailRoute};
use crate::error::AppError;
use crate::index::Index;
use crate::jobs::Pulse;

/// The application: cheap to clone, the same for every worker.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Its parts.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// How people reach this instance, without a trailing slash.
    pub public_url: String,
    /// Where mail goes.
    pub mail_route: MailRoute,
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
    /// Time.
    pub clock: Clock,
    /// Wakes the workers and says when they rest.
    pub pulse: Pulse,
    /// True once everything is open.
    pub ready: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
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

    /// The stream that waits for a setting: alerts do not start without a postal address.
    #[must_use]
    pub fn held_stream(&self) -> Option<Stream> {
        self.config.postal_address.is_none().then_some(Stream::Alert)
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

    /// Runs one transaction off the request's thread and wakes the workers when it was committed.
    ///
    /// # Errors
    /// What the closure returns; nothing is kept then.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        let value = blocking(move || app.db.write(|conn| f(conn, &app))).await?;
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
