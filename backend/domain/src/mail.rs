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
        /// What the community team writes to those who let it.
        Outreach = "outreach",
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
        /// Somebody may act for a company from now on.
        SeatInvited = "seat_invited",
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
        /// Asks a new address whether it is the member's; goes to that address.
        NewAddress = "new_address",
        /// The member's address was changed; goes to the one before.
        EmailChanged = "email_changed",
        /// The second factor was set up, renewed or taken off.
        SecondFactor = "second_factor",
        /// Is this address the member's?
        ConfirmAddress = "confirm_address",
        /// Are alerts still wanted, after a long silence?
        StillWanted = "still_wanted",
        /// What alerts look like, for an admin.
        AlertTest = "alert_test",
        /// The other side reported a problem about an introduction.
        DisputeOpened = "dispute_opened",
        /// An admin decided on a report.
        DisputeDecided = "dispute_decided",
        /// A company can no longer look: it was suspended, or an admin ended it.
        SharingEnded = "sharing_ended",
        /// The other side of an introduction wrote something (none of it stands in the mail).
        NewMessage = "new_message",
        /// The community team writes about an opening.
        Outreach = "outreach",
    }
}

impl MailKind {
    /// The stream it goes out in.
    #[must_use]
    pub const fn stream(self) -> Stream {
        match self {
            Self::SignIn
            | Self::ContactLooked
            | Self::ConfirmAddress
            | Self::NewAddress
            | Self::EmailChanged
            | Self::SecondFactor => Stream::Security,
            Self::IntroductionReceived | Self::IntroductionEnded | Self::SharingEnded | Self::NewMessage => {
                Stream::Introduction
            }
            Self::MemberApproved
            | Self::CompanyApproved
            | Self::SeatInvited
            | Self::OpeningReviewed
            | Self::AlertTest
            | Self::DisputeOpened
            | Self::DisputeDecided => Stream::Admin,
            Self::Outreach => Stream::Outreach,
            Self::Alert | Self::StillWanted => Stream::Alert,
        }
    }

    /// True for what must be told whatever is decided on the account meanwhile: no rule and no admin calls it back.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::ContactLooked | Self::EmailChanged | Self::SecondFactor)
    }

    /// The list that readers sort it by, when they can stop it.
    #[must_use]
    pub const fn list(self) -> &'static str {
        match self {
            Self::Outreach => "outreach",
            _ => "alerts",
        }
    }

    /// How long it is worth sending.
    #[must_use]
    pub const fn life(self) -> Duration {
        match self {
            Self::SignIn => Duration::minutes(15),
            Self::Alert | Self::NewAddress => Duration::hours(24),
            Self::ConfirmAddress => Duration::hours(48),
            _ => Duration::hours(72),
        }
    }
}

impl Stream {
    /// True for mail that nobody waits for: it needs a postal address, can be stopped by its reader, and leaves room for
    /// the rest.
    #[must_use]
    pub const fn is_bulk(self) -> bool {
        matches!(self, Self::Outreach | Self::Alert)
    }

    /// Place in the queue; lower goes first.
    #[must_use]
    pub const fn priority(self) -> i16 {
        match self {
            Self::Security => 0,
            Self::Introduction => 1,
            Self::Admin => 2,
            Self::Outreach => 3,
            Self::Alert => 4,
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

words! {
    /// What stood in a mail's way, as far as what follows from it.
    MailClass {
        /// The mail server cannot be reached or does not answer; nothing is known about the mail.
        Infra = "infra",
        /// Our own settings or standing with the mail server.
        Config = "config",
        /// Too much or not now.
        Throttle = "throttle",
        /// Try again.
        Soft = "soft",
        /// The mailbox is full.
        Full = "full",
        /// The address does not exist.
        Hard = "hard",
        /// Refused for what it is.
        Policy = "policy",
        /// Refused for another cause.
        Unknown = "unknown",
        /// Nobody can say whether it arrived.
        Ambiguous = "ambiguous",
    }
}

impl MailClass {
    /// True when the mail itself had no try, so that none is counted.
    #[must_use]
    pub const fn is_uncounted(self) -> bool {
        matches!(self, Self::Infra | Self::Config)
    }
}

words! {
    /// Where an address is, as far as rates go: the large hosts each on their own, everybody else together.
    Bucket {
        /// Google.
        Gmail = "gmail",
        /// Yahoo and AOL.
        Yahoo = "yahoo",
        /// Microsoft.
        Outlook = "outlook",
        /// Apple.
        Icloud = "icloud",
        /// Everybody else.
        Other = "other",
    }
}

impl Bucket {
    /// Of an address's domain in lower case.
    #[must_use]
    pub fn of(domain: &str) -> Self {
        match domain {
            "gmail.com" | "googlemail.com" => Self::Gmail,
            "yahoo.com" | "ymail.com" | "rocketmail.com" | "aol.com" | "aim.com" => Self::Yahoo,
            "outlook.com" | "hotmail.com" | "live.com" | "msn.com" => Self::Outlook,
            "icloud.com" | "me.com" | "mac.com" => Self::Icloud,
            _ => Self::Other,
        }
    }
}

words! {
    /// How far a suppression reaches.
    SuppressionScope {
        /// Nothing is sent there.
        All = "all",
        /// No alerts are.
        Alerts = "alerts",
    }
}

words! {
    /// Why an address gets no mail.
    SuppressionReason {
        /// Its server said that there is no such address.
        HardBounce = "hard_bounce",
        /// Mail came back again and again.
        SoftBounce = "soft_bounce",
        /// Its reader called our mail unwanted.
        Complaint = "complaint",
        /// Its reader stopped the mail.
        Unsubscribe = "unsubscribe",
        /// An admin said so.
        Manual = "manual",
        /// It cannot be an address.
        Invalid = "invalid",
    }
}

impl SuppressionReason {
    /// True for what holds back security mail too: there is nobody to read it, or somebody who calls it abuse.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::HardBounce | Self::Complaint | Self::Invalid)
    }
}

/// Minutes to wait after the n-th failed attempt (n from 1), at most: the wait is drawn below it.
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
