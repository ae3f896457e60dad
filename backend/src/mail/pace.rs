//! How fast mail may go to the hosts that asked for less. Everybody else is not held back. Each node keeps its own
//! pace, from what it was told itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::mail::Bucket;

/// Mails a minute that a host which asked for less gets at least.
const LEAST: f64 = 1.0;
/// What it is taken to have had when hardly anything was sent: the first halving starts here at the lowest.
const ASSUMED: f64 = 60.0;
/// Above this nothing is held back any more.
const FREE: f64 = 6_000.0;
/// How much faster each minute.
const REGAIN: f64 = 1.1;

/// The pace of one host.
#[derive(Debug, Default)]
struct Lane {
    /// Mails a minute, and since when that many; nothing is no limit.
    rate: Option<(f64, DateTime<Utc>)>,
    /// Not before this.
    next: Option<DateTime<Utc>>,
    /// Mails in the minute that began here.
    minute: Option<(DateTime<Utc>, u32)>,
}

/// Shared by the workers of a node.
#[derive(Debug, Default)]
pub struct Pace(Mutex<HashMap<Bucket, Lane>>);

impl Pace {
    /// Whether a mail to this host may go now.
    ///
    /// # Errors
    /// When the next one may.
    pub fn take(&self, bucket: Bucket, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut lanes = self.lanes();
        let lane = lanes.entry(bucket).or_default();
        if let Some(rate) = lane.rate_at(now) {
            if let Some(next) = lane.next.filter(|next| now < *next) {
                return Err(next);
            }
            lane.next = Some(now + gap(rate));
        }
        lane.minute = match lane.minute {
            Some((from, count)) if now - from < Duration::minutes(1) => Some((from, count.saturating_add(1))),
            _ => Some((now, 1)),
        };
        Ok(())
    }

    /// The host asked for less: half as fast from now on.
    pub fn slow(&self, bucket: Bucket, now: DateTime<Utc>) {
        let mut lanes = self.lanes();
        let lane = lanes.entry(bucket).or_default();
        let seen = lane.minute.map_or(0.0, |(_, count)| f64::from(count));
        let rate = lane.rate_at(now).unwrap_or_else(|| seen.max(ASSUMED));
        let halved = (rate / 2.0).max(LEAST);
        lane.rate = Some((halved, now));
        lane.next = Some(now + gap(halved));
    }

    /// The hosts that get nothing just now.
    pub fn closed(&self, now: DateTime<Utc>) -> Vec<Bucket> {
        let mut closed: Vec<Bucket> = self
            .lanes()
            .iter()
            .filter(|(_, lane)| lane.rate_at(now).is_some() && lane.next.is_some_and(|next| now < next))
            .map(|(bucket, _)| *bucket)
            .collect();
        closed.sort_unstable();
        closed
    }

    /// Mails a minute; `None` is no limit.
    pub fn rate(&self, bucket: Bucket, now: DateTime<Utc>) -> Option<f64> {
        self.lanes().get(&bucket).and_then(|lane| lane.rate_at(now))
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Bucket, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    fn rate_at(&self, now: DateTime<Utc>) -> Option<f64> {
        let (rate, since) = self.rate?;
        let minutes = (now - since).as_seconds_f64().max(0.0) / 60.0;
        let regained = rate * REGAIN.powf(minutes);
        (regained < FREE).then_some(regained)
    }
}

/// Between two mails.
fn gap(rate: f64) -> Duration {
    let seconds = std::time::Duration::from_secs_f64(60.0 / rate.max(LEAST));
    Duration::from_std(seconds).unwrap_or(Duration::minutes(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    #[test]
    fn who_asks_for_less_gets_half_and_slowly_all_of_it_again() {
        let (pace, gmail) = (Pace::default(), Bucket::Gmail);
        for _ in 0..400 {
            assert_eq!(pace.take(gmail, at(0)), Ok(()));
        }
        assert_eq!(pace.rate(gmail, at(0)), None);
        pace.slow(gmail, at(30));
        assert_eq!(pace.rate(gmail, at(30)), Some(200.0));
        assert_eq!(pace.closed(at(30)), [gmail]);
        assert!(pace.take(gmail, at(30)).is_err_and(|next| next > at(30) && next < at(31)));
        assert_eq!(pace.take(gmail, at(31)), Ok(()));
        assert!(pace.take(gmail, at(31)).is_err());
        pace.slow(gmail, at(31));
        assert!(pace.rate(gmail, at(31)).is_some_and(|rate| (100.0..101.0).contains(&rate)));
        let later = pace.rate(gmail, at(31 + 600)).unwrap();
        assert!((259.0..261.0).contains(&later), "{later}: ten minutes at a tenth more each");
        assert_eq!(pace.rate(gmail, at(31 + 3600)), None, "nothing is held back any more");
        assert_eq!((pace.take(Bucket::Other, at(31)), pace.rate(Bucket::Other, at(31))), (Ok(()), None));
    }

    #[test]
    fn nobody_is_stopped_altogether() {
        let pace = Pace::default();
        for _ in 0..50 {
            pace.slow(Bucket::Other, at(0));
        }
        assert_eq!(pace.rate(Bucket::Other, at(0)), Some(LEAST));
        assert_eq!(pace.take(Bucket::Other, at(0)), Err(at(60)));
        assert_eq!(pace.take(Bucket::Other, at(60)), Ok(()));
    }
}
