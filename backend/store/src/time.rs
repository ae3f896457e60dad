//! Times as stored: UTC without a zone, cut to microseconds, since PostgreSQL keeps no more.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};

/// A moment as a column holds it.
pub type Time = NaiveDateTime;

/// For a column.
pub(crate) fn at(moment: DateTime<Utc>) -> Time {
    moment.naive_utc().trunc_subsecs(6)
}

/// From a column.
#[must_use]
pub fn utc(time: Time) -> DateTime<Utc> {
    time.and_utc()
}
