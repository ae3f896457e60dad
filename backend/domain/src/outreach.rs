//! What the community team writes to members about one opening, and why a mail of it is not sent.

use chrono::Duration;

use crate::errors::Errors;
use crate::input::paragraphs;
use crate::spotted::{in_words, spot_in_texts};
use crate::words::words;

/// Characters of a text, at least and at most.
pub const TEXT_LENGTH: (usize, usize) = (20, 1_500);
/// A member gets at most one of these mails in so long.
pub const ONE_IN: Duration = Duration::days(7);

/// The text of an outreach: plain, without contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutreachText(String);

impl OutreachText {
    /// Reads a text of 20 to 1,500 characters. It goes to people whom the writer does not see and who have not answered,
    /// so it may not lead them around the site.
    ///
    /// # Errors
    /// At the field `text`.
    pub fn parse(text: &str) -> Result<Self, Errors> {
        let (least, most) = TEXT_LENGTH;
        let mut e = Errors::default();
        let text = paragraphs(&mut e, "text", text, true, most);
        let spotted = spot_in_texts([text.as_str()]);
        if e.is_empty() && text.chars().count() < least {
            e.add("text", "too_short", format!("Say a little more: at least {least} characters."));
        } else if e.is_empty() && !spotted.is_empty() {
            let found = in_words(&spotted);
            e.add(
                "text",
                "contact_in_text",
                format!("The text seems to hold {found}. Leave it out: members answer through the opening’s page."),
            );
        }
        e.finish(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

words! {
    /// Why a member gets no mail of an outreach after all.
    OutreachStop {
        /// The member is not active.
        Member = "member",
        /// The member does not let the community team write, or no more.
        Permission = "permission",
        /// The opening was taken out.
        Gone = "gone",
        /// It changed in a way that matters.
        Revision = "revision",
        /// It is not live.
        NotLive = "not_live",
        /// The match is held or was taken out, or the member said no.
        Match = "match",
        /// It does not fit the member, or the member blocks the company.
        NotEligible = "not_eligible",
        /// The member had a mail of an outreach in the last seven days.
        Cap = "cap",
        /// Nobody has confirmed the address.
        Unconfirmed = "unconfirmed",
        /// Mail to the address came back, or was called unwanted.
        Suppressed = "suppressed",
        /// The hours without mail, or a vacation, outlast it.
        Quiet = "quiet",
    }
}

impl OutreachStop {
    /// As admins read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Member => "not active any more",
            Self::Permission => "switched outreach off",
            Self::Gone => "the opening was taken out",
            Self::Revision => "the opening changed",
            Self::NotLive => "the opening was not live any more",
            Self::Match => "the match was held, taken out or declined",
            Self::NotEligible => "did not fit any more",
            Self::Cap => "had one in the last seven days",
            Self::Unconfirmed => "address not confirmed",
            Self::Suppressed => "address gets no mail",
            Self::Quiet => "on vacation, or in quiet hours for too long",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_enough_and_holds_no_contact() {
        let long = "a".repeat(TEXT_LENGTH.1);
        for (text, want) in [
            ("This panel looks for a second orthopaedist.", None),
            (long.as_str(), None),
            ("", Some("required")),
            ("Have a look at this", Some("too_short")),
            (&format!("{long}a"), Some("too_long")),
            ("Please write to desk@kern.example about it.", Some("contact_in_text")),
            ("Please ring (661) 555-0134 about this panel.", Some("contact_in_text")),
            ("Everything stands on www.kern.example, have a look.", Some("contact_in_text")),
        ] {
            let got = OutreachText::parse(text).err().and_then(|e| e.list().first().map(|f| f.code));
            assert_eq!(got, want, "{text}");
        }
    }
}
