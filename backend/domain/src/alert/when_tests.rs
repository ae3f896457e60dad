//! Clocks that jump, nights that are an hour longer, and both halves of the earth.

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::alert::zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn clock(name: &str, quiet: Option<&str>) -> MemberClock {
    let quiet = quiet.map(|q| QuietHours::parse(q).unwrap());
    MemberClock { zone: zone(name).unwrap(), quiet, spread: Duration::zero() }
}

fn rhythm(cadence: Cadence, weekday: Weekday, time: &str) -> Rhythm {
    Rhythm { cadence, weekday, at: NaiveTime::parse_from_str(time, "%H:%M").unwrap() }
}

#[test]
fn digests_come_at_their_time_by_the_members_clock() {
    use Cadence::{Daily, Weekly};
    const LA: &str = "America/Los_Angeles";
    const SYDNEY: &str = "Australia/Sydney";
    for (name, cadence, weekday, time, now, want) in [
        // Monday 2 March 2026, 10:00 in Los Angeles.
        (LA, Daily, Weekday::Mon, "07:00", "2026-03-02T18:00:00Z", "2026-03-03T15:00:00Z"),
        (LA, Weekly, Weekday::Mon, "07:00", "2026-03-02T18:00:00Z", "2026-03-09T14:00:00Z"),
        (LA, Weekly, Weekday::Thu, "18:30", "2026-03-02T18:00:00Z", "2026-03-06T02:30:00Z"),
        // 06:59 and 07:00 of a Monday.
        (LA, Weekly, Weekday::Mon, "07:00", "2026-03-02T14:59:00Z", "2026-03-02T15:00:00Z"),
        (LA, Weekly, Weekday::Mon, "07:00", "2026-03-02T15:00:00Z", "2026-03-09T14:00:00Z"),
        (LA, Daily, Weekday::Mon, "07:00", "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z"),
        // Late on Sunday there, Monday in UTC.
        (LA, Weekly, Weekday::Mon, "07:00", "2026-03-02T05:00:00Z", "2026-03-02T15:00:00Z"),
        // Over the spring change, and inside of it: 02:30 is not there, 03:00 is the first moment after it.
        (LA, Daily, Weekday::Mon, "07:00", "2026-03-07T16:00:00Z", "2026-03-08T14:00:00Z"),
        (LA, Daily, Weekday::Mon, "02:30", "2026-03-08T08:00:00Z", "2026-03-08T10:00:00Z"),
        // In the fold, the first of the two; after the first, the next day's and not the second.
        (LA, Daily, Weekday::Mon, "01:30", "2026-11-01T07:00:00Z", "2026-11-01T08:30:00Z"),
        (LA, Daily, Weekday::Mon, "01:30", "2026-11-01T08:30:00Z", "2026-11-02T09:30:00Z"),
        // The southern half.
        (SYDNEY, Daily, Weekday::Mon, "02:30", "2026-10-03T14:00:00Z", "2026-10-03T16:00:00Z"),
        (SYDNEY, Daily, Weekday::Mon, "02:30", "2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z"),
        (SYDNEY, Weekly, Weekday::Mon, "07:00", "2026-10-02T00:00:00Z", "2026-10-04T20:00:00Z"),
        // A day that never was: the next moment there is.
        ("Pacific/Apia", Daily, Weekday::Mon, "07:00", "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z"),
    ] {
        let due = clock(name, None).digest(rhythm(cadence, weekday, time), at(now));
        assert_eq!(due, at(want), "{name} {cadence} {weekday} {time} {now}");
    }
}

#[test]
fn a_digest_time_in_the_night_is_the_end_of_the_night() {
    let la = clock("America/Los_Angeles", Some("21:00-07:00"));
    for (time, now, want) in [
        ("22:00", "2026-03-02T18:00:00Z", "2026-03-03T15:00:00Z"),
        ("05:00", "2026-03-02T18:00:00Z", "2026-03-03T15:00:00Z"),
        ("20:59", "2026-03-02T18:00:00Z", "2026-03-03T04:59:00Z"),
        ("22:00", "2026-03-07T18:00:00Z", "2026-03-08T14:00:00Z"),
    ] {
        assert_eq!(la.digest(rhythm(Cadence::Daily, Weekday::Mon, time), at(now)), at(want), "{time} {now}");
    }
}

#[test]
fn instant_mail_waits_for_the_hold_and_the_morning() {
    let la = clock("America/Los_Angeles", Some("21:00-07:00"));
    let hold = Duration::minutes(10);
    for (now, want) in [
        ("2026-11-23T20:00:00Z", "2026-11-23T20:10:00Z"),
        ("2026-11-24T04:55:00Z", "2026-11-24T15:00:00Z"),
        ("2026-11-24T14:49:00Z", "2026-11-24T15:00:00Z"),
        ("2026-11-24T14:50:00Z", "2026-11-24T15:00:00Z"),
        ("2026-11-24T14:51:00Z", "2026-11-24T15:01:00Z"),
    ] {
        assert_eq!(la.instant(at(now), hold), at(want), "{now}");
    }
}

#[test]
fn a_period_has_one_digest() {
    let la = clock("America/Los_Angeles", None);
    // 23:00 on New Year's Eve there, 2027 in UTC; the day is in week 53.
    let eve = at("2027-01-01T07:00:00Z");
    assert_eq!(la.period(Cadence::Daily, eve), "2026-12-31");
    assert_eq!(la.period(Cadence::Weekly, eve), "2026-W53");
    // The week had its mail on Monday, and the member moves the alert to Thursday.
    let monday = at("2026-03-02T15:00:00Z");
    let thursday = rhythm(Cadence::Weekly, Weekday::Thu, "07:00");
    assert_eq!(la.digest_but(thursday, monday, "2026-W10"), at("2026-03-12T14:00:00Z"));
    // The clock was set back by an hour after the mail of the day.
    let daily = Rhythm::of(Cadence::Daily);
    assert_eq!(la.digest(daily, at("2026-03-02T14:30:00Z")), monday);
    assert_eq!(la.digest_but(daily, at("2026-03-02T14:30:00Z"), "2026-03-02"), at("2026-03-03T15:00:00Z"));
}

#[test]
fn a_local_day_may_have_23_or_25_hours() {
    let la = clock("America/Los_Angeles", None);
    for (day, hours) in [("2026-03-08", 23), ("2026-11-01", 25), ("2026-06-01", 24)] {
        let (begin, end) = la.day(day.parse().unwrap());
        assert_eq!((end - begin).num_hours(), hours, "{day}");
    }
}

#[test]
fn members_are_spread_and_each_keeps_the_place() {
    let zone = zone("America/Los_Angeles").unwrap();
    let quiet = QuietHours::parse("21:00-07:00");
    let of = |n: u32| MemberClock::new(zone, quiet, &format!("member {n}"));
    let spreads: Vec<i64> = (0..2000).map(|n| of(n).spread.num_seconds()).collect();
    assert!(spreads.iter().all(|s| (0..1200).contains(s)));
    for quarter in 0..4 {
        let there = spreads.iter().filter(|s| (quarter * 300..quarter * 300 + 300).contains(*s)).count();
        assert!((400..600).contains(&there), "{there} in quarter {quarter}");
    }
    assert_eq!(of(7), of(7));
    // The spread never leads into the night.
    let late = rhythm(Cadence::Daily, Weekday::Mon, "20:59");
    for n in 0..50 {
        let due = of(n).digest(late, at("2026-03-02T18:00:00Z"));
        assert!(!quiet.unwrap().is_quiet(due, zone), "{due}");
    }
}

proptest! {
    /// Whatever the zone, the moment and the times: later than now, within nine days, never in the night, and on the day
    /// that was asked for or the one that its night ends on.
    #[test]
    fn what_is_due_is_later_loud_and_on_its_day(
        zone_at in 0..chrono_tz::TZ_VARIANTS.len(),
        now in 1_500_000_000_i64..2_100_000_000,
        minute in 0..1440_i64, from in 0..1440_i64, to in 0..1440_i64,
        weekday in 0..7_u8, weekly in any::<bool>(), who in 0..1000_u32,
    ) {
        let zone = chrono_tz::TZ_VARIANTS[zone_at];
        let time = |minute| NaiveTime::MIN + Duration::minutes(minute);
        let quiet = QuietHours { from: time(from), to: time(to) };
        let clock = MemberClock::new(zone, Some(quiet), &who.to_string());
        let now = Utc.timestamp_opt(now, 0).unwrap();
        let weekday = Weekday::try_from(weekday).unwrap();
        let rhythm = Rhythm { cadence: if weekly { Cadence::Weekly } else { Cadence::Daily }, weekday, at: time(minute) };
        let due = clock.digest(rhythm, now);
        prop_assert!(due > now && due - now < Duration::days(9), "{due}");
        prop_assert!(!quiet.is_quiet(due, zone), "{due} is quiet");
        let local = clock.local_day(due);
        if weekly {
            let days = [local.weekday(), local.weekday().pred()];
            prop_assert!(days.contains(&weekday), "{local} is no {weekday}");
        }
        let again = clock.digest_but(rhythm, now, &clock.period(rhythm.cadence, due));
        prop_assert!(again > due && clock.period(rhythm.cadence, again) != clock.period(rhythm.cadence, due));
        let instant = clock.instant(now, Duration::minutes(10));
        prop_assert!(instant >= now + Duration::minutes(10) && !quiet.is_quiet(instant, zone));
    }
}
