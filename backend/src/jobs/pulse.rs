//! Wakes workers after a commit, and says when a pass of theirs is over.

use tokio::sync::{Notify, watch};

/// Shared by everything that commits and everything that works.
pub struct Pulse {
    wake: watch::Sender<u64>,
    passed: Notify,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { wake: watch::Sender::new(0), passed: Notify::new() }
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

    /// Returns when a worker finishes a pass that ends after this call was made.
    pub fn next_pass(&self) -> tokio::sync::futures::Notified<'_> {
        self.passed.notified()
    }
}
