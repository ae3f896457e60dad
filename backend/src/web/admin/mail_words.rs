//! What the pages about the outbox call things, and what is wrong as a sentence.

use chrono::{DateTime, Duration, Utc};
use domain::mail::{MailClass, MailKind, MailState as State, Stream};
use frontend::pages::MailLine;
use frontend::view::Tag;
use store::Conn;
use store::mail_streams::Stopped;
use store::outbox::Listed;

use super::super::words::moment;
use super::labels::waiting;
use crate::app::App;
use crate::config::MailRoute;
use crate::error::AppError;
use crate::mail::post::{self, Hold};

/// How late mail may be before it is called a problem: what somebody waits for, and the rest.
const LATE: [Duration; 2] = [Duration::minutes(2), Duration::minutes(10)];

/// A stream as people call it.
pub(super) const fn stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Security => "Sign-in and safety",
        Stream::Introduction => "Introductions",
        Stream::Admin => "Decisions",
        Stream::Outreach => "Outreach",
        Stream::Alert => "Alerts",
    }
}

/// A kind as people call it: its word with spaces, `Sign in`.
pub(super) fn kind(kind: MailKind) -> String {
    let words = kind.as_str().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// What stood in the way.
pub(super) const fn class(class: MailClass) -> &'static str {
    match class {
        MailClass::Infra => "server out of reach",
        MailClass::Config => "our settings",
        MailClass::Throttle => "asked for less",
        MailClass::Soft => "not now",
        MailClass::Full => "mailbox full",
        MailClass::Hard => "no such address",
        MailClass::Policy => "refused for what it is",
        MailClass::Unknown => "refused for another cause",
        MailClass::Ambiguous => "no answer",
    }
}

/// A state as people call it.
pub(super) fn state(state: State) -> Tag {
    match state {
        State::Queued => Tag::new("", "Waiting"),
        State::Claimed => Tag::new("", "On its way"),
        State::Accepted => Tag::new("ok", "Taken"),
        State::Deferred => Tag::new("warn", "Tried, will be tried again"),
        State::Ambiguous => Tag::new("warn", "Perhaps sent"),
        State::Dead => Tag::new("bad", "Given up"),
        State::Skipped => Tag::new("", "Nothing left to say"),
        State::Suppressed => Tag::new("", "Address refuses mail"),
        State::Cancelled => Tag::new("", "Called back"),
        State::Expired => Tag::new("", "Too old"),
    }
}

/// One mail of a list.
pub(super) fn line(mail: Listed, now: DateTime<Utc>) -> MailLine {
    let stuck = matches!(mail.state, State::Deferred | State::Ambiguous | State::Dead);
    MailLine {
        id: mail.id.to_string(),
        kind: kind(mail.kind),
        state: state(mail.state),
        attempts: i64::from(mail.attempts),
        due: match mail.due_at - now {
            left if waits(mail.state) && left > Duration::zero() => format!("in {}", waiting(now - left, now)),
            _ if waits(mail.state) => "now".to_owned(),
            _ => moment(mail.due_at),
        },
        last_code: mail.last_code,
        class: mail.class.map(|c| class(c).to_owned()),
        can_retry: stuck,
    }
}

/// In no worker's hands and to be sent.
pub(super) const fn waits(state: State) -> bool {
    matches!(state, State::Queued | State::Deferred | State::Ambiguous)
}

/// How things stand with the mail.
pub(super) struct Standing {
    depth: Vec<store::outbox::Depth>,
    /// Why which stream waits.
    pub(super) holds: Vec<(Stream, Hold)>,
    /// The streams that were stopped.
    pub(super) stopped: Vec<Stopped>,
}

impl Standing {
    /// Reads it.
    ///
    /// # Errors
    /// Database errors only.
    pub(super) fn read(conn: &mut Conn, app: &App) -> Result<Self, AppError> {
        Ok(Self {
            depth: store::outbox::depth(conn)?,
            holds: post::holds(conn, app)?,
            stopped: store::mail_streams::stopped(conn)?,
        })
    }

    /// True when no mail was ever queued.
    pub(super) fn is_empty(&self) -> bool {
        self.depth.is_empty()
    }

    /// How many are in a state.
    pub(super) fn count(&self, state: State) -> i64 {
        self.depth.iter().filter(|d| d.state == state).map(|d| d.count).sum()
    }

    /// How many of a stream wait.
    pub(super) fn waiting(&self, stream: Stream) -> i64 {
        let counted = |d: &&store::outbox::Depth| d.stream == stream && (waits(d.state) || d.state == State::Claimed);
        self.depth.iter().filter(counted).map(|d| d.count).sum()
    }

    /// True when this database was brought here from somewhere else.
    pub(super) fn is_disarmed(&self) -> bool {
        self.holds.iter().any(|(_, why)| *why == Hold::Disarmed)
    }

    /// Since when the oldest mail of a stream that waits could have gone out.
    pub(super) fn overdue_since(&self, stream: Option<Stream>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let counted = |d: &&store::outbox::Depth| {
            stream.is_none_or(|s| s == d.stream) && (waits(d.state) || d.state == State::Claimed)
        };
        self.depth.iter().filter(counted).map(|d| d.oldest).filter(|due| *due < now).min()
    }

    /// The stream that is late without a hold that explains it, the most urgent first.
    fn late(&self, now: DateTime<Utc>) -> Option<(Stream, DateTime<Utc>)> {
        let [urgent, usual] = LATE;
        Stream::ALL.iter().copied().filter(|s| !self.holds.iter().any(|(held, _)| held == s)).find_map(|s| {
            let late = if s == Stream::Security { urgent } else { usual };
            self.overdue_since(Some(s), now).filter(|due| now - *due > late).map(|due| (s, due))
        })
    }

    /// What is wrong, as a sentence; the gravest alone.
    pub(super) fn problem(&self, app: &App, now: DateTime<Utc>) -> Option<String> {
        if matches!(app.mail_route, MailRoute::Held) {
            return Some(
                "Mail is held: no mail server is set (ROSTERLINE_SMTP_URL). It goes out once one is.".to_owned(),
            );
        }
        if self.is_disarmed() {
            return Some(
                "Only sign-in mail goes out: this database came from somewhere else. The mail page says what to do."
                    .to_owned(),
            );
        }
        if let Some(stopped) = self.stopped.first() {
            return Some(format!("{} stopped: {}", stream(stopped.stream), why_stopped(stopped)));
        }
        if let Some((late, due)) = self.late(now) {
            return Some(format!(
                "Mail is late ({}, by {}): the mail server does not take it, or takes it too slowly. The last answers stand on the mail page.",
                stream(late),
                waiting(due, now)
            ));
        }
        match self.count(State::Dead) {
            0 => None,
            1 => Some("One mail was given up. Retry or discard it.".to_owned()),
            n => Some(format!("{n} mails were given up. Retry or discard them.")),
        }
    }
}

/// Why a stream stands, and what to do.
pub(super) fn why_stopped(stopped: &Stopped) -> String {
    let code = stopped.code.as_deref().unwrap_or("no");
    match stopped.class {
        MailClass::Policy => format!(
            "the mail server refused three mails within an hour for what they are ({code}). Find out why before you resume; refused mails then go out again."
        ),
        _ => format!(
            "the mail server refuses us ({code}). Look at the user, the password and the sender of the mail settings; one mail tries again every few minutes."
        ),
    }
}
