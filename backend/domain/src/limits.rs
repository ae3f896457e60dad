//! How often something may be done: the one table. The database counts, in windows of fixed length, so that the limits
//! hold for all nodes together.

use chrono::{DateTime, Duration, TimeZone, Utc};

use crate::words::words;

words! {
    /// What is counted.
    Act {
        /// Asking for a sign-in link, by client address. Over the limit no link is sent, and the answer is the same.
        AskForLink = "ask_for_link",
        /// Trying a sign-in link, by client address.
        ConfirmLink = "confirm_link",
        /// Joining as a physician, by client address.
        Join = "join",
        /// Registering a company, by client address.
        Register = "register",
        /// Sending an opening for review, by company.
        SubmitOpening = "submit_opening",
        /// Saying yes to an opening, by member.
        Introduce = "introduce",
        /// Taking everything along, by member.
        Export = "export",
        /// Asking a new address whether it is theirs, by member.
        ChangeEmail = "change_email",
        /// Making an invitation code, by admin.
        Invite = "invite",
        /// Inviting somebody to act for a company, by company.
        InviteSeat = "invite_seat",
        /// Reporting a problem, by account.
        Report = "report",
        /// Writing to the other side of an introduction, by account.
        WriteMessage = "write_message",
        /// Writing to members about an opening, by admin.
        ReachOut = "reach_out",
        /// Anything that changes something, by account.
        Write = "write",
    }
}

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many a window takes.
    pub most: u32,
    /// Length of a window.
    pub window: Duration,
}

impl Act {
    /// Its limit. A whole clinic may share one address, so those by address leave room for one.
    #[must_use]
    pub const fn limit(self) -> Limit {
        let (most, window) = match self {
            Self::AskForLink => (60, Duration::hours(1)),
            Self::ConfirmLink => (60, Duration::minutes(15)),
            Self::Join => (20, Duration::hours(1)),
            Self::Register => (10, Duration::days(1)),
            Self::SubmitOpening => (100, Duration::days(1)),
            Self::Introduce => (100, Duration::days(1)),
            Self::Export => (30, Duration::days(1)),
            Self::ChangeEmail => (5, Duration::days(1)),
            Self::Invite => (200, Duration::days(1)),
            Self::InviteSeat => (20, Duration::days(1)),
            Self::Report => (20, Duration::days(1)),
            Self::WriteMessage => (60, Duration::hours(1)),
            Self::ReachOut => (20, Duration::days(1)),
            Self::Write => (1200, Duration::minutes(1)),
        };
        Limit { most, window }
    }
}

impl Limit {
    /// Beginning and end of the window a moment lies in. Windows begin at whole multiples of their length since 1970,
    /// so that every node knows the same ones.
    #[must_use]
    pub fn window_at(self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let length = self.window.num_seconds().max(1);
        let start = now.timestamp().div_euclid(length).saturating_mul(length);
        let start = Utc.timestamp_opt(start, 0).single().unwrap_or(now);
        (start, start + self.window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_lies_in_one_window() {
        let limit = Limit { most: 1, window: Duration::minutes(15) };
        for (now, start, end) in [
            ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T10:15:00Z"),
            ("2026-03-02T10:14:59.999Z", "2026-03-02T10:00:00Z", "2026-03-02T10:15:00Z"),
            ("2026-03-02T10:15:00Z", "2026-03-02T10:15:00Z", "2026-03-02T10:30:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:45:00Z", "1970-01-01T00:00:00Z"),
        ] {
            let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(limit.window_at(at(now)), (at(start), at(end)), "{now}");
        }
    }

    /// The tidying keeps counts for two days.
    #[test]
    fn no_window_outlasts_a_day() {
        for act in Act::ALL {
            assert!(act.limit().most > 0 && act.limit().window <= Duration::days(1), "{act}");
        }
    }
}
