//! One mail from the worker's hand to the mail server: rendered, judged, signed, sent.

use std::sync::Arc;
use std::time::Duration;

use domain::contact::EmailAddress;
use domain::mail::{Bucket, MailClass, MailKind, MailState};
use store::contacts::EmailMark;
use store::outbox::{self, Claimed, End, Settled};
use store::{Conn, alerts};

use super::compose;
use super::folder;
use super::follow::{Tried, follow};
use super::gate::{self, Word};
use super::render::{self, Draft};
use super::reply::{Fault, Outcome};
use super::settlement::Settlement;
use super::wire::wire;
use super::worker::{InHand, Way, Worker, gone};
use crate::app::{App, blocking};
use crate::error::AppError;

/// How often a mail is rendered again because something moved under it.
const ROUNDS: usize = 4;
/// How long the answer to a body is waited for after the stop came.
const LAST_WORD: Duration = Duration::from_secs(20);

/// Where the mail goes, once the gate said so.
struct Target {
    mail: Claimed,
    to: EmailAddress,
    message: Vec<u8>,
}

impl Worker {
    /// Delivers a mail; the mark of its address when it came that far.
    pub(super) async fn delivered(&mut self, in_hand: &InHand) -> (Settlement, Option<EmailMark>) {
        let mail = &in_hand.mail;
        match self.deliver(mail).await {
            Ok(made) => made,
            Err(AppError::NotFound) => (gone(), None),
            Err(error) => {
                // An internal error explains itself without personal data.
                let cause = match &error {
                    AppError::Internal(cause) => cause.as_str(),
                    other => other.code(),
                };
                tracing::error!(mail = %mail.id, kind = %mail.kind, cause, "mail could not be made");
                (Settlement::back(mail, error.code(), self.app.now()), None)
            }
        }
    }

    async fn deliver(&mut self, mail: &Claimed) -> Result<(Settlement, Option<EmailMark>), AppError> {
        if self.app.now() >= mail.expires_at {
            return Ok((Settlement::last(MailState::Expired, "expired"), None));
        }
        // Connected before the gate, so that nothing slow stands between the gate and MAIL.
        if let Err(outcome) = self.reach().await {
            return Ok((self.judged(mail, outcome, None), None));
        }
        let target = match self.prepared(mail).await? {
            Ok(target) => target,
            Err(made) => return Ok((made, None)),
        };
        let address = EmailMark::of(&self.app.vault, &target.to);
        let bucket = Bucket::of(target.to.domain());
        if let Err(when) = self.app.post.pace.take(bucket, self.app.now()) {
            return Ok((Settlement::paced(mail, bucket, when), Some(address)));
        }
        let outcome = self.send(&target).await?;
        Ok((self.judged(&target.mail, outcome, Some(bucket)), Some(address)))
    }

    /// Makes sure of a connection, and tells the others whether there is one to be had.
    async fn reach(&mut self) -> Result<(), Outcome> {
        let Way::Smtp(line) = &mut self.way else {
            return Ok(());
        };
        let reached = line.ready().await;
        match reached {
            Err(Outcome::Infra(fault)) if fault != Fault::NoLogin => self.app.post.breaker.failed(self.app.now()),
            _ if self.app.post.breaker.reached() => {
                tracing::info!("the mail server is within reach again");
                self.app.pulse.wake();
            }
            _ => {}
        }
        reached
    }

    /// Renders it, asks the gate, and signs it; the settlement when it must not leave.
    async fn prepared(&self, mail: &Claimed) -> Result<Result<Target, Settlement>, AppError> {
        let mut mail = mail.clone();
        for _ in 0..ROUNDS {
            let Some(draft) = self.draft(&mail).await? else {
                return Ok(Err(Settlement::last(MailState::Skipped, "over")));
            };
            let draft = Arc::new(draft);
            match self.gate(&mail, draft.clone()).await? {
                Word::Stop(state, why) => {
                    metrics::counter!("rosterline_mail_gate_drops_total", "reason" => why).increment(1);
                    return Ok(Err(Settlement::last(state, why)));
                }
                Word::Again(moved) => mail = moved,
                Word::Go(to) => {
                    let (app, press, of) = (self.app.clone(), self.press.clone(), mail.clone());
                    // Off the runtime: a signature takes its time.
                    let made = blocking(move || Ok((press.message(&app.vault, &of, &draft, &to)?, to)));
                    let (message, to) = made.await?;
                    return Ok(Ok(Target { mail, to, message }));
                }
            }
        }
        Ok(Err(Settlement::back(&mail, "moving", self.app.now())))
    }

    async fn draft(&self, mail: &Claimed) -> Result<Option<Draft>, AppError> {
        let mail = mail.clone();
        self.app.read(move |conn, app| render::draft(conn, app, &mail)).await
    }

    async fn gate(&self, mail: &Claimed, draft: Arc<Draft>) -> Result<Word, AppError> {
        let mail = mail.clone();
        self.desk.write(move |conn, app| gate::pass(conn, app, &mail, &draft)).await
    }

    async fn send(&mut self, target: &Target) -> Result<Outcome, AppError> {
        let from = self.press.returns_to(&self.app.vault, &target.mail.id);
        let to = compose::recipient(&target.to)?;
        let line = match &mut self.way {
            Way::Folder(dir) => {
                return Ok(folder::put(dir, &target.mail.id, target.mail.created_at, &target.message).await);
            }
            Way::Smtp(line) => line,
        };
        let body = wire(&target.message).ok_or_else(|| AppError::internal("a mail is not ASCII"))?;
        if let Err(outcome) = line.envelope(&from, &to).await {
            return Ok(outcome);
        }
        let mail = target.mail.clone();
        // From here on nobody can say after a crash whether it arrived. A worker that was frozen until somebody else
        // took its mail finds out here, and the server gets no dot.
        let mine = self.desk.write(move |conn, app| Ok(outbox::mark_body(conn, &mail, app.now())?)).await;
        if !matches!(mine, Ok(true)) {
            line.abandon();
            mine?;
            return Ok(Outcome::Infra(Fault::Stale));
        }
        let stop = self.stop.clone();
        tokio::select! {
            outcome = line.body(body) => Ok(outcome),
            () = async { stop.cancelled().await; tokio::time::sleep(LAST_WORD).await } => Ok(Outcome::Ambiguous),
        }
    }

    /// The settlement of a try, after those who share the way were told what it means for them.
    fn judged(&self, mail: &Claimed, outcome: Outcome, bucket: Option<Bucket>) -> Settlement {
        log(mail, &outcome);
        let now = self.app.now();
        let made = Settlement::after(outcome, mail, crate::random::share(), now);
        match (outcome, made.class, bucket) {
            (Outcome::Infra(Fault::Timeout | Fault::Folder), ..) => self.app.post.breaker.failed(now),
            (_, Some(MailClass::Throttle), Some(bucket)) => self.app.post.pace.slow(bucket, now),
            _ => {}
        }
        made
    }
}

/// Writes the end of a try and what follows from it.
///
/// # Errors
/// Database errors only.
pub(super) fn end(
    conn: &mut Conn,
    app: &App,
    in_hand: &InHand,
    made: &Settlement,
    address: Option<&EmailMark>,
    owner: &str,
) -> Result<(), AppError> {
    let (mail, now) = (&in_hand.mail, app.now());
    let end = End {
        state: made.state,
        code: made.code.as_deref(),
        class: made.class,
        phase: made.phase,
        due_at: made.due_at,
        uncounted: made.uncounted,
        bucket: made.bucket,
    };
    let settled = outbox::settle(conn, mail, &end, owner, now)?;
    if settled != Settled::Mine {
        tracing::warn!(mail = %mail.id, state = %made.state, counts = settled == Settled::LateAccept, "late result");
    }
    if settled == Settled::Late {
        return Ok(());
    }
    if made.state == MailState::Accepted && mail.kind == MailKind::Alert {
        alerts::sent(conn, &mail.id, now)?;
    }
    follow(conn, &Tried { mail, made, address, probe: in_hand.probe }, now)
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
