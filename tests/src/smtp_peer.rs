//! An SMTP server inside the test: it plays the failures a real one shows and keeps what it was
//! sent. The product talks to it over TCP as to any other server.

use std::{
    collections::VecDeque,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{net::TcpListener, sync::watch};
use tokio_rustls::{TlsAcceptor, rustls};

use crate::letter::Letter;
use crate::smtp_session;

/// How long `wait_for` and its sisters wait before they fail the test, when nothing else is set.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the peer does with the next mail. Plays are used up in order: a connection takes one when
/// it opens, and one more for each further mail. With none left the peer accepts.
#[derive(Clone, Debug)]
pub enum Play {
    /// Take the mail.
    Accept,
    /// Greet with this line, such as `421 4.3.2 shutting down`, and close.
    Greet(&'static str),
    /// Say nothing to a new connection until the test opens the gate.
    HoldGreeting(Gate),
    /// Answer MAIL with this line.
    RefuseMail(&'static str),
    /// Answer every RCPT of the mail with this line.
    RefuseRcpt(&'static str),
    /// Answer the final dot with this line; the mail is not kept.
    RefuseData(&'static str),
    /// Close instead of answering DATA.
    DropAtData,
    /// Close after the first line of the message.
    DropInData,
    /// Take the mail and close before the reply: the case that makes duplicate mails.
    DropAfterDot,
    /// Wait before every reply. Virtual when the test has paused tokio's time.
    Slow(Duration),
    /// Take the mail, and hold the reply to the final dot until the test opens the gate.
    Hold(Gate),
    /// Hold the reply to MAIL until the test opens the gate, then take the mail.
    HoldMail(Gate),
}

/// What the peer does with whoever connects, whatever the plays say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// Greets.
    #[default]
    Open,
    /// Lets connect and never says a word; connections that wait in vain are let go when it opens.
    Silent,
    /// Hangs up at once.
    Slams,
}

/// A refusal of recipients: those whose address ends so get this line, so often.
struct Refusal {
    ending: String,
    line: &'static str,
    left: usize,
}

/// Lets a test decide when a held reply goes out.
#[derive(Clone)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// A closed gate.
    pub fn closed() -> Gate {
        Gate(watch::Sender::new(false))
    }

    /// Lets everything through from now on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn pass(&self) {
        let opened = self.0.subscribe().wait_for(|open| *open).await.is_ok();
        assert!(opened, "a gate outlives its subscribers");
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

/// How the peer secures a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// In clear; STARTTLS is not offered.
    Plain,
    /// STARTTLS is offered.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

/// One mail as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Envelope sender, without angle brackets.
    pub from: String,
    /// Envelope recipients that were accepted, without angle brackets.
    pub to: Vec<String>,
    /// The message with dots unstuffed.
    pub raw: Vec<u8>,
    /// True when it came over TLS.
    pub tls: bool,
    /// Who logged in by AUTH PLAIN.
    pub user: Option<String>,
}

impl Mail {
    /// The message taken apart.
    pub fn letter(&self) -> Letter {
        Letter::parse(&self.raw)
    }

    /// True when the envelope names this address.
    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}

/// What every connection shares with the test.
pub(crate) struct Shared {
    pub(crate) mails: watch::Sender<Vec<Mail>>,
    pub(crate) transcript: watch::Sender<Vec<String>>,
    pub(crate) login: Mutex<Option<(String, String)>>,
    /// After so many mails on a connection MAIL gets this line and the connection ends.
    pub(crate) per_connection: Option<(usize, &'static str)>,
    pub(crate) door: watch::Sender<Door>,
    refusals: Mutex<Vec<Refusal>>,
    pub(crate) security: Security,
    plays: Mutex<VecDeque<Play>>,
    patience: Duration,
}

impl Shared {
    pub(crate) fn next_play(&self) -> Play {
        self.plays.lock().expect("plays").pop_front().unwrap_or(Play::Accept)
    }

    pub(crate) fn note(&self, line: String) {
        self.transcript.send_modify(|lines| lines.push(line));
    }

    pub(crate) fn login(&self) -> Option<(String, String)> {
        self.login.lock().expect("login").clone()
    }

    /// The line that refuses this recipient.
    pub(crate) fn refusal_of(&self, address: &str) -> Option<&'static str> {
        let mut refusals = self.refusals.lock().expect("refusals");
        let refusal = refusals.iter_mut().find(|r| r.left > 0 && address.ends_with(&r.ending))?;
        refusal.left -= 1;
        Some(refusal.line)
    }
}

/// Settings of a peer before it starts.
#[derive(Default)]
pub struct PeerBuilder {
    security: Option<Security>,
    login: Option<(String, String)>,
    per_connection: Option<(usize, &'static str)>,
    plays: Vec<Play>,
    patience: Option<Duration>,
}

impl PeerBuilder {
    /// Plain when not called.
    pub fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// Demand this login by AUTH PLAIN; without it any login is taken and none is needed.
    pub fn login(mut self, user: &str, password: &str) -> Self {
        self.login = Some((user.to_owned(), password.to_owned()));
        self
    }

    /// Answer MAIL with this line and close once a connection has brought so many mails.
    pub fn per_connection(mut self, most: usize, line: &'static str) -> Self {
        self.per_connection = Some((most, line));
        self
    }

    /// Add a play at the end.
    pub fn play(mut self, play: Play) -> Self {
        self.plays.push(play);
        self
    }

    /// How long to wait for a mail before the test fails; 20 s when not called.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Listen on a free port of the loopback address.
    pub async fn start(self) -> Peer {
        let (acceptor, cert_pem) = self_signed();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("the port");
        let shared = Arc::new(Shared {
            mails: watch::Sender::new(Vec::new()),
            transcript: watch::Sender::new(Vec::new()),
            login: Mutex::new(self.login),
            per_connection: self.per_connection,
            door: watch::Sender::new(Door::Open),
            refusals: Mutex::default(),
            security: self.security.unwrap_or(Security::Plain),
            plays: Mutex::new(self.plays.into()),
            patience: self.patience.unwrap_or(PATIENCE),
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared), acceptor));
        Peer { addr, cert_pem, shared, server: server.abort_handle() }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let (shared, acceptor) = (Arc::clone(&shared), acceptor.clone());
        tokio::spawn(async move {
            // A client that goes away in the middle is an ordinary thing for a server.
            if let Err(error) = smtp_session::serve(stream, &shared, acceptor).await {
                shared.note(format!("-- {error}"));
            }
        });
    }
}

/// The running peer; it stops listening when dropped.
pub struct Peer {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its certificate, for clients that are to trust it.
    pub cert_pem: String,
    shared: Arc<Shared>,
    server: tokio::task::AbortHandle,
}

impl Peer {
    /// Plain, no login, accepts everything.
    pub async fn start() -> Peer {
        Peer::builder().start().await
    }

    /// Settings first.
    pub fn builder() -> PeerBuilder {
        PeerBuilder::default()
    }

    /// The value of `ROSTERLINE_SMTP_URL` that reaches this peer in clear.
    pub fn url(&self) -> String {
        let login = self.shared.login().map(|(user, password)| format!("{user}:{password}@"));
        format!("smtp://{}{}?tls=none", login.unwrap_or_default(), self.addr)
    }

    /// Add a play at the end of the list.
    pub fn play_next(&self, play: Play) {
        self.shared.plays.lock().expect("plays").push_back(play);
    }

    /// Every mail so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.mails.borrow().clone()
    }

    /// Every mail so far to this address.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.is_to(address)).collect()
    }

    /// What was said, a line each: `C: `, `S: `, or `-- ` for events of the connection.
    pub fn transcript(&self) -> Vec<String> {
        self.shared.transcript.borrow().clone()
    }

    /// From now on this login is demanded.
    pub fn demand_login(&self, user: &str, password: &str) {
        *self.shared.login.lock().expect("login") = Some((user.to_owned(), password.to_owned()));
    }

    /// What happens to whoever connects from now on.
    pub fn set_door(&self, door: Door) {
        self.shared.door.send_replace(door);
    }

    /// Answers RCPT to addresses that end so with this line, so often.
    pub fn refuse(&self, ending: &str, line: &'static str, times: usize) {
        let refusal = Refusal { ending: ending.to_owned(), line, left: times };
        self.shared.refusals.lock().expect("refusals").push(refusal);
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.transcript().iter().filter(|line| line.starts_with("-- connected")).count()
    }

    /// Waits until the conversation holds `n` lines that begin so.
    pub async fn wait_for_line(&self, start: &str, n: usize) {
        let mut lines = self.shared.transcript.subscribe();
        let enough = |lines: &Vec<String>| lines.iter().filter(|line| line.starts_with(start)).count() >= n;
        let waited = tokio::time::timeout(self.shared.patience, lines.wait_for(enough)).await.is_ok();
        assert!(waited, "waited for {n} x {start}. Transcript:\n{}", self.transcript().join("\n"));
    }

    /// Waits until `n` mails have come and gives them all; fails the test when they do not come.
    pub async fn wait_for(&self, n: usize) -> Vec<Mail> {
        self.wait_until(&format!("{n} mails"), |mails| mails.len() >= n).await
    }

    /// Waits for the `n`-th mail (from 1) to this address.
    pub async fn wait_for_mail_to(&self, address: &str, n: usize) -> Mail {
        let enough = |mails: &[Mail]| mails.iter().filter(|mail| mail.is_to(address)).count() >= n;
        let mails = self.wait_until(&format!("mail {n} to {address}"), enough).await;
        mails.into_iter().filter(|mail| mail.is_to(address)).nth(n - 1).expect("counted")
    }

    /// Waits for a link with `part` in a mail to this address after the first `skip`: what was queued before may come
    /// in between.
    pub async fn wait_for_link_to(&self, address: &str, skip: usize, part: &str) -> String {
        let link = |mails: &[Mail]| {
            let mut mails = mails.iter().filter(|mail| mail.is_to(address)).skip(skip);
            mails.find_map(|mail| mail.letter().links().into_iter().find(|link| link.contains(part)))
        };
        let mails = self.wait_until(&format!("a mail to {address} with {part}"), |mails| link(mails).is_some()).await;
        link(&mails).expect("found")
    }

    async fn wait_until(&self, what: &str, enough: impl Fn(&[Mail]) -> bool) -> Vec<Mail> {
        let mut mails = self.shared.mails.subscribe();
        let waiting = mails.wait_for(|mails| enough(mails));
        let patience = self.shared.patience;
        match tokio::time::timeout(patience, waiting).await {
            Ok(found) => found.expect("the peer outlives the wait").clone(),
            Err(_) => panic!(
                "waited {patience:?} for {what}; {} came. Transcript:\n{}",
                self.mails().len(),
                self.transcript().join("\n")
            ),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn self_signed() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let made = made.expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("key fits the certificate");
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}
