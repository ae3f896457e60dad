//! Alerts: what they ask for, when they write, and why a card is left out.

mod fate;
mod quiet;
mod times;
mod when;
mod wish;
mod words;

use chrono::{NaiveTime, Weekday};

use crate::words::words;

pub use chrono_tz::{TZ_VARIANTS, Tz};
pub use fate::{CardState, Cause, DropReason, WaitReason};
pub use quiet::{QuietHours, first_instant};
pub use times::{DAILY_CAP_MOST, MailTimes, Mute, Quiet};
pub use when::{MemberClock, Rhythm};
pub use wish::{Wish, is_only_remote, stated_cents};
pub use words::{Clause, Words, WordsError};

words! {
    /// How often an alert may write.
    Cadence {
        /// Soon after an opening is approved.
        Instant = "instant",
        /// Once a day.
        Daily = "daily",
        /// Once a week.
        Weekly = "weekly",
    }
}

/// Reads an IANA zone name.
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// Reads `07:00`.
#[must_use]
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

/// The days of the week, from Monday, as the API and forms spell them.
pub const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
    (Weekday::Sun, "sunday"),
];

/// Reads `monday`.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, w)| *w == word).map(|(day, _)| *day)
}

/// The spelling `weekday` reads.
#[must_use]
pub fn weekday_word(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(d, _)| *d == day).map_or("monday", |(_, word)| word)
}

/// When an instant alert is due: after the hold, outside quiet hours.
#[must_use]
pub fn instant_due(
    now: chrono::DateTime<chrono::Utc>,
    hold: chrono::Duration,
    quiet: Option<QuietHours>,
    zone: Tz,
) -> chrono::DateTime<chrono::Utc> {
    quiet.map_or(now + hold, |q| q.after(now + hold, zone))
}
