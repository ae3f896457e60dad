//! The desk: what the mail workers write, in as few commits as the database allows.
//!
//! SQLite has one writer, and a commit costs a wait for the disk. So on SQLite one thread writes for all workers: whatever
//! came in while it committed goes into the next commit, and each worker hears only after its own was committed. On
//! PostgreSQL, which gathers commits itself, each worker writes on a connection of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::Conn;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::app::{App, blocking};
use crate::error::AppError;

/// The most that is written in one commit.
const BATCH: usize = 64;
/// Between two tries of what must be written.
const PAUSE: Duration = Duration::from_millis(500);
/// How often what must be written is tried.
const TRIES: u32 = 120;

type Act = Box<dyn FnMut(&mut Conn, &App) -> Result<(), AppError> + Send>;

struct Slip {
    act: Act,
    must: bool,
    done: oneshot::Sender<Result<(), AppError>>,
}

/// Where workers hand in what is to be written.
#[derive(Clone)]
pub(super) struct Desk {
    app: App,
    slips: Option<mpsc::UnboundedSender<Slip>>,
}

impl Desk {
    /// Opens the desk; its thread, if it has one, ends when nobody holds the desk any more.
    pub(super) fn open(app: &App) -> (Self, Option<JoinHandle<()>>) {
        if !app.db.has_one_writer() {
            return (Self { app: app.clone(), slips: None }, None);
        }
        let (slips, inbox) = mpsc::unbounded_channel();
        let node = app.clone();
        let thread = tokio::task::spawn_blocking(move || serve(&node, inbox));
        (Self { app: app.clone(), slips: Some(slips) }, Some(thread))
    }

    /// Writes in a transaction that others may share. The closure may be run more than once; only its last run stands.
    ///
    /// # Errors
    /// What the closure returns, or of the database.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Conn, &App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.hand_in(false, f).await
    }

    /// Writes what happened outside the database, and so cannot be undone: again and again while the database does not
    /// answer, and on SQLite before anything else that was handed in.
    ///
    /// # Errors
    /// As `write`, after a minute.
    pub(super) async fn must_write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Conn, &App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.hand_in(true, f).await
    }

    async fn hand_in<T: Send + 'static>(
        &self,
        must: bool,
        mut f: impl FnMut(&mut Conn, &App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let value = Arc::new(Mutex::new(None));
        let kept = value.clone();
        let act: Act = Box::new(move |conn, app| {
            let made = f(conn, app)?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
            Ok(())
        });
        let (done, told) = oneshot::channel();
        let slip = Slip { act, must, done };
        match &self.slips {
            Some(slips) => slips.send(slip).map_err(|_| closed())?,
            None => {
                let app = self.app.clone();
                blocking(move || {
                    alone(&app, slip);
                    Ok(())
                })
                .await?;
            }
        }
        told.await.map_err(|_| closed())??;
        let made = value.lock().unwrap_or_else(PoisonError::into_inner).take();
        made.ok_or_else(|| AppError::internal("a commit without its value"))
    }
}

fn closed() -> AppError {
    AppError::internal("the desk of the mail workers is closed")
}

fn serve(app: &App, mut inbox: mpsc::UnboundedReceiver<Slip>) {
    while let Some(first) = inbox.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = inbox.try_recv()
        {
            batch.push(next);
        }
        if batch.len() > 1 && together(app, &mut batch).is_ok() {
            for slip in batch {
                // A worker that was stopped meanwhile hears nothing.
                let _ = slip.done.send(Ok(()));
            }
            continue;
        }
        // Alone, so that one that fails takes nobody with it. What happened already goes first.
        batch.sort_by_key(|slip| !slip.must);
        for slip in batch {
            alone(app, slip);
        }
    }
}

fn together(app: &App, batch: &mut [Slip]) -> Result<(), AppError> {
    timed(|| {
        app.db.write(|conn| {
            for slip in batch.iter_mut() {
                (slip.act)(conn, app)?;
            }
            Ok(())
        })
    })
}

fn alone(app: &App, mut slip: Slip) {
    let mut tries = 0;
    let written = loop {
        tries += 1;
        match timed(|| app.db.write(|conn| (slip.act)(conn, app))) {
            Err(error) if slip.must && tries < TRIES => {
                tracing::warn!(code = error.code(), "what became of a mail could not be written; again");
                std::thread::sleep(PAUSE);
            }
            written => break written,
        }
    };
    let _ = slip.done.send(written);
}

fn timed(commit: impl FnOnce() -> Result<(), AppError>) -> Result<(), AppError> {
    let begun = Instant::now();
    let done = commit();
    metrics::histogram!("rosterline_mail_commit_seconds").record(begun.elapsed().as_secs_f64());
    done
}
