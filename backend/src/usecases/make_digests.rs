//! Digests: what waits for a member becomes one mail a day or a week.

use chrono::{DateTime, Duration, Utc};
use domain::MemberId;
use domain::alert::{Cadence, Cause, Rhythm, WaitReason};
use store::alerts::{self, Card};
use store::members::Member;
use store::{Conn, StoreError, digests, leases};

use super::tell_member::{AlertMail, alert_mail};
use crate::app::App;
use crate::error::AppError;
use crate::mail::{Judge, Judged, queue};

/// Members in one transaction.
const CHUNK: usize = 50;
/// Members that one pass looks at.
const PASS: i64 = 1000;
/// The name of the lease under which one node makes them.
const LEASE: &str = "digests";
/// How long it holds; whoever dies frees it after this.
const LEASE_LIFE: Duration = Duration::seconds(60);
/// How long a weekly digest is worth sending.
const WEEK: Duration = Duration::days(7);

/// Makes what is due, some members in a transaction; `true` when anything was. One node does it for all; where two do
/// for a moment, the key of a period lets one digest be.
///
/// # Errors
/// Database errors only.
pub async fn make_digests(app: &App, owner: &str) -> Result<bool, AppError> {
    let node = app.clone();
    // Looking first keeps every node off the one writer of SQLite while there is nothing to do.
    let due = crate::app::blocking(move || {
        let now = node.now();
        Ok(node.db.read(|conn| alerts::due(conn, now, PASS))?)
    })
    .await?;
    for part in due.chunks(CHUNK) {
        let (part, owner) = (part.to_vec(), owner.to_owned());
        let mine = app
            .write(move |conn, app| {
                let now = app.now();
                if !leases::take(conn, LEASE, &owner, now + LEASE_LIFE, now)? {
                    return Ok(false);
                }
                for member in &part {
                    make_digest(conn, app, member)?;
                }
                Ok(true)
            })
            .await?;
        if !mine {
            return Ok(false);
        }
    }
    Ok(!due.is_empty())
}

/// Makes the digests of one member that are due. After a time without a server, or on a clock that jumped, that is one
/// mail with everything; without anything to show it is none.
fn make_digest(conn: &mut Conn, app: &App, id: &MemberId) -> Result<(), AppError> {
    let now = app.now();
    let member = match store::members::find(conn, id) {
        Ok(member) => member,
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let judge = Judge::of(conn, app, &member)?;
    for cadence in [Cadence::Daily, Cadence::Weekly] {
        let mut cards = alerts::waiting_of(conn, id)?;
        // An instant card waits only in the transaction that puts it into its mail.
        cards.retain(|c| c.cadence == cadence || (cadence == Cadence::Daily && c.cadence == Cadence::Instant));
        if cards.iter().any(|c| c.due_at <= now) {
            one_digest(conn, app, &member, &judge, cadence, cards)?;
        }
    }
    Ok(())
}

fn one_digest(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    judge: &Judge,
    cadence: Cadence,
    cards: Vec<Card>,
) -> Result<(), AppError> {
    let now = app.now();
    // What was due while nobody was there to send it still does not come at night.
    let at = judge.planner.clock.loud(now);
    let period = judge.planner.clock.period(cadence, at);
    if digests::is_taken(conn, &member.id, cadence, &period)? {
        return wait_for_next(conn, judge, member, cadence, &cards, &period, now);
    }
    let judged = judge.mail(conn, cards, cadence, now)?;
    apply(conn, judge, member, &judged, now)?;
    if judged.shown.is_empty() {
        return Ok(());
    }
    let payload = queue::write(&queue::Alert { member: member.id.clone(), cadence })?;
    let key = format!("digest:{}:{cadence}:{period}", member.id);
    let mail = alert_mail(conn, app, member, &AlertMail { payload: &payload, key: &key, due_at: at })?;
    digests::add(conn, &member.id, cadence, &period, &mail, now)?;
    if cadence == Cadence::Weekly {
        digests::expires(conn, &mail, at + WEEK)?;
    }
    for shown in &judged.shown {
        alerts::take(conn, &member.id, &shown.card.opening, shown.card.revision, &mail)?;
    }
    Ok(())
}

/// The period has its mail: a clock was set back, or the member moved the time.
fn wait_for_next(
    conn: &mut Conn,
    judge: &Judge,
    member: &Member,
    cadence: Cadence,
    cards: &[Card],
    period: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    for card in cards.iter().filter(|c| c.due_at <= now) {
        let plan = judge.planner.later(conn, card, now)?;
        let due_at = if judge.planner.clock.period(cadence, plan.due_at) == period {
            judge.planner.clock.digest_but(Rhythm::of(cadence), now, period)
        } else {
            plan.due_at
        };
        alerts::defer(conn, &member.id, card, cadence, card.cause, due_at)?;
    }
    Ok(())
}

/// Writes down what becomes of the cards that are not shown.
///
/// # Errors
/// Database errors only.
pub(crate) fn apply(
    conn: &mut Conn,
    judge: &Judge,
    member: &Member,
    judged: &Judged,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    for (card, reason) in &judged.dropped {
        alerts::drop_card(conn, &member.id, card, *reason)?;
        metrics::counter!("rosterline_mail_cards_dropped_total", "reason" => reason.as_str()).increment(1);
    }
    for (card, reason) in &judged.waiting {
        let plan = judge.planner.later(conn, card, now)?;
        let cause = if *reason == WaitReason::Cap { Cause::Capped } else { card.cause };
        alerts::defer(conn, &member.id, card, plan.cadence, cause, plan.due_at)?;
        metrics::counter!("rosterline_mail_cards_waiting_total", "reason" => reason.as_str()).increment(1);
    }
    Ok(())
}
