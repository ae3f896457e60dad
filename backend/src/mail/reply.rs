//! What a mail server's answers mean. Codes only: its words often hold the address, so they are never kept.

use std::fmt;

use domain::mail::MailClass;

/// How far the conversation was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Greeting and EHLO.
    Hello,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA.
    Data,
    /// The final dot.
    Body,
}

impl Phase {
    /// A word for logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Body => "body",
        }
    }
}

/// An enhanced status code (RFC 3463), for example 5.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enhanced {
    /// 2, 4 or 5.
    pub class: u8,
    /// What it is about.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl Enhanced {
    /// Reads it from the beginning of a reply's text and keeps digits only.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.split_whitespace().next()?;
        let mut parts = word.split('.').map(number);
        let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
        let class = u8::try_from(class).ok().filter(|c| matches!(c, 2 | 4 | 5))?;
        parts.next().is_none().then_some(Self { class, subject, detail })
    }
}

fn number(text: &str) -> Option<u16> {
    let plain = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What failed before the mail could be on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No connection.
    Connect,
    /// No protected connection.
    Tls,
    /// The server hangs up before it takes mail, or asks us to come back later.
    Greeting,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Dropped,
    /// The server ended a connection that was used before; a fresh one is worth trying at once.
    Stale,
    /// Answers that do not fit the questions.
    Protocol,
    /// The server offers no way to log in.
    NoLogin,
    /// The folder for mail cannot be written.
    Folder,
}

impl Fault {
    /// A word for the outbox and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Greeting => "greeting",
            Self::Timeout => "timeout",
            Self::Dropped => "dropped",
            Self::Stale => "stale",
            Self::Protocol => "protocol",
            Self::NoLogin => "no_login",
            Self::Folder => "folder",
        }
    }
}

/// What became of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered the final dot with 2yz.
    Sent,
    /// The server said no.
    Refused {
        /// To what.
        phase: Phase,
        /// With which code.
        code: u16,
        /// And which enhanced code.
        enhanced: Option<Enhanced>,
        /// 5yz.
        permanent: bool,
    },
    /// The body was on its way and no answer came that says what became of it.
    Ambiguous,
    /// Surely not sent, for a cause outside the mail.
    Infra(Fault),
}

/// Sorts a refusal.
#[must_use]
pub fn classify(phase: Phase, code: u16, enhanced: Option<Enhanced>) -> MailClass {
    use MailClass as C;
    let about = enhanced.map(|e| (e.subject, e.detail));
    if code == 421 {
        return C::Throttle;
    }
    match (phase, code, about) {
        (Phase::Hello | Phase::Auth, ..500, _) => C::Infra,
        (Phase::Hello | Phase::Auth | Phase::Mail, 500.., _) => C::Config,
        (_, ..500, Some((7, _))) => C::Throttle,
        (_, _, Some((2, 2))) => C::Full,
        (_, ..500, _) | (_, 552, None) => C::Soft,
        (Phase::Rcpt, 550 | 551 | 553, Some((1, 1 | 2 | 3 | 6 | 10))) => C::Hard,
        (_, _, Some((7, _))) => C::Policy,
        _ => C::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sorted() {
        use MailClass as C;
        use Phase as P;
        for (phase, reply, class) in [
            (P::Hello, "554 no", C::Config),
            (P::Auth, "535 5.7.8 wrong login", C::Config),
            (P::Mail, "550 5.7.1 not you", C::Config),
            (P::Mail, "421 4.3.2 later", C::Throttle),
            (P::Rcpt, "421 too many", C::Throttle),
            (P::Body, "451 4.7.1 greylisted", C::Throttle),
            (P::Rcpt, "450 4.2.1 busy", C::Soft),
            (P::Body, "452 4.3.1 disk", C::Soft),
            (P::Mail, "451 later", C::Soft),
            (P::Auth, "454 4.7.0 not now", C::Infra),
            (P::Rcpt, "452 4.2.2 full", C::Full),
            (P::Rcpt, "552 5.2.2 full", C::Full),
            (P::Body, "552 too much", C::Soft),
            (P::Rcpt, "550 5.1.1 no such user", C::Hard),
            (P::Rcpt, "553 5.1.3 bad address", C::Hard),
            (P::Rcpt, "550 5.1.10 null MX", C::Hard),
            (P::Rcpt, "550 no such user", C::Unknown),
            (P::Rcpt, "550 5.1.8 sender", C::Unknown),
            (P::Rcpt, "550 5.7.1 blocked", C::Policy),
            (P::Body, "554 5.7.1 spam", C::Policy),
            (P::Body, "550 5.1.1 odd place", C::Unknown),
            (P::Data, "554 no", C::Unknown),
        ] {
            let (code, text) = reply.split_once(' ').unwrap();
            let enhanced = Enhanced::parse(text);
            assert_eq!(classify(phase, code.parse().unwrap(), enhanced), class, "{phase:?} {reply}");
        }
    }

    #[test]
    fn an_enhanced_code_is_digits_or_nothing() {
        for (text, code) in [
            ("5.1.1 <jane@clinic.example> unknown", Some("5.1.1")),
            ("4.7.650 slow", Some("4.7.650")),
            ("5.1.1", Some("5.1.1")),
            ("jane@clinic.example unknown", None),
            ("3.1.1 odd", None),
            ("5.1 short", None),
            ("5.1.1.1 long", None),
            ("5.1111.1 wide", None),
            ("5.+1.1 sign", None),
            ("", None),
        ] {
            let found = Enhanced::parse(text).map(|e| e.to_string());
            assert_eq!(found.as_deref(), code, "{text}");
        }
    }
}
