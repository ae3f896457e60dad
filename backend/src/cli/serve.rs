//! `serve`: runs until it is told to stop.

use crate::clock::Clock;
use crate::config::Config;
use crate::server::{Running, StartError, start};

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// Whatever keeps it from starting.
pub fn serve(config: Config) -> Result<(), StartError> {
    runtime(async move {
        let running = start(config, Clock::system()).await?;
        super::say(&format!("Rosterline answers at {}", running.app().public_url));
        if running.app().read(|conn, _| Ok(store::accounts::no_admin(conn)?)).await? {
            super::say("There is no admin yet. In another terminal: rosterline admin add you@example.org");
        }
        until_told(running).await;
        Ok(())
    })
}

/// Runs a future on a runtime of its own, with the local set that the HTTP server needs.
pub(super) fn runtime(work: impl Future<Output = Result<(), StartError>>) -> Result<(), StartError> {
    actix_web::rt::System::new().block_on(work)
}

/// Waits for a signal, then stops in order.
pub(super) async fn until_told(running: Running) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut term) => {
                tokio::select! {
                    _ = term.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
            }
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
    }
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
    tracing::info!("stopping");
    running.app().set_ready(false);
    running.stop().await;
}
