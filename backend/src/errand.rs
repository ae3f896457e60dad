//! What a request brings along to its transactions: whose it is, its Idempotency-Key, and which limits it used up.
//!
//! `middleware::errands` makes one for each request that acts; `App::write` lets it into the transaction, so that a
//! count, the act and the mark on the key stand together or not at all.

use std::sync::{Arc, Mutex, PoisonError};

use domain::AccountId;
use domain::limits::Act;
use store::limits::Taken;
use store::request_keys::Held;
use store::{Conn, limits};

use crate::app::App;
use crate::client::Client;
use crate::error::AppError;

tokio::task_local! {
    static CURRENT: Arc<Errand>;
}

/// One request that acts.
#[derive(Debug, Default)]
pub struct Errand {
    account: Option<AccountId>,
    key: Option<Held>,
    taken: Mutex<Option<Taken>>,
}

impl Errand {
    /// Of an account, when somebody is signed in, under a key, when there is one.
    #[must_use]
    pub fn new(account: Option<AccountId>, key: Option<Held>) -> Arc<Self> {
        Arc::new(Self { account, key, taken: Mutex::new(None) })
    }

    /// The one this task is on.
    #[must_use]
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Runs a request's work as this errand.
    pub async fn run<F: Future>(self: &Arc<Self>, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// Runs a part of its work that is on another thread.
    pub fn run_here<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), work)
    }

    /// The limit that was asked last besides that of writes, which every act has.
    #[must_use]
    pub fn taken(&self) -> Option<Taken> {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, taken: Taken) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
    }

    /// At the beginning of a transaction.
    pub(crate) fn begins(&self, conn: &mut Conn, app: &App) -> Result<(), AppError> {
        match &self.account {
            Some(account) => take(conn, app, Act::Write, account.as_str()),
            None => Ok(()),
        }
    }

    /// At its end, when it is about to be committed.
    pub(crate) fn ends(&self, conn: &mut Conn, app: &App) -> Result<(), AppError> {
        match &self.key {
            // Another run took the key over, since this one took so long; that one acts.
            Some(key) if !key.acted(conn, app.now())? => Err(AppError::InProgress),
            _ => Ok(()),
        }
    }
}

/// Takes one of an act for somebody, named by an id. It is counted when the transaction is committed.
///
/// # Errors
/// `TooMany` when there is none left.
pub fn take(conn: &mut Conn, app: &App, act: Act, who: &str) -> Result<(), AppError> {
    let taken = ask(conn, app, act, who)?;
    let refused = taken.left.is_none();
    if let Some(errand) = Errand::current()
        && (act != Act::Write || refused)
    {
        errand.note(taken);
    }
    if refused { Err(AppError::TooMany(taken.resets_in)) } else { Ok(()) }
}

/// Takes one of an act for whoever asks from an address, and tells nobody but the caller: false when there is none left.
///
/// # Errors
/// Database errors only.
pub fn take_in_silence(conn: &mut Conn, app: &App, act: Act, client: Client) -> Result<bool, AppError> {
    match client.label() {
        Some(address) => Ok(ask(conn, app, act, &address)?.left.is_some()),
        None => Ok(true),
    }
}

fn ask(conn: &mut Conn, app: &App, act: Act, who: &str) -> Result<Taken, AppError> {
    let taken = limits::take(conn, &app.vault, act, who, app.now())?;
    if taken.left.is_none() {
        metrics::counter!("rosterline_refused_total", "limit" => act.as_str()).increment(1);
    }
    Ok(taken)
}

/// Takes one in a transaction of its own, for what reads only.
///
/// # Errors
/// As `take`.
pub async fn take_alone(app: &App, act: Act, who: String) -> Result<(), AppError> {
    app.write(move |conn, app| take(conn, app, act, &who)).await
}

/// Takes one of an act for whoever asks from an address.
///
/// # Errors
/// As `take`.
pub fn take_from(conn: &mut Conn, app: &App, act: Act, client: Client) -> Result<(), AppError> {
    match client.label() {
        Some(address) => take(conn, app, act, &address),
        None => Ok(()),
    }
}
