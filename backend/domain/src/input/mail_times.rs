//! When mail may come, as the API takes it.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::alert::{DAILY_CAP_MOST, MailTimes, Quiet, zone};
use crate::errors::Errors;

/// The longest vacation, in days.
const VACATION_MOST: i64 = 366;

/// What a member sets; what is left out is set to its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailTimesInput {
    /// IANA zone, such as `America/Los_Angeles`; needed.
    pub time_zone: String,
    /// `21:00-07:00`, `off`, or nothing for the operator's.
    pub quiet_hours: String,
    /// Instant mails in a day at most, 1 to 20; 3 when left out.
    pub daily_cap: Option<i64>,
    /// No mail before this day.
    pub vacation_until: Option<NaiveDate>,
}

impl MailTimesInput {
    /// Parses the whole input and reports every error at once. Days are those of the zone that is set.
    ///
    /// # Errors
    /// Each wrong field by its API path.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<(MailTimes, String), Errors> {
        let mut e = Errors::default();
        let usual = MailTimes::default();
        let time_zone = self.time_zone.trim();
        let today = zone(time_zone).map_or_else(|| now.date_naive(), |zone| now.with_timezone(&zone).date_naive());
        if time_zone.is_empty() {
            e.add("time_zone", "required", "Choose your time zone.");
        } else if zone(time_zone).is_none() {
            e.add("time_zone", "unknown", "Choose a time zone from the list, for example America/Los_Angeles.");
        }
        let quiet = Quiet::parse(&self.quiet_hours);
        if quiet.is_none() {
            e.add("quiet_hours", "malformed", "Give two times of day, for example 21:00-07:00, or off.");
        }
        let daily_cap = self.daily_cap.map_or(Some(usual.daily_cap), |n| u8::try_from(n).ok());
        let daily_cap = daily_cap.filter(|n| (1..=DAILY_CAP_MOST).contains(n));
        if daily_cap.is_none() {
            e.add("daily_cap", "out_of_range", "Give a number from 1 to 20.");
        }
        if self.vacation_until.is_some_and(|day| day > today + Duration::days(VACATION_MOST)) {
            e.add(
                "vacation_until",
                "out_of_range",
                "Give a day within a year; to stop mail for longer, switch alerts off.",
            );
        }
        let times = MailTimes {
            quiet: quiet.unwrap_or_default(),
            daily_cap: daily_cap.unwrap_or(usual.daily_cap),
            // A day that has come ends nothing.
            vacation_until: self.vacation_until.filter(|day| *day > today),
        };
        e.finish((times, time_zone.to_owned()))
    }
}

/// Back in the shape of the API.
impl From<(&MailTimes, &str)> for MailTimesInput {
    fn from((times, zone): (&MailTimes, &str)) -> Self {
        Self {
            time_zone: zone.to_owned(),
            quiet_hours: times.quiet.word(),
            daily_cap: Some(times.daily_cap.into()),
            vacation_until: times.vacation_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn times_read_back_as_they_were_written() {
        let input = MailTimesInput {
            time_zone: "Australia/Sydney".to_owned(),
            quiet_hours: "22:30-06:00".to_owned(),
            daily_cap: Some(20),
            vacation_until: "2026-12-24".parse().ok(),
        };
        let (times, zone) = input.parse(now()).unwrap();
        assert_eq!(MailTimesInput::from((&times, zone.as_str())), input);
        let over = MailTimesInput { vacation_until: "2026-11-23".parse().ok(), ..input };
        assert_eq!(over.parse(now()).unwrap().0.vacation_until, None);
        // In Honolulu the day has not come.
        let still = MailTimesInput { time_zone: "Pacific/Honolulu".to_owned(), ..over };
        let early = "2026-11-23T09:59:00Z".parse().unwrap();
        assert!(still.parse(early).unwrap().0.vacation_until.is_some());
        assert!(still.parse(early + Duration::minutes(1)).unwrap().0.vacation_until.is_none());
        let least = MailTimesInput { time_zone: "UTC".to_owned(), ..MailTimesInput::default() };
        assert_eq!(least.parse(now()).unwrap().0, MailTimes::default());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let input = MailTimesInput {
            time_zone: "Mars".to_owned(),
            quiet_hours: "night".to_owned(),
            daily_cap: Some(0),
            vacation_until: "2028-01-01".parse().ok(),
        };
        let errors = input.parse(now()).unwrap_err();
        let found: Vec<&str> = errors.list().iter().map(|e| e.field.as_str()).collect();
        assert_eq!(found, ["time_zone", "quiet_hours", "daily_cap", "vacation_until"]);
        assert_eq!(MailTimesInput::default().parse(now()).unwrap_err().list()[0].code, "required");
    }
}
