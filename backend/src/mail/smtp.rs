//! One connection to the mail server, owned by one worker, on top of lettre's commands.
//!
//! lettre's own pool hands a connection on after a cancelled send, one reply behind; here a connection about
//! which there is any doubt is dropped. Errors carry codes and never the server's words.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::reply::{Enhanced, Fault, Outcome, Phase};
use super::wire::wire;
use crate::config::{SmtpServer, SmtpWaits, TlsMode};

/// For a polite end.
const QUIT: Duration = Duration::from_secs(2);
/// An idle connection is closed after this.
const IDLE: Duration = Duration::from_secs(15);
/// And a busy one after so many mails.
const MAILS: u32 = 100;

/// A mail server and how to reach it.
pub struct Relay {
    server: SmtpServer,
    waits: SmtpWaits,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

impl Relay {
    /// Reads certificates; opens nothing.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn new(server: &SmtpServer) -> Result<Self, String> {
        let tls = match server.tls {
            TlsMode::None => None,
            TlsMode::Implicit | TlsMode::Required | TlsMode::Opportunistic => Some(trust(server)?),
        };
        Ok(Self { server: server.clone(), waits: SmtpWaits::default(), tls, hello: ClientId::default() })
    }

    /// The same with other waits.
    #[must_use]
    pub fn with_waits(self, waits: SmtpWaits) -> Self {
        Self { waits, ..self }
    }
}

fn trust(server: &SmtpServer) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(path) = &server.ca_file {
        let pem = std::fs::read(path).map_err(|_| "the file that `ca` of the SMTP URL names cannot be read")?;
        let certificate =
            Certificate::from_pem(&pem).map_err(|_| "the file that `ca` of the SMTP URL names holds no certificate")?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|_| "TLS to the mail server cannot be set up".to_owned())
}

/// A worker's way to the server: at most one connection, opened when needed.
pub struct Line {
    relay: Relay,
    open: Option<Open>,
    /// The connection on which an envelope was taken, until its body goes.
    begun: Option<Open>,
}

struct Open {
    smtp: AsyncSmtpConnection,
    pipelining: bool,
    mails: u32,
    used: Instant,
}

/// One reply, without its words.
enum Reply {
    Yes(u16),
    No(u16, Option<Enhanced>),
    Broken(Fault),
}

/// Why a mail stopped before its body, and whether the connection is still in step.
struct Stop {
    outcome: Outcome,
    in_step: bool,
}

impl Stop {
    const fn broken(fault: Fault) -> Self {
        Self { outcome: Outcome::Infra(fault), in_step: false }
    }

    const fn refused(phase: Phase, code: u16, enhanced: Option<Enhanced>) -> Self {
        Self { outcome: refused(phase, code, enhanced), in_step: code != 421 }
    }
}

const fn refused(phase: Phase, code: u16, enhanced: Option<Enhanced>) -> Outcome {
    Outcome::Refused { phase, code, enhanced, permanent: code >= 500 }
}

impl Line {
    /// Not connected yet.
    #[must_use]
    pub const fn new(relay: Relay) -> Self {
        Self { relay, open: None, begun: None }
    }

    /// Makes sure of a connection.
    ///
    /// # Errors
    /// `Infra` or `Refused` when there is none to be had.
    pub async fn ready(&mut self) -> Result<(), Outcome> {
        if self.open.as_ref().is_some_and(|open| open.mails >= MAILS) || self.is_idle() {
            self.close().await;
        }
        if self.open.is_none() {
            self.open = Some(open(&self.relay).await?);
        }
        Ok(())
    }

    /// Sends one message to one recipient over the connection that `ready` made sure of.
    pub async fn send(&mut self, from: &Address, to: &Address, message: &[u8]) -> Outcome {
        let Some(body) = wire(message) else {
            return Outcome::Infra(Fault::Protocol);
        };
        match self.envelope(from, to).await {
            Ok(()) => self.body(body).await,
            Err(outcome) => outcome,
        }
    }

    /// Says from whom and to whom; the server waits for the body when it succeeds. Call `body` or `abandon` next.
    ///
    /// # Errors
    /// What the server said or did instead. Surely nothing was sent.
    pub async fn envelope(&mut self, from: &Address, to: &Address) -> Result<(), Outcome> {
        self.begun = None;
        // Taken out, so that whoever drops this half-way leaves no connection behind.
        let Some(mut open) = self.open.take() else {
            return Err(Outcome::Infra(Fault::Connect));
        };
        let step = self.relay.waits.step;
        let said = if open.pipelining {
            envelope_at_once(&mut open, from, to, step).await
        } else {
            envelope_by_step(&mut open, from, to, step).await
        };
        match said {
            Ok(()) => {
                self.begun = Some(open);
                Ok(())
            }
            Err(stop) => {
                if stop.in_step && reset(&mut open, step).await {
                    self.rest(open);
                }
                Err(stop.outcome)
            }
        }
    }

    /// Sends the body, as `wire` makes it, in one write.
    pub async fn body(&mut self, body: String) -> Outcome {
        let Some(mut open) = self.begun.take() else {
            return Outcome::Infra(Fault::Connect);
        };
        let (outcome, in_step) = match reply(timeout(self.relay.waits.finish, open.smtp.command(body)).await) {
            Reply::Yes(200..=299) => (Outcome::Sent, true),
            Reply::No(code, enhanced) => (refused(Phase::Body, code, enhanced), code != 421),
            // Anything else leaves open what became of the mail.
            Reply::Yes(_) | Reply::Broken(_) => (Outcome::Ambiguous, false),
        };
        if in_step {
            self.rest(open);
        }
        outcome
    }

    /// Gives up a mail whose envelope was taken: the server forgets it when the connection ends without a dot.
    pub fn abandon(&mut self) {
        self.begun = None;
    }

    /// Keeps a connection that is in step.
    fn rest(&mut self, mut open: Open) {
        open.mails = open.mails.saturating_add(1);
        open.used = Instant::now();
        self.open = Some(open);
    }

    /// True when there is a connection that has rested long enough to be closed.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.used.elapsed() >= IDLE)
    }

    /// Says good-bye and closes.
    pub async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            // Whatever it answers, nothing depends on it.
            let _ = timeout(QUIT, open.smtp.quit()).await;
        }
    }
}

async fn open(relay: &Relay) -> Result<Open, Outcome> {
    let mut smtp = greet(relay).await?;
    if let (TlsMode::Required | TlsMode::Opportunistic, Some(tls)) = (relay.server.tls, &relay.tls) {
        if smtp.can_starttls() {
            let upgrade = smtp.starttls(tls.clone(), &relay.hello);
            first(timeout(relay.waits.hello, upgrade).await, Fault::Tls)?;
        } else if relay.server.tls == TlsMode::Required {
            return Err(Outcome::Infra(Fault::Tls));
        }
    }
    // lettre does not keep whether PIPELINING was offered; asking again is allowed at any time.
    let ehlo = smtp.command(Ehlo::new(relay.hello.clone()));
    let offer = first(timeout(relay.waits.hello, ehlo).await, Fault::Greeting)?;
    let pipelining = offer.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
    log_in(relay, &mut smtp).await?;
    Ok(Open { smtp, pipelining, mails: 0, used: Instant::now() })
}

async fn greet(relay: &Relay) -> Result<AsyncSmtpConnection, Outcome> {
    let address = (relay.server.host.as_str(), relay.server.port);
    if let (TlsMode::Implicit, Some(tls)) = (relay.server.tls, &relay.tls) {
        let (wait, tls) = (Some(relay.waits.connect), Some(tls.clone()));
        let connect = AsyncSmtpConnection::connect_tokio1(address, wait, &relay.hello, tls, None);
        return first(timeout(relay.waits.connect + relay.waits.hello, connect).await, Fault::Connect);
    }
    let stream = match timeout(relay.waits.connect, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(_)) => return Err(Outcome::Infra(Fault::Connect)),
        Err(_) => return Err(Outcome::Infra(Fault::Timeout)),
    };
    // Only speed is lost when it cannot be set.
    let _ = stream.set_nodelay(true);
    let hello = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &relay.hello);
    first(timeout(relay.waits.hello, hello).await, Fault::Greeting)
}

async fn log_in(relay: &Relay, smtp: &mut AsyncSmtpConnection) -> Result<(), Outcome> {
    let Some((user, password)) = &relay.server.login else {
        return Ok(());
    };
    // A password goes in clear only where the operator said so.
    if !smtp.is_encrypted() && relay.server.tls != TlsMode::None {
        return Err(Outcome::Infra(Fault::Tls));
    }
    let credentials = Credentials::new(user.clone(), password.clone());
    let auth = smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
    let said = timeout(relay.waits.hello, auth).await;
    // lettre itself finds out that the server offers no way that we know.
    if said.as_ref().is_ok_and(|said| said.as_ref().is_err_and(Error::is_client)) {
        return Err(Outcome::Infra(Fault::NoLogin));
    }
    match reply(said) {
        Reply::Yes(200..=299) => Ok(()),
        Reply::No(code, enhanced) => Err(refused(Phase::Auth, code, enhanced)),
        Reply::Broken(Fault::Timeout) => Err(Outcome::Infra(Fault::Timeout)),
        Reply::Yes(_) | Reply::Broken(_) => Err(Outcome::Infra(Fault::Greeting)),
    }
}

/// A step of the opening: a refusal in it is the server's word about us, not about a mail.
fn first<T>(result: Result<Result<T, Error>, tokio::time::error::Elapsed>, otherwise: Fault) -> Result<T, Outcome> {
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(match error.status() {
            Some(code) if error.is_permanent() => refused(Phase::Hello, code.into(), enhanced(&error)),
            Some(_) => Outcome::Infra(Fault::Greeting),
            None => Outcome::Infra(otherwise),
        }),
        Err(_) => Err(Outcome::Infra(Fault::Timeout)),
    }
}

fn reply(result: Result<Result<Response, Error>, tokio::time::error::Elapsed>) -> Reply {
    match result {
        Ok(Ok(response)) => Reply::Yes(response.code().into()),
        Ok(Err(error)) => match error.status() {
            Some(code) => Reply::No(code.into(), enhanced(&error)),
            None => Reply::Broken(Fault::Dropped),
        },
        Err(_) => Reply::Broken(Fault::Timeout),
    }
}

/// The digits at the beginning of the server's words; the rest is let go here.
fn enhanced(error: &Error) -> Option<Enhanced> {
    std::error::Error::source(error).and_then(|words| Enhanced::parse(&words.to_string()))
}

async fn envelope_by_step(open: &mut Open, from: &Address, to: &Address, step: Duration) -> Result<(), Stop> {
    let mail = Mail::new(Some(from.clone()), Vec::new());
    let said = reply(timeout(step, open.smtp.command(mail)).await);
    accepted_mail(open, said)?;
    let rcpt = Rcpt::new(to.clone(), Vec::new());
    accepted(Phase::Rcpt, reply(timeout(step, open.smtp.command(rcpt)).await))?;
    accepted(Phase::Data, reply(timeout(step, open.smtp.command(Data)).await))
}

/// RFC 2920: the three commands in one write, their replies in order.
async fn envelope_at_once(open: &mut Open, from: &Address, to: &Address, step: Duration) -> Result<(), Stop> {
    let mail = Mail::new(Some(from.clone()), Vec::new());
    let rcpt = Rcpt::new(to.clone(), Vec::new());
    let said = reply(timeout(step, open.smtp.command(format!("{mail}{rcpt}{Data}"))).await);
    let mail = accepted_mail(open, said);
    if mail.as_ref().is_err_and(|stop| !stop.in_step) {
        return mail;
    }
    let rcpt = accepted(Phase::Rcpt, reply(timeout(step, open.smtp.read_response()).await));
    if rcpt.as_ref().is_err_and(|stop| !stop.in_step) {
        return mail.and(rcpt);
    }
    let data = accepted(Phase::Data, reply(timeout(step, open.smtp.read_response()).await));
    let knows_sender = mail.is_ok();
    let mut envelope = mail.and(rcpt);
    match (&mut envelope, data) {
        (Ok(()), data) => data,
        // The server waits for a body although nobody is to get it: end it empty. It must say no to that.
        (Err(stop), Ok(())) if knows_sender => {
            let said = reply(timeout(step, open.smtp.command(".\r\n")).await);
            stop.in_step = matches!(said, Reply::No(code, _) if code != 421);
            envelope
        }
        // It takes a body after refusing the sender: not even an empty one is for such a server.
        (Err(stop), Ok(())) => {
            stop.in_step = false;
            envelope
        }
        (Err(stop), Err(data)) => {
            stop.in_step &= data.in_step;
            envelope
        }
    }
}

/// As `accepted`, and tells a connection that ended while it rested from a fault of the server.
fn accepted_mail(open: &Open, said: Reply) -> Result<(), Stop> {
    let used = open.mails > 0;
    match said {
        Reply::Broken(Fault::Dropped) if used => Err(Stop::broken(Fault::Stale)),
        Reply::No(421, enhanced) if used && rested(enhanced) => Err(Stop::broken(Fault::Stale)),
        said => accepted(Phase::Mail, said),
    }
}

/// 4.4.2: the connection rested too long. Any other 421 asks for less mail, so a fresh connection at once would be
/// rude.
fn rested(enhanced: Option<Enhanced>) -> bool {
    enhanced.is_some_and(|e| (e.subject, e.detail) == (4, 2))
}

/// Exactly the reply that fits the phase: 354 to DATA, 2yz to the others.
fn accepted(phase: Phase, said: Reply) -> Result<(), Stop> {
    match (phase, said) {
        (Phase::Data, Reply::Yes(354)) => Ok(()),
        (Phase::Data, Reply::Yes(_)) => Err(Stop::broken(Fault::Protocol)),
        (_, Reply::Yes(200..=299)) => Ok(()),
        (_, Reply::Yes(_)) => Err(Stop::broken(Fault::Protocol)),
        (phase, Reply::No(code, enhanced)) => Err(Stop::refused(phase, code, enhanced)),
        (_, Reply::Broken(fault)) => Err(Stop::broken(fault)),
    }
}

async fn reset(open: &mut Open, step: Duration) -> bool {
    let said = reply(timeout(step, open.smtp.command(Rset)).await);
    matches!(said, Reply::Yes(200..=299))
}
