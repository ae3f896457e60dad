//! Where mail goes, read from one URL.

use std::path::PathBuf;
use std::time::Duration;

/// How long each answer of the mail server is waited for. Three steps, the body and some time for ourselves stay below
/// the lease of the outbox (60 s).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmtpWaits {
    /// For the TCP connection.
    pub connect: Duration,
    /// For greeting, EHLO, STARTTLS and AUTH, each.
    pub hello: Duration,
    /// For MAIL, RCPT, DATA and RSET, each.
    pub step: Duration,
    /// For the reply to the final dot.
    pub finish: Duration,
}

impl Default for SmtpWaits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            hello: Duration::from_secs(10),
            step: Duration::from_secs(5),
            finish: Duration::from_secs(40),
        }
    }
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// TLS from the first byte (`smtps://`).
    Implicit,
    /// STARTTLS or no mail (the default).
    Required,
    /// STARTTLS when offered.
    Opportunistic,
    /// Never; for a relay on the same machine.
    None,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User and password.
    pub login: Option<(String, String)>,
    /// Protection.
    pub tls: TlsMode,
    /// A PEM file with a certificate to trust besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password must not reach a log.
        write!(f, "SmtpServer({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// Where mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Nowhere yet: mail waits in the outbox and a banner says so.
    Held,
    /// `.eml` files in a folder.
    Folder(PathBuf),
    /// A mail server.
    Smtp(SmtpServer),
}

impl MailRoute {
    /// Reads `smtp://user:pass@host:port?tls=required|opportunistic|none&ca=FILE`, `smtps://...?ca=FILE` or
    /// `folder:PATH`.
    ///
    /// # Errors
    /// A sentence that says what is wrong; it never quotes the URL, which may hold a password.
    pub fn parse(url: Option<&str>) -> Result<Self, String> {
        let Some(url) = url.filter(|u| !u.is_empty()) else { return Ok(Self::Held) };
        if let Some(path) = url.strip_prefix("folder:") {
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        let (implicit, rest) = match (url.strip_prefix("smtps://"), url.strip_prefix("smtp://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("the SMTP URL must begin with smtp://, smtps:// or folder:".to_owned()),
        };
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, host_port) = match authority.trim_end_matches('/').rsplit_once('@') {
            None => (None, authority.trim_end_matches('/')),
            Some((login, host)) => {
                let (user, pass) = login.split_once(':').ok_or("the SMTP URL names a user without a password")?;
                (Some((decode(user)?, decode(pass)?)), host)
            }
        };
        let (host, port) = match host_port.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| "the port of the SMTP URL is not a number")?),
            None => (host_port, if implicit { 465 } else { 587 }),
        };
        if host.is_empty() {
            return Err("the SMTP URL names no host".to_owned());
        }
        let (tls, ca_file) = protection(implicit, query)?;
        Ok(Self::Smtp(SmtpServer { host: host.to_owned(), port, login, tls, ca_file }))
    }
}

fn protection(implicit: bool, query: &str) -> Result<(TlsMode, Option<PathBuf>), String> {
    let mut tls = if implicit { TlsMode::Implicit } else { TlsMode::Required };
    let mut ca_file = None;
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        match pair.split_once('=') {
            Some(("tls", "required")) if !implicit => tls = TlsMode::Required,
            Some(("tls", "opportunistic")) if !implicit => tls = TlsMode::Opportunistic,
            Some(("tls", "none")) if !implicit => tls = TlsMode::None,
            Some(("ca", path)) if !path.is_empty() => ca_file = Some(PathBuf::from(decode(path)?)),
            _ => return Err("the SMTP URL takes ?tls=required, opportunistic or none, and &ca=FILE".to_owned()),
        }
    }
    Ok((tls, ca_file))
}

fn decode(text: &str) -> Result<String, String> {
    let bad = || "the SMTP URL has a broken %-escape".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        if b == b'%' {
            let hex = [rest.next().ok_or_else(bad)?, rest.next().ok_or_else(bad)?];
            let hex = std::str::from_utf8(&hex).map_err(|_| bad())?;
            bytes.push(u8::from_str_radix(hex, 16).map_err(|_| bad())?);
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8(bytes).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_or_refused_in_words() {
        let smtp = |host: &str, port, login: Option<(&str, &str)>, tls| {
            MailRoute::Smtp(SmtpServer {
                host: host.to_owned(),
                port,
                login: login.map(|(u, p)| (u.to_owned(), p.to_owned())),
                tls,
                ca_file: None,
            })
        };
        for (url, want) in [
            ("smtp://relay", smtp("relay", 587, None, TlsMode::Required)),
            ("smtp://relay:25?tls=none", smtp("relay", 25, None, TlsMode::None)),
            (
                "smtp://u:p%40ss@relay:2525?tls=opportunistic",
                smtp("relay", 2525, Some(("u", "p@ss")), TlsMode::Opportunistic),
            ),
            ("smtps://u:p@relay", smtp("relay", 465, Some(("u", "p")), TlsMode::Implicit)),
            ("folder:/var/mail", MailRoute::Folder("/var/mail".into())),
        ] {
            assert_eq!(MailRoute::parse(Some(url)).unwrap(), want, "{url}");
        }
        assert_eq!(MailRoute::parse(None).unwrap(), MailRoute::Held);
        for (url, tls) in [
            ("smtp://relay?tls=required&ca=%2Fetc%2Fca.pem", TlsMode::Required),
            ("smtps://relay?ca=/etc/ca.pem", TlsMode::Implicit),
        ] {
            let MailRoute::Smtp(server) = MailRoute::parse(Some(url)).unwrap() else { panic!("{url}") };
            assert_eq!((server.tls, server.ca_file), (tls, Some("/etc/ca.pem".into())), "{url}");
        }
        for bad in [
            "http://relay",
            "smtp://",
            "smtp://user@relay",
            "smtp://relay:x",
            "smtp://relay?tls=maybe",
            "smtps://relay?tls=none",
            "smtp://relay?ca=",
            "smtp://u:%zz@relay",
        ] {
            let error = MailRoute::parse(Some(bad)).unwrap_err();
            assert!(!error.contains("user@") && !error.contains("%zz"), "{error}");
        }
    }
}
