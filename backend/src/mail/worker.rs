//! The workers that send mail: each owns one connection and has one mail in hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::mail::{MailState, Stream};
use store::outbox::{self, Ask, Claimed, Closed};
use store::{Conn, mail_streams};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::breaker::Door;
use super::desk::Desk;
use super::follow::probe_wait;
use super::post;
use super::press::Press;
use super::settlement::Settlement;
use super::smtp::{Line, Relay};
use crate::app::App;
use crate::config::MailRoute;
use crate::error::AppError;

/// The longest sleep: another node may have written a mail.
const NAP: Duration = Duration::from_secs(1);

/// Sends mail until it is stopped. Does nothing while mail is held.
pub async fn run(app: App, stop: CancellationToken) {
    let press = match Press::new(&app.config) {
        Ok(press) => Arc::new(press),
        Err(fault) => return rest(&app, &stop, &fault).await,
    };
    let (desk, thread) = Desk::open(&app);
    let mut workers = JoinSet::new();
    for n in 0..app.config.smtp_connections {
        let way = match way(&app) {
            Ok(Some(way)) => way,
            Ok(None) => return stop.cancelled().await,
            Err(fault) => return rest(&app, &stop, &fault).await,
        };
        let worker = Worker {
            app: app.clone(),
            desk: desk.clone(),
            press: press.clone(),
            way,
            owner: format!("{n}-{}", crate::random::id(|id| id.simple().to_string())),
            // One connection is never taken by alerts, so that a sign-in link always finds one.
            alerts_too: n > 0 || app.config.smtp_connections == 1,
            stop: stop.clone(),
        };
        workers.spawn(worker.run());
    }
    drop(desk);
    while let Some(ended) = workers.join_next().await {
        if ended.is_err() {
            tracing::error!("a mail worker broke off");
        }
    }
    if let Some(thread) = thread
        && thread.await.is_err()
    {
        tracing::error!("the desk of the mail workers broke off");
    }
}

fn way(app: &App) -> Result<Option<Way>, String> {
    Ok(match &app.mail_route {
        MailRoute::Held => None,
        MailRoute::Folder(dir) => Some(Way::Folder(dir.clone())),
        MailRoute::Smtp(server) => {
            let relay = Relay::new(server)?.with_waits(app.config.smtp_waits);
            Some(Way::Smtp(Box::new(Line::new(relay))))
        }
    })
}

/// A fault of the settings: said once, and nothing is sent.
async fn rest(app: &App, stop: &CancellationToken, fault: &str) {
    tracing::error!(fault, "mail cannot be sent");
    app.pulse.passed();
    stop.cancelled().await;
}

/// How mail leaves.
pub(super) enum Way {
    /// As files.
    Folder(PathBuf),
    /// Over a connection of the worker's own.
    Smtp(Box<Line>),
}

/// A mail in hand.
pub(super) struct InHand {
    pub(super) mail: Claimed,
    /// It was let through to see whether a stopped stream goes again.
    pub(super) probe: bool,
}

/// One worker.
pub(super) struct Worker {
    pub(super) app: App,
    pub(super) desk: Desk,
    pub(super) press: Arc<Press>,
    pub(super) way: Way,
    pub(super) owner: String,
    pub(super) alerts_too: bool,
    pub(super) stop: CancellationToken,
}

impl Worker {
    async fn run(mut self) {
        let mut ear = self.app.pulse.ear();
        let mut next = None;
        while !self.stop.is_cancelled() {
            let found = match next.take() {
                Some(mail) => Ok(Some(mail)),
                None => self.claim().await,
            };
            if let Ok(Some(in_hand)) = found {
                next = self.handle(in_hand).await;
                self.app.pulse.passed();
                continue;
            }
            if let Err(error) = found {
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
        if let Some(in_hand) = next {
            self.give_back(in_hand).await;
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

    async fn claim(&self) -> Result<Option<InHand>, AppError> {
        let alerts_too = self.alerts_too;
        // Looking first keeps the workers off the one writer of SQLite while there is nothing to send.
        let due = self.app.read(move |conn, app| {
            let closed = mine(post::closed(conn, app)?, alerts_too);
            Ok(outbox::any_due(conn, &closed, app.now())?)
        });
        if !due.await? {
            return Ok(None);
        }
        let door = self.app.post.breaker.ask(self.app.now());
        if matches!(door, Door::Shut(_)) {
            return Ok(None);
        }
        let owner = self.owner.clone();
        let taken = self.desk.write(move |conn, app| take(conn, app, &owner, alerts_too)).await;
        if door == Door::Probe && !matches!(taken, Ok(Some(_))) {
            self.app.post.breaker.release(self.app.now());
        }
        taken
    }

    async fn nap(&self) -> Duration {
        let due = self.app.read(|conn, _| Ok(outbox::next_due(conn)?)).await.ok().flatten();
        due.and_then(|due| (due - self.app.now()).to_std().ok())
            .filter(|left| !left.is_zero())
            .map_or(NAP, |left| left.min(NAP))
    }

    /// Delivers the mail, writes what became of it, and takes the next one in the same commit.
    async fn handle(&mut self, in_hand: InHand) -> Option<InHand> {
        let (made, address) = self.delivered(&in_hand).await;
        let (mail, stream) = (&in_hand.mail, in_hand.mail.kind.stream());
        tracing::info!(
            mail = %mail.id, kind = %mail.kind, state = %made.state,
            code = made.code.as_deref().unwrap_or(""), "mail"
        );
        metrics::counter!(
            "rosterline_mail_total", "stream" => stream.as_str(), "outcome" => made.state.as_str(),
            "class" => made.class.map_or("none", domain::mail::MailClass::as_str)
        )
        .increment(1);
        let more = !self.stop.is_cancelled() && !self.app.post.breaker.is_broken();
        let (owner, alerts_too) = (self.owner.clone(), self.alerts_too);
        let written = self.desk.must_write(move |conn, app| {
            super::delivery::end(conn, app, &in_hand, &made, address.as_ref(), &owner)?;
            if more { take(conn, app, &owner, alerts_too) } else { Ok(None) }
        });
        match written.await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(code = error.code(), "what became of a mail was never written");
                None
            }
        }
    }

    /// A mail that was taken when the stop came.
    async fn give_back(&self, in_hand: InHand) {
        let (owner, now) = (self.owner.clone(), self.app.now());
        let made = Settlement::untried(&in_hand.mail, "stop", now);
        let written = self.desk.write(move |conn, app| super::delivery::end(conn, app, &in_hand, &made, None, &owner));
        if let Err(error) = written.await {
            tracing::warn!(code = error.code(), "a mail could not be given back; it is free when its lease ends");
        }
    }
}

/// What one worker does not take.
fn mine(mut closed: Closed, alerts_too: bool) -> Closed {
    if !alerts_too {
        let bulk = Stream::ALL.iter().filter(|stream| stream.is_bulk() && !closed.streams.contains(stream));
        let bulk: Vec<Stream> = bulk.copied().collect();
        closed.streams.extend(bulk);
    }
    closed
}

/// Takes one mail in hand: of a stopped stream when it is time to try one, else the most urgent.
fn take(conn: &mut Conn, app: &App, owner: &str, alerts_too: bool) -> Result<Option<InHand>, AppError> {
    let now = app.now();
    let mut closed = mine(post::closed(conn, app)?, alerts_too);
    for stopped in mail_streams::stopped(conn)? {
        if closed.streams.contains(&stopped.stream) {
            continue;
        }
        let only = closed.but(stopped.stream);
        // Whether there is one comes first: a probe that finds none would put off the next.
        if outbox::any_waiting(conn, &only, now)?
            && mail_streams::take_probe(conn, stopped.stream, probe_wait(stopped.stream, stopped.class), now)?
        {
            let ask = Ask { owner, most: 1, closed: &only };
            return Ok(outbox::take(conn, &ask, now)?.pop().map(|mail| InHand { mail, probe: true }));
        }
        closed.streams.push(stopped.stream);
    }
    let ask = Ask { owner, most: 1, closed: &closed };
    Ok(outbox::take(conn, &ask, now)?.pop().map(|mail| InHand { mail, probe: false }))
}

/// For those that have it in hand and cannot say what became of it.
pub(super) fn gone() -> Settlement {
    Settlement::last(MailState::Skipped, "gone")
}
