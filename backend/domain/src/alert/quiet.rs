//! Quiet hours, and local times that a clock may jump over or pass twice.

use chrono::{DateTime, Duration, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

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
        Some(Self { from: super::time_of_day(from)?, to: super::time_of_day(to)? })
    }

    /// The spelling `parse` reads.
    #[must_use]
    pub fn word(self) -> String {
        format!("{}-{}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }

    /// True for a quiet time of day. The same time twice means no quiet hours, not a quiet day.
    fn holds(self, t: NaiveTime) -> bool {
        if self.from <= self.to { self.from <= t && t < self.to } else { t >= self.from || t < self.to }
    }

    /// True when it is quiet at a moment.
    #[must_use]
    pub fn is_quiet(self, at: DateTime<Utc>, zone: Tz) -> bool {
        self.holds(at.with_timezone(&zone).time())
    }

    /// The given moment, or the end of the quiet hours it falls into.
    #[must_use]
    pub fn after(self, at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        if !self.is_quiet(at, zone) {
            return at;
        }
        let local = at.with_timezone(&zone);
        let day = if local.time() >= self.to { local.date_naive() + Duration::days(1) } else { local.date_naive() };
        let end = day.and_time(self.to);
        let first = first_instant(zone, end);
        if first > at {
            return first;
        }
        // Where the clock was set back over the end, the hour before it is quiet a second time.
        zone.from_local_datetime(&end).latest().map_or(at, |second| second.with_timezone(&Utc)).max(at)
    }
}

/// The first moment at which a clock of the zone shows this time or a later one: where the clock jumps over it, the
/// moment of the jump; where it is shown twice, the first time.
#[must_use]
pub fn first_instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    if let Some(at) = zone.from_local_datetime(&local).earliest() {
        return at.with_timezone(&Utc);
    }
    // In a gap the clock of the zone runs forward, so the jump is found by halving; no gap is longer than a day.
    let shows = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
    let (mut before, mut after) = (local.and_utc() - Duration::hours(40), local.and_utc() + Duration::hours(40));
    while after - before > Duration::seconds(1) {
        let middle = before + (after - before) / 2;
        if shows(middle) < local { before = middle } else { after = middle }
    }
    // Zones jump at whole seconds.
    let whole = after.timestamp();
    Utc.timestamp_opt(whole, 0).single().unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::zone;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_read_and_written() {
        for text in ["21:00-07:00", "00:00-00:00", "13:30-14:00"] {
            assert_eq!(QuietHours::parse(text).map(QuietHours::word).as_deref(), Some(text));
        }
        for bad in ["off", "25:00-07:00", "21:00", "21-07", "21:00-07:00-08:00", "", "9:0-7:0x"] {
            assert!(QuietHours::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_time_that_is_jumped_over_is_the_moment_of_the_jump() {
        for (name, local, want) in [
            // Spring in Los Angeles: 02:00 becomes 03:00.
            ("America/Los_Angeles", "2026-03-08T01:59:59", "2026-03-08T09:59:59Z"),
            ("America/Los_Angeles", "2026-03-08T02:00:00", "2026-03-08T10:00:00Z"),
            ("America/Los_Angeles", "2026-03-08T02:30:00", "2026-03-08T10:00:00Z"),
            ("America/Los_Angeles", "2026-03-08T03:00:00", "2026-03-08T10:00:00Z"),
            // Autumn: 01:30 comes twice.
            ("America/Los_Angeles", "2026-11-01T01:30:00", "2026-11-01T08:30:00Z"),
            ("America/Los_Angeles", "2026-11-01T02:00:00", "2026-11-01T10:00:00Z"),
            // The southern half turns the other way round: 4 October 2026 in Sydney, half an hour on Lord Howe.
            ("Australia/Sydney", "2026-10-04T02:15:00", "2026-10-03T16:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"),
            ("Australia/Sydney", "2026-04-05T02:30:00", "2026-04-04T15:30:00Z"),
            // Samoa left a whole day out.
            ("Pacific/Apia", "2011-12-30T07:00:00", "2011-12-30T10:00:00Z"),
            ("UTC", "2026-03-08T02:30:00", "2026-03-08T02:30:00Z"),
        ] {
            let local: NaiveDateTime = local.parse().unwrap();
            assert_eq!(first_instant(zone(name).unwrap(), local), at(want), "{name} {local}");
        }
    }

    #[test]
    fn quiet_hours_move_mail_to_the_morning() {
        let la = zone("America/Los_Angeles").unwrap();
        for (hours, now, want) in [
            ("21:00-07:00", "2026-11-23T20:00:00Z", "2026-11-23T20:00:00Z"), // noon
            ("21:00-07:00", "2026-11-24T04:59:59Z", "2026-11-24T04:59:59Z"), // 20:59:59
            ("21:00-07:00", "2026-11-24T05:00:00Z", "2026-11-24T15:00:00Z"), // 21:00
            ("21:00-07:00", "2026-11-24T14:59:00Z", "2026-11-24T15:00:00Z"), // 06:59
            ("21:00-07:00", "2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"), // 07:00
            ("07:00-07:00", "2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"), // none
            // Over the spring gap, and with an end inside of it.
            ("21:00-07:00", "2026-03-08T08:00:00Z", "2026-03-08T14:00:00Z"),
            ("22:00-02:30", "2026-03-08T09:00:00Z", "2026-03-08T10:00:00Z"),
            // Over the fold: the night is an hour longer.
            ("21:00-07:00", "2026-11-01T08:00:00Z", "2026-11-01T15:00:00Z"),
        ] {
            let quiet = QuietHours::parse(hours).unwrap();
            assert_eq!(quiet.after(at(now), la), at(want), "{hours} {now}");
        }
    }

    /// 01:30 is the end, and the clock goes back from 02:00 to 01:00: the second 01:15 is quiet as well.
    #[test]
    fn an_end_that_comes_twice_ends_the_night_twice() {
        let la = zone("America/Los_Angeles").unwrap();
        let quiet = QuietHours::parse("21:00-01:30").unwrap();
        let now = at("2026-11-01T09:15:00Z"); // the second 01:15
        assert_eq!(quiet.after(now, la), at("2026-11-01T09:30:00Z"));
        assert_eq!(quiet.after(at("2026-11-01T08:15:00Z"), la), at("2026-11-01T08:30:00Z"));
    }
}
