//! The mails Rosterline sends: streams, order, life.

use chrono::Duration;

use crate::words::words;

words! {
    /// Streams, in the order they go out.
    Stream {
        /// Sign-in and account safety. Never waits behind others.
        Security = "security",
        /// Introductions: received, ended.
        Introduction = "introduction",
        /// Decisions of the community team.
        Admin = "admin",
        /// Alerts to those who asked.
        Alert = "alert",
    }
}

words! {
    /// One kind of mail; each is a struct and three templates.
    MailKind {
        /// One-time sign-in link.
        SignIn = "sign_in",
        /// Membership approved.
        MemberApproved = "member_approved",
        /// Company approved.
        CompanyApproved = "company_approved",
        /// An admin decided on an opening.
        OpeningReviewed = "opening_reviewed",
        /// An opening fits.
        Alert = "alert",
        /// A physician said yes (no name in it).
        IntroductionReceived = "introduction_received",
        /// An introduction ended; delete what was read.
        IntroductionEnded = "introduction_ended",
        /// An admin looked at the member's contact.
        ContactLooked = "contact_looked",
    }
}

impl MailKind {
    /// The stream it goes out in.
    #[must_use]
    pub const fn stream(self) -> Stream {
        match self {
            Self::SignIn | Self::ContactLooked => Stream::Security,
            Self::IntroductionReceived | Self::IntroductionEnded => Stream::Introduction,
            Self::MemberApproved | Self::CompanyApproved | Self::OpeningReviewed => Stream::Admin,
            Self::Alert => Stream::Alert,
        }
    }

    /// True for what must be told whatever is decided on the account meanwhile: no rule and no admin calls it back.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::ContactLooked)
    }

    /// How long it is worth sending.
    #[must_use]
    pub const fn life(self) -> Duration {
        match self {
            Self::SignIn => Duration::minutes(15),
            Self::Alert => Duration::hours(24),
            _ => Duration::hours(72),
        }
    }
}

impl Stream {
    /// Place in the queue; lower goes first.
    #[must_use]
    pub const fn priority(self) -> i16 {
        match self {
            Self::Security => 0,
            Self::Introduction => 1,
            Self::Admin => 2,
            Self::Alert => 3,
        }
    }
}

words! {
    /// Where a mail stands in the outbox.
    MailState {
        /// Waits for its time or for a worker.
        Queued = "queued",
        /// In a worker's hands until its lease ends.
        Claimed = "claimed",
        /// The relay took it.
        Accepted = "accepted",
        /// Will be tried again.
        Deferred = "deferred",
        /// Sent or not: nobody can say.
        Ambiguous = "ambiguous",
        /// Given up; an admin may retry.
        Dead = "dead",
        /// Nothing was left to say at the gate.
        Skipped = "skipped",
        /// The address is suppressed.
        Suppressed = "suppressed",
        /// Called back before it was sent.
        Cancelled = "cancelled",
        /// Its time ran out.
        Expired = "expired",
    }
}

/// Minutes to wait after the n-th failed attempt (n from 1).
#[must_use]
pub fn backoff(attempts: i32) -> Duration {
    const MINUTES: [i64; 7] = [1, 2, 5, 15, 30, 60, 120];
    let step = usize::try_from(attempts.max(1) - 1).unwrap_or(0).min(MINUTES.len() - 1);
    Duration::minutes(MINUTES.get(step).copied().unwrap_or(120))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_to_two_hours() {
        let minutes: Vec<i64> = (0..10).map(|n| backoff(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 1, 2, 5, 15, 30, 60, 120, 120, 120]);
    }
}
