//! A conversation as both sides' pages show it.

use chrono::SecondsFormat;
use domain::dispute::Side;
use domain::introduction::IntroductionState;
use frontend::Private;
use frontend::pages::{MessageLine, Thread};
use frontend::view::Tag;
use store::conversations::{Message, is_new};

use super::words::moment;
use crate::usecases::Conversation;

/// Messages on one page.
pub(super) const PAGE: usize = 30;
/// As many as are read for one, to know whether there are more.
pub(super) const READ: i64 = 31;

/// Who reads, and what the two sides are called.
pub(super) struct Names<'a> {
    /// The reader's side.
    pub(super) reader: Side,
    /// The other side.
    pub(super) other: &'a str,
    /// One's own, for a message.
    pub(super) own: &'a dyn Fn(&Message) -> String,
}

/// The page's part, with an empty form. `path` is the page's address.
pub(super) fn thread(read: &Conversation, names: &Names<'_>, action: String, path: &str) -> Thread {
    let last = read.messages.iter().take(PAGE).next_back();
    let more = read.messages.len() > PAGE;
    Thread {
        action,
        closed: "The introduction is over, so nothing can be written any more.".to_owned(),
        can_write: read.live,
        removed: read.about.removed_at.map(|at| match names.reader {
            Side::Member => format!("You removed what was written before {}.", moment(at)),
            Side::Company => format!("The physician removed what was written before {}.", moment(at)),
        }),
        messages: read.messages.iter().take(PAGE).map(|(message, text)| line(message, text, names)).collect(),
        next_href: last.filter(|_| more).map(|(message, _)| format!("{path}?before={}", message.position)),
        ..Thread::default()
    }
}

fn line(message: &Message, text: &str, names: &Names<'_>) -> MessageLine {
    let mine = message.side == names.reader;
    MessageLine {
        who: if mine { (names.own)(message) } else { names.other.to_owned() },
        at: moment(message.at),
        at_iso: message.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        text: Private::from(text),
        new: is_new(message, names.reader),
        // Whether and when a physician reads stays with the physician.
        read: message.read_at.filter(|_| mine && names.reader == Side::Member).map(|at| format!("Read {}", moment(at))),
    }
}

/// Where the introduction stands.
pub(super) fn state(read: &Conversation, stored: IntroductionState) -> Tag {
    match stored {
        _ if read.live => Tag::new("ok", "Live"),
        IntroductionState::Revoked => Tag::new("", "Taken back"),
        _ => Tag::new("", "Ended"),
    }
}

/// `before` of a query: the place before which a page begins.
pub(super) fn before(text: &str) -> Option<i32> {
    text.parse().ok()
}
