//! Wakes workers after a commit, and says when a pass of theirs is over and when time itself was last attended to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::{Notify, watch};

/// How often what is due by time alone is looked at.
const TIDY_EVERY: Duration = Duration::minutes(1);

/// Shared by everything that commits and everything that works.
pub struct Pulse {
    wake: watch::Sender<u64>,
    passed: Notify,
    /// Nothing where no runner is.
    tidied: Mutex<Option<DateTime<Utc>>>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { wake: watch::Sender::new(0), passed: Notify::new(), tidied: Mutex::new(None) }
    }
}

/// A worker's own ear: a wake that came while it worked is not missed.
pub struct Ear(watch::Receiver<u64>);

impl Ear {
    /// Returns when there was a wake since the last call.
    pub async fn woken(&mut self) {
        if self.0.changed().await.is_err() {
            // The application is gone; whoever waits here also waits for the stop signal.
            std::future::pending::<()>().await;
        }
    }
}

impl Pulse {
    /// Wakes every worker.
    pub fn wake(&self) {
        self.wake.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// A worker's ear.
    pub fn ear(&self) -> Ear {
        Ear(self.wake.subscribe())
    }

    /// Says that a worker finished a pass.
    pub fn passed(&self) {
        self.passed.notify_waiters();
    }

    /// Says that there is a runner, which has not looked at anything yet.
    pub fn expect_tidy(&self) {
        *self.tidied() = Some(DateTime::<Utc>::MIN_UTC);
    }

    /// True when there is a runner, and what is due by time alone is to be looked at.
    pub fn is_tidy_due(&self, now: DateTime<Utc>) -> bool {
        self.tidied().is_some_and(|at| now >= at + TIDY_EVERY)
    }

    /// Says as of when that was done.
    pub fn tidied_at(&self, now: DateTime<Utc>) {
        *self.tidied() = Some(now);
    }

    fn tidied(&self) -> MutexGuard<'_, Option<DateTime<Utc>>> {
        self.tidied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when a worker finishes a pass that ends after this call was made.
    pub fn next_pass(&self) -> tokio::sync::futures::Notified<'_> {
        self.passed.notified()
    }
}
