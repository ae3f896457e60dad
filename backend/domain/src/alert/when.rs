//! When an alert writes: pure functions of the rhythm, the member's clock and now. Nothing here is stored, so that a
//! clock that jumps, a member who travels and a server that slept need no rule of their own.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::{Cadence, QuietHours, first_instant};

/// The longest time by which mails that would all be due at once are spread.
const SPREAD_SECONDS: u32 = 20 * 60;
/// Days that are looked through for the next digest: a week, and one on each side for quiet hours and zones.
const DAYS: usize = 10;

/// How often and when an alert writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// How often.
    pub cadence: Cadence,
    /// Day of a weekly mail.
    pub weekday: Weekday,
    /// Local time of a daily or weekly mail, and of the daily mail that takes what is too much at once.
    pub at: NaiveTime,
}

impl Rhythm {
    /// Monday, or every day, at seven.
    #[must_use]
    pub fn of(cadence: Cadence) -> Self {
        Self { cadence, weekday: Weekday::Mon, at: NaiveTime::MIN + Duration::hours(7) }
    }

    /// The daily mail of the same time.
    #[must_use]
    pub const fn daily(self) -> Self {
        Self { cadence: Cadence::Daily, ..self }
    }
}

/// A member's clock: zone, quiet hours and place in the spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberClock {
    /// Zone.
    pub zone: Tz,
    /// Hours without mail.
    pub quiet: Option<QuietHours>,
    /// How much later than others this member is written to.
    pub spread: Duration,
}

impl MemberClock {
    /// The clock of a member; `member` places it in the spread, always at the same place.
    #[must_use]
    pub fn new(zone: Tz, quiet: Option<QuietHours>, member: &str) -> Self {
        let digest = Sha256::digest(member.as_bytes());
        let number = digest.iter().take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        Self { zone, quiet, spread: Duration::seconds(i64::from(number % SPREAD_SECONDS)) }
    }

    /// The moment, or a moment after the end of the quiet hours it falls into.
    #[must_use]
    pub fn loud(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let Some(quiet) = self.quiet else { return at };
        let end = quiet.after(at, self.zone);
        // Everybody's night ends at seven.
        let spread = if end == at { end } else { end + self.spread };
        if quiet.is_quiet(spread, self.zone) { end } else { spread }
    }

    /// When an instant mail is due: after the hold (bundling and undo window), outside quiet hours.
    #[must_use]
    pub fn instant(&self, now: DateTime<Utc>, hold: Duration) -> DateTime<Utc> {
        self.loud(now + hold)
    }

    /// The first moment after `now` at which a digest of this rhythm is due. An instant rhythm has the daily one.
    #[must_use]
    pub fn digest(&self, rhythm: Rhythm, now: DateTime<Utc>) -> DateTime<Utc> {
        self.days_around(now)
            .filter(|day| rhythm.cadence != Cadence::Weekly || day.weekday() == rhythm.weekday)
            .map(|day| self.digest_of(rhythm, day))
            .find(|due| *due > now)
            // Not reached: ten days hold every weekday.
            .unwrap_or(now + Duration::days(7))
    }

    /// As `digest`, and in another period than `taken`, which has its mail already.
    #[must_use]
    pub fn digest_but(&self, rhythm: Rhythm, now: DateTime<Utc>, taken: &str) -> DateTime<Utc> {
        let mut due = self.digest(rhythm, now);
        // A week has seven days, each of which may be in the period.
        for _ in 0..=7 {
            if self.period(rhythm.cadence, due) != taken {
                break;
            }
            due = self.digest(rhythm, due);
        }
        due
    }

    /// When the digest of a local day is due: at its time, outside quiet hours, at the member's place in the spread.
    fn digest_of(&self, rhythm: Rhythm, day: NaiveDate) -> DateTime<Utc> {
        let at = first_instant(self.zone, day.and_time(rhythm.at));
        let quiet = |at| self.quiet.is_some_and(|q| q.is_quiet(at, self.zone));
        if quiet(at) {
            return self.loud(at);
        }
        let spread = at + self.spread;
        if quiet(spread) { at } else { spread }
    }

    /// What a digest sent at a moment is the only one of: `2026-11-23`, or `2026-W48`.
    #[must_use]
    pub fn period(&self, cadence: Cadence, at: DateTime<Utc>) -> String {
        let day = self.local_day(at);
        match cadence {
            Cadence::Instant | Cadence::Daily => day.to_string(),
            Cadence::Weekly => {
                let week = day.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
        }
    }

    /// The local date.
    #[must_use]
    pub fn local_day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Beginning and end of a local date.
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let begin = |day: NaiveDate| first_instant(self.zone, day.and_time(NaiveTime::MIN));
        (begin(day), day.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, begin))
    }

    fn days_around(&self, now: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> {
        let today = self.local_day(now);
        today.pred_opt().unwrap_or(today).iter_days().take(DAYS)
    }
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
