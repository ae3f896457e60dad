//! Flags and the environment, by clap.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use domain::alert::QuietHours;
use domain::contact::EmailAddress;
use domain::matching::ReviewPolicy;

use super::{Config, DKIM_SELECTOR, FLOOD_PER_SECOND, InboundKey, MetricsToken, SMTP_CONNECTIONS};

/// Rosterline: a permission-first opportunity board for physicians' medical-legal side work.
#[derive(Debug, Parser)]
#[command(name = "rosterline", version, about)]
pub struct Args {
    /// What to do; `serve` when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Address to listen on.
    #[arg(long, env = "ROSTERLINE_BIND", default_value = "127.0.0.1:8080", global = true)]
    bind: String,
    /// Folder for everything kept.
    #[arg(long, env = "ROSTERLINE_DATA_DIR", default_value = "./data", global = true)]
    data_dir: PathBuf,
    /// postgres://... for several nodes; SQLite in the data folder when left out.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// How people reach this instance, for example https://openings.example.org.
    #[arg(long, env = "ROSTERLINE_PUBLIC_URL", global = true)]
    public_url: Option<String>,
    /// smtp://user:pass@host:port?tls=required|opportunistic|none, or folder:PATH.
    #[arg(long, env = "ROSTERLINE_SMTP_URL", hide_env_values = true, global = true)]
    smtp_url: Option<String>,
    /// Connections to the mail server, and mails in hand at once.
    #[arg(long, env = "ROSTERLINE_SMTP_CONNECTIONS", default_value_t = SMTP_CONNECTIONS, value_parser = clap::value_parser!(u16).range(1..=64), global = true)]
    smtp_connections: u16,
    /// RSA key (PEM, mode 0600) that signs mail; the mail server does it when left out.
    #[arg(long, env = "ROSTERLINE_DKIM_KEY_FILE", global = true)]
    dkim_key_file: Option<String>,
    /// A second key (PEM, mode 0600) that signs mail, for receivers that know Ed25519.
    #[arg(long, env = "ROSTERLINE_DKIM_ED25519_KEY_FILE", global = true)]
    dkim_ed25519_key_file: Option<String>,
    /// Receivers find the key at <selector>._domainkey.<domain>, the second one at <selector>-ed25519.
    #[arg(long, env = "ROSTERLINE_DKIM_SELECTOR", default_value = DKIM_SELECTOR, value_parser = selector, global = true)]
    dkim_selector: String,
    /// Sender of every mail.
    #[arg(long, env = "ROSTERLINE_MAIL_FROM", global = true)]
    mail_from: Option<String>,
    /// Postal address in the foot of alerts.
    #[arg(long, env = "ROSTERLINE_POSTAL_ADDRESS", global = true)]
    postal_address: Option<String>,
    /// Made an admin at the first start.
    #[arg(long, env = "ROSTERLINE_ADMIN_EMAIL", hide_env_values = true, value_parser = maybe_email, global = true)]
    admin_email: Option<MaybeEmail>,
    /// Master key file, made at the first start with mode 0600.
    #[arg(long, env = "ROSTERLINE_MASTER_KEY_FILE", global = true)]
    master_key_file: Option<String>,
    /// NPI registry.
    #[arg(long, env = "ROSTERLINE_NPPES_URL", global = true)]
    nppes_url: Option<String>,
    /// all, first:N or none.
    #[arg(long, env = "ROSTERLINE_MATCH_REVIEW", default_value = "first:3", value_parser = review, global = true)]
    match_review: ReviewPolicy,
    /// Bundling and undo window of instant alerts, in seconds.
    #[arg(long, env = "ROSTERLINE_ALERT_HOLD_SECONDS", default_value_t = 600, global = true)]
    alert_hold_seconds: u32,
    /// Hours without alerts in the member's local time, or off.
    #[arg(long, env = "ROSTERLINE_QUIET_HOURS", default_value = "21:00-07:00", value_parser = quiet, global = true)]
    quiet_hours: Quiet,
    /// Admins and company owners need a second factor.
    #[arg(long, env = "ROSTERLINE_REQUIRE_TOTP", default_value_t = true, action = clap::ArgAction::Set, global = true)]
    require_totp: bool,
    /// Webhooks may point at this machine.
    #[arg(long, env = "ROSTERLINE_ALLOW_LOOPBACK_WEBHOOKS", default_value_t = false, action = clap::ArgAction::Set, global = true)]
    allow_loopback_webhooks: bool,
    /// The nearest proxy writes X-Forwarded-For, and its last entry is who asks.
    #[arg(long, env = "ROSTERLINE_TRUST_PROXY", default_value_t = false, action = clap::ArgAction::Set, global = true)]
    trust_proxy: bool,
    /// Requests a second from one address, four seconds' worth at once; 0 lets everything in.
    #[arg(long, env = "ROSTERLINE_FLOOD_PER_SECOND", default_value_t = FLOOD_PER_SECOND, global = true)]
    flood_per_second: u32,
    /// What a monitoring system shows (Authorization: Bearer) to see all metrics; at least 16 characters.
    #[arg(long, env = "ROSTERLINE_METRICS_TOKEN", hide_env_values = true, value_parser = metrics_token, global = true)]
    metrics_token: Option<MaybeToken>,
    /// What a mail server shows (X-Inbound-Key) when it hands over mail that came back; at least 16 characters.
    #[arg(long, env = "ROSTERLINE_INBOUND_KEY", hide_env_values = true, value_parser = inbound_key, global = true)]
    inbound_key: Option<MaybeKey>,
    /// Where mail servers send reports, name@host, which must take name+anything@host; the sender when left out.
    #[arg(long, env = "ROSTERLINE_BOUNCE_ADDRESS", value_parser = maybe_email, global = true)]
    bounce_address: Option<MaybeEmail>,
    /// Log filter, for example info or rosterline=debug.
    #[arg(long, env = "ROSTERLINE_LOG", default_value = "info", global = true)]
    log: String,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Migrate, open the index, serve pages and the API, run the workers.
    Serve,
    /// Serve a fresh, made-up community; mail is caught and shown.
    Demo,
    /// Bring the schema up to date.
    Migrate,
    /// Build the search index anew from the database.
    Reindex,
    /// Verify index, permissions and key material; exit 1 on any fault.
    Check,
    /// Print every route with its access rule.
    Routes,
    /// Work with admins.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Check records of the ledger, offline.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Work with the master key.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Work with the keys that sign mail.
    #[command(subcommand)]
    Dkim(DkimCommand),
    /// Look for contact values in database, write-ahead log, index, logs and mail queue; exit 1 when any is found.
    Leakcheck {
        /// Values to look for, one a line; the instance's own contacts when left out.
        #[arg(long)]
        canaries: Option<PathBuf>,
        /// Another file or folder to search, such as the one logs are kept in.
        #[arg(long)]
        also: Vec<PathBuf>,
    },
    /// Take the second step off an account whose phone and recovery codes are lost; its sessions end. Make sure first who
    /// asks.
    ResetSecondFactor {
        /// The account's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Let mail go again to an address that it came back from, or whose reader called it unwanted (docs/MAIL.md).
    AllowMail {
        /// The account's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Print a one-time sign-in link for an existing account.
    SignInLink {
        /// The account's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
}

/// Work with admins.
#[derive(Debug, Clone, Subcommand)]
pub enum AdminCommand {
    /// Create an admin and print a one-time sign-in link (valid 15 minutes).
    Add {
        /// The admin's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Shut an admin out: every session, pending link and unused invitation code of theirs is dead at once. `add` lets them
    /// in again.
    Remove {
        /// The admin's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Let an admin look at the contacts of members who allow it, one at a time, with a reason that the member is told.
    AllowContacts {
        /// The admin's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Take that from an admin again.
    DenyContacts {
        /// The admin's address.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
}

/// Work with the master key.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum KeysCommand {
    /// Add a new version of the master key and wrap the key of everything sealed with it; goes on where it was stopped.
    Rotate,
}

/// Work with the keys that sign mail.
#[derive(Debug, Clone, Subcommand)]
pub enum DkimCommand {
    /// Make a key in a new file (mode 0600) and print the DNS record that publishes it.
    Key {
        /// The new file.
        file: PathBuf,
        /// An Ed25519 key, to be used beside an RSA key.
        #[arg(long)]
        ed25519: bool,
    },
}

/// Check records of the ledger.
#[derive(Debug, Clone, Subcommand)]
pub enum LedgerCommand {
    /// Check a record or a receipt that a member downloaded; exit 1 on any fault.
    Verify {
        /// The file.
        file: PathBuf,
        /// An older record or checkpoint that this one must go on from.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The server's key set (/.well-known/jwks.json), which must hold the key; a receipt needs it.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
}

#[derive(Debug, Clone)]
struct Quiet(Option<QuietHours>);

/// An address, or nothing for an empty setting.
#[derive(Debug, Clone)]
struct MaybeEmail(Option<EmailAddress>);

/// A token, or nothing for an empty setting.
#[derive(Debug, Clone)]
struct MaybeToken(Option<MetricsToken>);

/// A key, or nothing for an empty setting.
#[derive(Debug, Clone)]
struct MaybeKey(Option<InboundKey>);

fn inbound_key(text: &str) -> Result<MaybeKey, String> {
    InboundKey::parse(text).map(MaybeKey)
}

fn metrics_token(text: &str) -> Result<MaybeToken, String> {
    MetricsToken::parse(text).map(MaybeToken)
}

fn maybe_email(text: &str) -> Result<MaybeEmail, String> {
    if text.is_empty() { Ok(MaybeEmail(None)) } else { email(text).map(|e| MaybeEmail(Some(e))) }
}

/// A setting that is there but empty, as in `.env.sample`, counts as not set.
fn filled(text: Option<&String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn email(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).ok_or_else(|| "not an e-mail address".to_owned())
}

fn selector(text: &str) -> Result<String, String> {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !l.starts_with('-')
    };
    let text = if text.is_empty() { DKIM_SELECTOR } else { text };
    if text.split('.').all(label) {
        Ok(text.to_owned())
    } else {
        Err("expected letters, digits and hyphens".to_owned())
    }
}

fn review(text: &str) -> Result<ReviewPolicy, String> {
    ReviewPolicy::parse(text).ok_or_else(|| "expected all, first:N or none".to_owned())
}

fn quiet(text: &str) -> Result<Quiet, String> {
    if text == "off" {
        return Ok(Quiet(None));
    }
    QuietHours::parse(text).map(|q| Quiet(Some(q))).ok_or_else(|| "expected HH:MM-HH:MM or off".to_owned())
}

impl Args {
    /// The settings these flags say.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = Config::new(self.data_dir.clone());
        config.bind.clone_from(&self.bind);
        config.database_url = filled(self.database_url.as_ref());
        config.public_url = filled(self.public_url.as_ref());
        config.smtp_url = filled(self.smtp_url.as_ref());
        config.smtp_connections = self.smtp_connections;
        config.dkim_key_file = filled(self.dkim_key_file.as_ref()).map(PathBuf::from);
        config.dkim_ed25519_key_file = filled(self.dkim_ed25519_key_file.as_ref()).map(PathBuf::from);
        config.dkim_selector.clone_from(&self.dkim_selector);
        if let Some(from) = filled(self.mail_from.as_ref()) {
            config.mail_from = from;
        }
        config.postal_address = filled(self.postal_address.as_ref());
        config.admin_email = self.admin_email.as_ref().and_then(|e| e.0.clone());
        config.master_key_file = filled(self.master_key_file.as_ref()).map(PathBuf::from);
        config.nppes_url = filled(self.nppes_url.as_ref());
        config.match_review = self.match_review;
        config.alert_hold_seconds = self.alert_hold_seconds;
        config.quiet_hours = self.quiet_hours.0;
        config.require_totp = self.require_totp;
        config.allow_loopback_webhooks = self.allow_loopback_webhooks;
        config.trust_proxy = self.trust_proxy;
        config.flood_per_second = self.flood_per_second;
        config.metrics_token = self.metrics_token.as_ref().and_then(|t| t.0.clone());
        config.inbound_key = self.inbound_key.as_ref().and_then(|k| k.0.clone());
        config.bounce_address = self.bounce_address.as_ref().and_then(|e| e.0.clone());
        config.log.clone_from(&self.log);
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_settings_count_as_not_set() {
        let names = [
            "database-url",
            "public-url",
            "smtp-url",
            "mail-from",
            "dkim-key-file",
            "dkim-ed25519-key-file",
            "dkim-selector",
            "postal-address",
            "admin-email",
            "nppes-url",
            "master-key-file",
            "metrics-token",
            "inbound-key",
            "bounce-address",
        ];
        let flags = names.iter().map(|n| format!("--{n}="));
        let args = Args::try_parse_from(std::iter::once("rosterline".to_owned()).chain(flags)).unwrap();
        let (config, plain) = (args.config(), Config::new("./data".into()));
        assert_eq!(format!("{config:?}"), format!("{plain:?}"));
    }
}
