//! What a member set about when mail comes, and whom not to hear of.

use chrono::NaiveDate;

use super::QuietHours;
use crate::CompanyId;
use crate::place::Market;

/// Instant mails in a day, when the member says nothing.
const DAILY_CAP: u8 = 3;
/// The most instant mails in a day a member may choose.
pub const DAILY_CAP_MOST: u8 = 20;

/// A member's word about quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quiet {
    /// As the operator set it.
    #[default]
    Server,
    /// None.
    Off,
    /// These.
    Own(QuietHours),
}

impl Quiet {
    /// Reads nothing, `off` or `21:00-07:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self::Server),
            "off" => Some(Self::Off),
            hours => QuietHours::parse(hours).map(Self::Own),
        }
    }

    /// The spelling `parse` reads.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Server => String::new(),
            Self::Off => "off".to_owned(),
            Self::Own(hours) => hours.word(),
        }
    }

    /// The hours in force.
    #[must_use]
    pub const fn or(self, server: Option<QuietHours>) -> Option<QuietHours> {
        match self {
            Self::Server => server,
            Self::Off => None,
            Self::Own(hours) => Some(hours),
        }
    }
}

/// When mail may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTimes {
    /// Hours without mail.
    pub quiet: Quiet,
    /// Instant mails in a day at most; the rest goes into the daily mail.
    pub daily_cap: u8,
    /// No mail before this day.
    pub vacation_until: Option<NaiveDate>,
}

impl Default for MailTimes {
    fn default() -> Self {
        Self { quiet: Quiet::Server, daily_cap: DAILY_CAP, vacation_until: None }
    }
}

/// Something a member hears nothing of, though it is matched and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mute {
    /// A company.
    Company(CompanyId),
    /// A market; what can be done elsewhere too is told all the same.
    Market(Market),
}

impl Mute {
    /// Scope and what, as they are stored.
    #[must_use]
    pub fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Company(id) => ("company", id.as_str()),
            Self::Market(market) => ("market", market.slug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_own_word_wins() {
        let server = QuietHours::parse("21:00-07:00");
        let own = QuietHours::parse("23:00-05:00");
        for (text, want) in [("", server), ("off", None), ("23:00-05:00", own)] {
            let quiet = Quiet::parse(text).unwrap();
            assert_eq!((quiet.or(server), quiet.word().as_str()), (want, text));
        }
        assert_eq!(Quiet::parse("late"), None);
    }
}
