//! What a member and a company write to each other under an introduction: plain text, and what each may say in it.

use chrono::{DateTime, Duration, Utc};

use crate::errors::Errors;
use crate::input::paragraphs;
use crate::spotted::{Spotted, spot_in_texts};

/// Characters of a text, at most.
pub const TEXT_MOST: usize = 2_000;
/// Between two mails that say that there is something new in a conversation.
pub const NOTICE_EVERY: Duration = Duration::hours(1);

/// A text as it is sent. It may hold what identifies somebody, so it shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(String);

impl std::fmt::Debug for MessageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageText(redacted)")
    }
}

impl MessageText {
    /// Reads a text: 1 to 2,000 characters, plain, on as many lines as wanted.
    ///
    /// # Errors
    /// At the field `text`.
    pub fn parse(text: &str) -> Result<Self, Errors> {
        let mut e = Errors::default();
        let text = paragraphs(&mut e, "text", text, true, TEXT_MOST);
        e.finish(Self(text))
    }

    /// The text itself, for sealing it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What it seems to hold that leads around the site. Nothing is read as marks here, but a reader may take them for it.
    #[must_use]
    pub fn spotted(&self) -> Vec<Spotted> {
        spot_in_texts([self.0.as_str()])
    }
}

/// When a side is to be told that there is something new, given when it was told last, or will be. `None`: a mail waits
/// already and tells of this as well.
#[must_use]
pub fn notice_due(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match last {
        Some(last) if last > now => None,
        Some(last) => Some(now.max(last + NOTICE_EVERY)),
        None => Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_something_and_not_too_much() {
        let long = "é".repeat(TEXT_MOST);
        for (text, want) in [
            ("Could we speak on Tuesday?", None),
            ("  two\r\n\r\nparagraphs  ", None),
            (long.as_str(), None),
            ("", Some("required")),
            (" \n\t\n ", Some("required")),
            (&format!("{long}é"), Some("too_long")),
            ("hidden\u{202e}turn", Some("malformed")),
        ] {
            let got = MessageText::parse(text).err().and_then(|e| e.list().first().map(|f| f.code));
            assert_eq!(got, want, "{text}");
        }
        let text = MessageText::parse("  two\r\n\r\nparagraphs  ").unwrap();
        assert_eq!(text.reveal(), "two\n\nparagraphs");
        assert_eq!(format!("{text:?}"), "MessageText(redacted)");
        assert_eq!(MessageText::parse("661**-**555-0143").unwrap().spotted(), [Spotted::Phone]);
        assert_eq!(text.spotted(), []);
    }

    #[test]
    fn there_is_one_notice_an_hour() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-23T12:00:00Z");
        for (last, want) in [
            (None, Some("2026-11-23T12:00:00Z")),
            (Some("2026-11-23T10:00:00Z"), Some("2026-11-23T12:00:00Z")),
            (Some("2026-11-23T11:30:00Z"), Some("2026-11-23T12:30:00Z")),
            (Some("2026-11-23T12:00:00Z"), Some("2026-11-23T13:00:00Z")),
            (Some("2026-11-23T12:30:00Z"), None),
        ] {
            assert_eq!(notice_due(last.map(at), now), want.map(at), "{last:?}");
        }
    }
}
