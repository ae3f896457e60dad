//! Alerts: what they ask for, rhythm and quiet hours.

mod wish;
mod words;

use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::words::words;

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

/// Hours of the night in which no alert is sent, member's local time; may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// First quiet minute.
    pub from: NaiveTime,
    /// First loud minute.
    pub to: NaiveTime,
}

impl QuietHours {
    /// Reads `21:00-07:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let time = |t: &str| NaiveTime::parse_from_str(t.trim(), "%H:%M").ok();
        Some(Self { from: time(from)?, to: time(to)? })
    }

    fn holds(self, t: NaiveTime) -> bool {
        if self.from <= self.to { self.from <= t && t < self.to } else { t >= self.from || t < self.to }
    }

    /// The given moment, or the end of the quiet hours it falls into.
    #[must_use]
    pub fn after(self, at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        let local = at.with_timezone(&zone);
        if !self.holds(local.time()) {
            return at;
        }
        let day = if local.time() >= self.to { local.date_naive() + Duration::days(1) } else { local.date_naive() };
        // A missing local time (DST gap) moves to the next valid hour; a double one takes the first.
        let end = day.and_time(self.to);
        zone.from_local_datetime(&end)
            .earliest()
            .or_else(|| zone.from_local_datetime(&(end + Duration::hours(1))).earliest())
            .map_or(at, |t| t.with_timezone(&Utc))
    }
}

/// When an instant alert is due: after the hold (bundling and undo window), outside quiet hours.
#[must_use]
pub fn instant_due(now: DateTime<Utc>, hold: Duration, quiet: Option<QuietHours>, zone: Tz) -> DateTime<Utc> {
    let at = now + hold;
    quiet.map_or(at, |q| q.after(at, zone))
}

/// Reads an IANA zone name.
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_move_mail_to_the_morning() {
        let quiet = QuietHours::parse("21:00-07:00").unwrap();
        let la = zone("America/Los_Angeles").unwrap();
        for (at, due) in [
            ("2026-11-23T20:00:00Z", "2026-11-23T20:00:00Z"), // noon
            ("2026-11-24T04:59:00Z", "2026-11-24T04:59:00Z"), // 20:59
            ("2026-11-24T05:00:00Z", "2026-11-24T15:00:00Z"), // 21:00
            ("2026-11-24T14:59:00Z", "2026-11-24T15:00:00Z"), // 06:59
            ("2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"), // 07:00
        ] {
            let at: DateTime<Utc> = at.parse().unwrap();
            assert_eq!(instant_due(at, Duration::zero(), Some(quiet), la), due.parse::<DateTime<Utc>>().unwrap());
        }
        assert!(QuietHours::parse("off").is_none());
        assert!(QuietHours::parse("25:00-07:00").is_none());
    }

    #[test]
    fn an_end_inside_a_missing_hour_moves_on() {
        let quiet = QuietHours::parse("22:00-02:30").unwrap();
        let la = zone("America/Los_Angeles").unwrap();
        let at: DateTime<Utc> = "2026-03-08T09:00:00Z".parse().unwrap(); // 01:00 before the spring gap
        assert_eq!(quiet.after(at, la), "2026-03-08T10:30:00Z".parse::<DateTime<Utc>>().unwrap());
    }
}
