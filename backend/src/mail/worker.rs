//! The workers that send mail: each owns one connection and has one mail in hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::mail::{MailKind, MailState};
use store::outbox::{self, Claimed};
use store::{Conn, alerts};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::compose::{self, Head, Sender};
use super::gate::{self, Word};
use super::render::{self, Draft};
use super::reply::{Fault, Outcome};
use super::settlement::{AMBIGUOUS, Settlement};
use super::smtp::{Line, Relay};
use super::{compose::compose, folder};
use crate::app::{App, blocking};
use crate::config::MailRoute;
use crate::error::AppError;

/// Connections, and so mails in hand at once.
const WORKERS: usize = 2;
/// The longest sleep: another node may have written a mail.
const NAP: Duration = Duration::from_secs(1);
/// How often a mail is rendered again because something moved under it.
const ROUNDS: usize = 4;
/// How often the end of a mail is written when the database does not answer.
const TRIES: usize = 40;

/// Sends mail until it is stopped. Does nothing while mail is held.
pub async fn run(app: App, stop: CancellationToken) {
    let sender = match Sender::parse(&app.config.mail_from) {
        Ok(sender) => sender,
        Err(fault) => return rest(&app, &stop, &fault).await,
    };
    let mut workers = JoinSet::new();
    for n in 0..WORKERS {
        let way = match &app.mail_route {
            MailRoute::Held => return stop.cancelled().await,
            MailRoute::Folder(dir) => Way::Folder(dir.clone()),
            MailRoute::Smtp(server) => match Relay::new(server) {
                Ok(relay) => Way::Smtp(Box::new(Line::new(relay))),
                Err(fault) => return rest(&app, &stop, &fault).await,
            },
        };
        let worker = Worker {
            app: app.clone(),
            sender: sender.clone(),
            way,
            owner: format!("{n}-{}", crate::random::id(|id| id.simple().to_string())),
            stop: stop.clone(),
        };
        workers.spawn(worker.run());
    }
    while let Some(ended) = workers.join_next().await {
        if ended.is_err() {
            tracing::error!("a mail worker broke off");
        }
    }
}

/// A fault of the settings: said once, and nothing is sent.
async fn rest(app: &App, stop: &CancellationToken, fault: &str) {
    tracing::error!(fault, "mail cannot be sent");
    app.pulse.passed();
    stop.cancelled().await;
}

enum Way {
    Folder(PathBuf),
    Smtp(Box<Line>),
}

struct Worker {
    app: App,
    sender: Sender,
    way: Way,
    owner: String,
    stop: CancellationToken,
}

impl Worker {
    async fn run(mut self) {
        let mut ear = self.app.pulse.ear();
        while !self.stop.is_cancelled() {
            let claimed = self.claim().await;
            if let Ok(Some(mail)) = claimed {
                self.handle(mail).await;
                self.app.pulse.passed();
                continue;
            }
            if let Err(error) = claimed {
                tracing::warn!(code = error.code(), "the outbox cannot be read");
            }
            self.app.pulse.passed();
            let nap = self.nap().await;
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = ear.woken() => {}
                () = tokio::time::sleep(nap) => {}
            }
            self.hang_up(false).await;
        }
        self.hang_up(true).await;
    }

    /// Closes the connection: at the end, or when it has rested long enough.
    async fn hang_up(&mut self, now: bool) {
        if let Way::Smtp(line) = &mut self.way
            && (now || line.is_idle())
        {
            line.close().await;
        }
    }

    async fn claim(&self) -> Result<Option<Claimed>, AppError> {
        let (held, owner) = (self.app.held_stream(), self.owner.clone());
        // Looking first keeps the workers off the one writer of SQLite while there is nothing to send.
        let due = self.app.read(move |conn, app| outbox::any_due(conn, held, app.now()).map_err(AppError::from));
        if !due.await? {
            return Ok(None);
        }
        let mut claimed =
            write(&self.app, move |conn, app| Ok(outbox::claim_without(conn, held, &owner, 1, app.now())?)).await?;
        Ok(claimed.pop())
    }

    async fn nap(&self) -> Duration {
        let due = self.app.read(|conn, _| Ok(outbox::next_due(conn)?)).await.ok().flatten();
        due.and_then(|due| (due - self.app.now()).to_std().ok())
            .filter(|left| !left.is_zero())
            .map_or(NAP, |left| left.min(NAP))
    }

    async fn handle(&mut self, mail: Claimed) {
        let settlement = match self.deliver(&mail).await {
            Ok(settlement) => settlement,
            Err(AppError::NotFound) => Settlement::last(MailState::Skipped, "gone"),
            Err(error) => {
                // An internal error explains itself without personal data.
                let cause = match &error {
                    AppError::Internal(cause) => cause.as_str(),
                    other => other.code(),
                };
                tracing::error!(mail = %mail.id, kind = %mail.kind, cause, "mail could not be made");
                Settlement::back(&mail, error.code(), self.app.now())
            }
        };
        tracing::info!(
            mail = %mail.id, kind = %mail.kind, state = %settlement.state,
            code = settlement.code.as_deref().unwrap_or(""), "mail"
        );
        metrics::counter!(
            "rosterline_mail_total",
            "stream" => mail.kind.stream().as_str(), "outcome" => settlement.state.as_str()
        )
        .increment(1);
        self.settle(&mail, settlement).await;
    }

    async fn deliver(&mut self, mail: &Claimed) -> Result<Settlement, AppError> {
        let now = self.app.now();
        if now >= mail.expires_at {
            return Ok(Settlement::last(MailState::Expired, "expired"));
        }
        // Connected before the gate, so that nothing slow stands between the gate and MAIL.
        if let Way::Smtp(line) = &mut self.way
            && let Err(outcome) = line.ready().await
        {
            return Ok(self.judged(mail, outcome, now).await);
        }
        let mut mail = mail.clone();
        for _ in 0..ROUNDS {
            let Some(draft) = self.draft(&mail).await? else {
                return Ok(Settlement::last(MailState::Skipped, "over"));
            };
            let draft = Arc::new(draft);
            let word = self.gate(&mail, draft.clone()).await?;
            match word {
                Word::Stop(state, why) => return Ok(Settlement::last(state, why)),
                Word::Again(moved) => mail = moved,
                Word::Go(to) => {
                    let outcome = self.send(&mail, &draft, &compose::recipient(&to)?).await?;
                    return Ok(self.judged(&mail, outcome, self.app.now()).await);
                }
            }
        }
        Ok(Settlement::back(&mail, "moving", now))
    }

    async fn draft(&self, mail: &Claimed) -> Result<Option<Draft>, AppError> {
        let mail = mail.clone();
        self.app.read(move |conn, app| render::draft(conn, app, &mail)).await
    }

    async fn gate(&self, mail: &Claimed, draft: Arc<Draft>) -> Result<Word, AppError> {
        let mail = mail.clone();
        write(&self.app, move |conn, app| gate::pass(conn, app, &mail, &draft)).await
    }

    async fn send(&mut self, mail: &Claimed, draft: &Draft, to: &lettre::Address) -> Result<Outcome, AppError> {
        let head = Head {
            id: &mail.id,
            message_id: self.sender.message_id(&self.app.vault, &mail.id),
            created_at: mail.created_at,
            stop_link: draft.stop_link.as_deref(),
        };
        let message = compose(&self.sender, to, &head, &draft.mail)?;
        Ok(match &mut self.way {
            Way::Folder(dir) => folder::put(dir, &mail.id, mail.created_at, &message).await,
            Way::Smtp(line) => line.send(self.sender.address(), to, &message).await,
        })
    }

    async fn judged(&self, mail: &Claimed, outcome: Outcome, now: DateTime<Utc>) -> Settlement {
        log(mail, &outcome);
        let doubted = outcome == Outcome::Ambiguous && self.was_doubted(mail).await;
        Settlement::after(outcome, mail, doubted, now)
    }

    async fn was_doubted(&self, mail: &Claimed) -> bool {
        let id = mail.id.clone();
        let code = self.app.read(move |conn, _| Ok(outbox::last_code(conn, &id)?)).await;
        // When the database cannot say, the mail gets its one more try.
        code.is_ok_and(|code| code.as_deref() == Some(AMBIGUOUS))
    }

    /// Writes the end of a mail, and again while the database does not answer: a mail that was taken must not go
    /// out a second time because its row could not be written at once.
    async fn settle(&self, mail: &Claimed, settlement: Settlement) {
        for _ in 0..TRIES {
            let (mail, made) = (mail.clone(), settlement.clone());
            let written = write(&self.app, move |conn, app| end(conn, app, &mail, &made)).await;
            match written {
                Ok(true) => return,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(code = error.code(), "the end of a mail could not be written");
                    tokio::time::sleep(NAP).await;
                }
            }
        }
        tracing::warn!(mail = %mail.id, state = %settlement.state, "late result");
    }
}

fn log(mail: &Claimed, outcome: &Outcome) {
    match outcome {
        Outcome::Sent => {}
        Outcome::Refused { phase, code, .. } => tracing::warn!(
            mail = %mail.id, kind = %mail.kind, phase = phase.as_str(), code, "mail refused"
        ),
        Outcome::Ambiguous => tracing::warn!(
            mail = %mail.id, kind = %mail.kind, phase = "body", "no answer to the body of a mail"
        ),
        // An ordinary thing: servers close what rests.
        Outcome::Infra(Fault::Stale) => {}
        Outcome::Infra(fault) => tracing::warn!(
            mail = %mail.id, kind = %mail.kind, code = fault.as_str(), "mail server out of reach"
        ),
    }
}

fn end(conn: &mut Conn, app: &App, mail: &Claimed, made: &Settlement) -> Result<bool, AppError> {
    let code = made.code.as_deref();
    let mine = outbox::settle(conn, mail, made.state, code, made.due_at, app.now())?;
    if mine && made.state == MailState::Accepted && mail.kind == MailKind::Alert {
        alerts::sent(conn, &mail.id)?;
    }
    Ok(mine)
}

/// As `App::write` without the wake: what the workers write gives nobody work, and would wake themselves.
async fn write<T: Send + 'static>(
    app: &App,
    mut f: impl FnMut(&mut Conn, &App) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let app = app.clone();
    blocking(move || app.db.write(|conn| f(conn, &app))).await
}
