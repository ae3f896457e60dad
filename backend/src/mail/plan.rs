//! When an opening comes to a member, and in which mail: the member's alerts, clock and times, read once.

use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, MailTimes, MemberClock, Rhythm, zone};
use store::alerts::{self, Alert, Card};
use store::member_mail::{self, MemberMail};
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError, openings};

use crate::app::App;
use crate::error::AppError;
use crate::usecases::fires;

/// In which mail an opening comes, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Which.
    pub(crate) cadence: Cadence,
    /// When it is due.
    pub(crate) due_at: DateTime<Utc>,
}

/// A member's alerts and times.
pub(crate) struct Planner {
    pub(super) alerts: Vec<Alert>,
    times: MailTimes,
    hold: Duration,
    /// The member's clock.
    pub(crate) clock: MemberClock,
}

impl Planner {
    /// Reads a member as it is now.
    ///
    /// # Errors
    /// Database errors; internal for an unknown time zone.
    pub(crate) fn of(conn: &mut Conn, app: &App, member: &Member) -> Result<Self, AppError> {
        let mail = member_mail::of(conn, &member.id)?;
        Self::with(conn, app, member, &mail)
    }

    pub(super) fn with(conn: &mut Conn, app: &App, member: &Member, mail: &MemberMail) -> Result<Self, AppError> {
        let zone = zone(&member.time_zone).ok_or_else(|| AppError::internal("the time zone of a member is unknown"))?;
        Ok(Self {
            alerts: alerts::of_member(conn, &member.id)?,
            clock: MemberClock::new(zone, mail.times.quiet.or(app.config.quiet_hours), member.id.as_str()),
            times: mail.times.clone(),
            hold: Duration::seconds(app.config.alert_hold_seconds.into()),
        })
    }

    /// The member's alerts that ask for this opening, fastest first; those that rest for a while too.
    pub(crate) fn asking(&self, opening: &Opening) -> Vec<&Alert> {
        let mut all: Vec<&Alert> = self.alerts.iter().filter(|a| fires(a, opening)).collect();
        all.sort_by_key(|a| a.rhythm.cadence);
        all
    }

    /// The names of the alerts that ask for this opening now.
    pub(super) fn names(&self, opening: &Opening, now: DateTime<Utc>) -> Vec<String> {
        self.asking(opening).into_iter().filter(|a| !a.rests(now)).map(|a| a.name.clone()).collect()
    }

    /// In which mail an opening comes for these alerts, fastest first, and when; `at_once` says that it may come in an
    /// instant mail.
    pub(crate) fn plan(&self, asking: &[&Alert], at_once: bool, now: DateTime<Utc>) -> Option<Plan> {
        let awake: Vec<&Alert> = asking.iter().copied().filter(|a| !a.rests(now)).collect();
        let resting = asking.iter().filter_map(|a| a.pause_until).min();
        let from = if awake.is_empty() { resting? } else { now };
        let from = self.back_from_vacation(now).map_or(from, |back| back.max(from));
        let writing = if awake.is_empty() { asking.to_vec() } else { awake };
        let fastest = writing.iter().map(|a| a.rhythm.cadence).min()?;
        if fastest == Cadence::Instant && at_once && from <= now {
            return Some(Plan { cadence: Cadence::Instant, due_at: self.clock.instant(now, self.hold) });
        }
        let cadence = if fastest == Cadence::Weekly { Cadence::Weekly } else { Cadence::Daily };
        // A mail at the very moment a vacation ends is after it.
        let from = if from > now { from - Duration::seconds(1) } else { now };
        let of = |a: &Alert| self.clock.digest(Rhythm { cadence, ..a.rhythm }, from);
        let daily_first = writing.iter().filter(|a| a.rhythm.cadence == cadence).map(|a| of(a)).min();
        let due_at = daily_first.or_else(|| writing.iter().map(|a| of(a)).min())?;
        Some(Plan { cadence, due_at })
    }

    /// When a card that waits is looked at again.
    pub(crate) fn later(&self, conn: &mut Conn, card: &Card, now: DateTime<Utc>) -> Result<Plan, AppError> {
        let opening = match openings::find(conn, &card.opening) {
            Err(StoreError::NotFound) => None,
            found => Some(found?),
        };
        let asking = opening.map(|o| self.asking(&o)).unwrap_or_default();
        let usual = Rhythm::of(Cadence::Daily);
        let plan = self.plan(&asking, false, now);
        Ok(plan.unwrap_or(Plan { cadence: Cadence::Daily, due_at: self.clock.digest(usual, now) }))
    }

    /// True when a mail more that day would be one too many.
    pub(crate) fn is_full(&self, mails: i64) -> bool {
        mails >= i64::from(self.times.daily_cap)
    }

    /// How many instant mails a day has.
    pub(crate) const fn cap(&self) -> u8 {
        self.times.daily_cap
    }

    /// The local day of a moment.
    pub(crate) fn today(&self, at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        self.clock.day(self.clock.local_day(at))
    }

    /// When the vacation ends that the member is on.
    pub(crate) fn back_from_vacation(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let back = self.clock.day(self.times.vacation_until?).0;
        (back > now).then_some(back)
    }
}
