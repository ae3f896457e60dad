use serde::Serialize;

use crate::Private;

/// A conversation as both sides' pages show it, with the form that adds to it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Thread {
    /// Where the form posts `text`.
    pub action: String,
    /// Whether there is a form.
    pub can_write: bool,
    /// Why there is none, as a sentence.
    pub closed: String,
    /// The label of the form.
    pub write_to: String,
    /// What to know before writing.
    pub hint: String,
    /// As typed.
    pub text: Private,
    /// For example "The physician removed what was written before 3 Nov 2026."
    pub removed: Option<String>,
    /// Newest first.
    pub messages: Vec<MessageLine>,
    /// Older ones.
    pub next_href: Option<String>,
}

/// One message.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MessageLine {
    /// For example "You", or the company's name.
    pub who: String,
    /// When, for people.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_iso: String,
    /// The text.
    pub text: Private,
    /// Whether the reader had not read it.
    pub new: bool,
    /// When the other side read it; never said to a company.
    pub read: Option<String>,
}
