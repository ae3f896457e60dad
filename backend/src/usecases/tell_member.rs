//! A released match becomes a card in a mail, when the member asked for mail like it.

use std::cell::LazyCell;

use chrono::{DateTime, Datelike, Duration, NaiveTime, TimeZone, Utc, Weekday};
use domain::MailId;
use domain::alert::{Cadence, instant_due, zone};
use domain::mail::MailKind;
use search_index::OpeningWords;
use store::alerts::Alert;
use store::members::Member;
use store::openings::Opening;
use store::outbox::{self, NewMail};
use store::{Conn, TokenPurpose, alerts, mail_tokens};

use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_told;
use crate::mail::queue;
use crate::random;

/// How long the link that stops alerts works.
const STOP_LIFE: Duration = Duration::days(400);

/// Puts an opening into a mail for a member: into one that still waits, or into a new one. `false` when the member
/// asked for no such mail or has heard of this revision.
///
/// # Errors
/// Database errors only.
pub fn tell_member(conn: &mut Conn, app: &App, opening: &Opening, member: &Member) -> Result<bool, AppError> {
    if !may_be_told(member) {
        return Ok(false);
    }
    let now = app.now();
    let wishes = alerts::of_member(conn, &member.id)?;
    let Some(alert) = wishes.into_iter().find(|a| fires(a, opening)) else {
        return Ok(false);
    };
    let (id, revision) = (&opening.id, opening.revision);
    if !alerts::tell(conn, &member.id, id, revision, &alert.id, now)? {
        return Ok(false);
    }
    let payload = queue::write(&queue::Alert { member: member.id.clone(), alert: alert.id.clone() })?;
    let waiting = outbox::hold_waiting(conn, &member.account, MailKind::Alert, &payload, now)?;
    let mail = match waiting {
        Some(mail) => mail,
        None => {
            let cause = format!("alert:{}:{id}:{revision}", member.id);
            new_mail(conn, app, member, alert.cadence, &payload, &cause)?
        }
    };
    alerts::take(conn, &member.id, id, revision, &mail)?;
    Ok(true)
}

/// True when the alert is on and wants the opening, both as their rows are now.
pub fn fires(alert: &Alert, opening: &Opening) -> bool {
    // Reading the words of an opening is dear, and most alerts ask for none.
    let words = LazyCell::new(|| OpeningWords::of(&opening.terms, &opening.company_name));
    !alert.paused && alert.wish.wants(&opening.terms, |word| words.has(word))
}

fn new_mail(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    cadence: Cadence,
    payload: &str,
    cause: &str,
) -> Result<MailId, AppError> {
    let now = app.now();
    let id = random::id(MailId::from_uuid);
    let new = NewMail {
        id: &id,
        kind: MailKind::Alert,
        account: &member.account,
        payload,
        // A member is told of a revision once, so the first card names the mail.
        dedupe_key: cause,
        permission_epoch: Some(member.permission_epoch),
        due_at: due(app, member, cadence, now)?,
    };
    if !outbox::add(conn, &new, now)? {
        return Err(AppError::internal("an alert mail is there already for a new card"));
    }
    let token = app.vault.token(TokenPurpose::Stop, id.as_str());
    mail_tokens::add_stop(conn, &token, &member.id, now, now + STOP_LIFE)?;
    Ok(id)
}

fn due(app: &App, member: &Member, cadence: Cadence, now: DateTime<Utc>) -> Result<DateTime<Utc>, AppError> {
    let zone = zone(&member.time_zone).ok_or_else(|| AppError::internal("the time zone of a member is unknown"))?;
    Ok(match cadence {
        Cadence::Instant => {
            let hold = Duration::seconds(app.config.alert_hold_seconds.into());
            instant_due(now, hold, app.config.quiet_hours, zone)
        }
        Cadence::Daily => next_morning(now, &zone, None),
        Cadence::Weekly => next_morning(now, &zone, Some(Weekday::Mon)),
    })
}

/// The next 07:00 on a member's clock, of any day or of one day of the week.
fn next_morning<Z: TimeZone>(now: DateTime<Utc>, zone: &Z, on: Option<Weekday>) -> DateTime<Utc> {
    let seven = NaiveTime::MIN + Duration::hours(7);
    let today = now.with_timezone(zone).date_naive();
    today
        .iter_days()
        .take(8)
        .filter(|day| on.is_none_or(|wanted| day.weekday() == wanted))
        .filter_map(|day| {
            let at = day.and_time(seven);
            // Where the clocks jump over seven o'clock, eight is the first hour there is.
            zone.from_local_datetime(&at)
                .earliest()
                .or_else(|| zone.from_local_datetime(&(at + Duration::hours(1))).earliest())
        })
        .map(|at| at.with_timezone(&Utc))
        .find(|at| *at > now)
        .unwrap_or(now + Duration::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_come_at_seven_by_the_members_clock() {
        let la = zone("America/Los_Angeles").unwrap();
        for (now, on, want) in [
            // Monday 2 March 2026, 10:00 in Los Angeles.
            ("2026-03-02T18:00:00Z", None, "2026-03-03T15:00:00Z"),
            ("2026-03-02T18:00:00Z", Some(Weekday::Mon), "2026-03-09T14:00:00Z"),
            // 06:59 and 07:00 of a Monday.
            ("2026-03-02T14:59:00Z", Some(Weekday::Mon), "2026-03-02T15:00:00Z"),
            ("2026-03-02T15:00:00Z", Some(Weekday::Mon), "2026-03-09T14:00:00Z"),
            ("2026-03-02T15:00:00Z", None, "2026-03-03T15:00:00Z"),
            // Over the spring change: 07:00 comes an hour earlier in UTC.
            ("2026-03-07T16:00:00Z", None, "2026-03-08T14:00:00Z"),
            // Late on Sunday there, Monday in UTC.
            ("2026-03-02T05:00:00Z", Some(Weekday::Mon), "2026-03-02T15:00:00Z"),
        ] {
            let now: DateTime<Utc> = now.parse().unwrap();
            assert_eq!(next_morning(now, &la, on), want.parse::<DateTime<Utc>>().unwrap(), "{now} {on:?}");
        }
    }
}
