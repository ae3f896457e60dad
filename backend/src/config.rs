//! What an operator can set. Read once, from flags and the environment, by `Args`.

mod args;
mod inbound_key;
mod metrics_token;
mod smtp;

use std::net::SocketAddr;
use std::path::PathBuf;

use domain::alert::QuietHours;
use domain::contact::EmailAddress;
use domain::matching::ReviewPolicy;

pub use args::{AdminCommand, Args, Command, DkimCommand, KeysCommand, LedgerCommand};
pub use inbound_key::InboundKey;
pub use metrics_token::MetricsToken;
pub use smtp::{MailRoute, SmtpServer, SmtpWaits, TlsMode};

/// Requests a second from one address, when nothing is set.
const FLOOD_PER_SECOND: u32 = 100;

/// Connections to the mail server, when nothing is set.
const SMTP_CONNECTIONS: u16 = 4;
/// The name of the key that signs mail, when nothing is set.
const DKIM_SELECTOR: &str = "rosterline";

/// The settings of one instance.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on; port 0 takes a free one.
    pub bind: String,
    /// Folder for the database, the index, the master key and caught mail.
    pub data_dir: PathBuf,
    /// `postgres://...`, or none for SQLite in the data folder.
    pub database_url: Option<String>,
    /// How people reach it; none means the address it listens on.
    pub public_url: Option<String>,
    /// Where mail goes; none means it is held.
    pub smtp_url: Option<String>,
    /// Connections to the mail server of this node, which is also how many mails are in hand at once.
    pub smtp_connections: u16,
    /// How long its answers are waited for. For tests: the servers there are do not differ so much.
    pub smtp_waits: SmtpWaits,
    /// RSA key that signs mail; none leaves signing to the mail server.
    pub dkim_key_file: Option<PathBuf>,
    /// A second key that signs mail, for receivers that know Ed25519.
    pub dkim_ed25519_key_file: Option<PathBuf>,
    /// Where receivers find the public key: `<selector>._domainkey.<domain>`.
    pub dkim_selector: String,
    /// Sender of every mail: `Name <address>` or an address.
    pub mail_from: String,
    /// Postal address for the foot of alerts; alerts do not start without one.
    pub postal_address: Option<String>,
    /// Made an admin at the first start.
    pub admin_email: Option<EmailAddress>,
    /// Master key file; none means `master.key` in the data folder.
    pub master_key_file: Option<PathBuf>,
    /// NPI registry to ask; none means NPIs are checked by their check digit only.
    pub nppes_url: Option<String>,
    /// How many matches an admin wants to see first.
    pub match_review: ReviewPolicy,
    /// Bundling and undo window of instant alerts, in seconds.
    pub alert_hold_seconds: u32,
    /// Hours without alerts, member's local time.
    pub quiet_hours: Option<QuietHours>,
    /// Admins and owners need a second factor.
    pub require_totp: bool,
    /// Webhooks may point at this machine (for trying things out).
    pub allow_loopback_webhooks: bool,
    /// The nearest proxy says for whom it asks (`X-Forwarded-For`), and is believed.
    pub trust_proxy: bool,
    /// Requests a second from one address; 0 lets everything in.
    pub flood_per_second: u32,
    /// Limits by address hold for this machine too. For tests: operators of one machine have no use for it.
    pub limit_loopback: bool,
    /// What a monitoring system shows to see all metrics; none means that admins alone do.
    pub metrics_token: Option<MetricsToken>,
    /// What a mail server shows when it hands over mail that came back; none means that none is taken.
    pub inbound_key: Option<InboundKey>,
    /// Where mail servers send reports, `name@host`: the envelope's sender is `name+<which mail>@host`; none means the
    /// sender itself.
    pub bounce_address: Option<EmailAddress>,
    /// Log filter.
    pub log: String,
    /// A demonstration: caught mail is shown to anyone at `/dev/mailbox`.
    pub demo: bool,
}

impl Config {
    /// The documented defaults for a data folder.
    #[must_use]
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            bind: "127.0.0.1:8080".to_owned(),
            data_dir,
            database_url: None,
            public_url: None,
            smtp_url: None,
            smtp_connections: SMTP_CONNECTIONS,
            smtp_waits: SmtpWaits::default(),
            dkim_key_file: None,
            dkim_ed25519_key_file: None,
            dkim_selector: DKIM_SELECTOR.to_owned(),
            mail_from: "Rosterline <rosterline@localhost.localdomain>".to_owned(),
            postal_address: None,
            admin_email: None,
            master_key_file: None,
            nppes_url: None,
            match_review: ReviewPolicy::First(3),
            alert_hold_seconds: 600,
            quiet_hours: QuietHours::parse("21:00-07:00"),
            require_totp: true,
            allow_loopback_webhooks: false,
            trust_proxy: false,
            flood_per_second: FLOOD_PER_SECOND,
            limit_loopback: false,
            metrics_token: None,
            inbound_key: None,
            bounce_address: None,
            log: "info".to_owned(),
            demo: false,
        }
    }

    /// The database's URL.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("rosterline.db").display()))
    }

    /// Where people reach it, without a trailing slash; `addr` is where it listens when that is known.
    #[must_use]
    pub fn reached_at(&self, addr: Option<SocketAddr>) -> String {
        match (&self.public_url, addr) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, Some(addr)) => format!("http://{addr}"),
            (None, None) => format!("http://{}", self.bind),
        }
    }

    /// Where the master key lies.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data_dir.join("master.key"))
    }
}
