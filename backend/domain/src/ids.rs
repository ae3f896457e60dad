//! Typed public ids: opaque UUIDs as lower-case text. One type per table, so that an id of one kind
//! cannot be passed where another is meant.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads a UUID in its usual hyphenated form; `None` for anything else.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(|id| Self(id.hyphenated().to_string()))
            }

            /// Wraps a UUID made by the caller (randomness is not this crate's).
            #[must_use]
            pub fn from_uuid(id: Uuid) -> Self {
                Self(id.hyphenated().to_string())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an id"))
            }
        }
    )+ };
}

ids! {
    /// Someone who can sign in: a member, a company seat or an admin.
    AccountId,
    /// A physician in the database.
    MemberId,
    /// A staffing company.
    CompanyId,
    /// A person acting for a company.
    SeatId,
    /// An invitation to act for a company.
    SeatInvitationId,
    /// One offer of work.
    OpeningId,
    /// A (member, opening revision) found eligible.
    MatchId,
    /// A saved wish for mail.
    AlertId,
    /// A member's yes for one opening.
    IntroductionId,
    /// An entry of the disclosure ledger.
    LedgerId,
    /// A row of the outbox.
    MailId,
    /// A signed-in browser or program.
    SessionId,
    /// A problem that was reported.
    DisputeId,
    /// A sealed text.
    TextId,
    /// What one side of an introduction wrote to the other.
    MessageId,
    /// A text of the community team about one opening.
    OutreachId,
}
