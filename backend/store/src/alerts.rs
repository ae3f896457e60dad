//! Alerts, and what was or will be told to whom.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::alert::Cadence;
use domain::place::Market;
use domain::{AlertId, Kind, MailId, MemberId, OpeningId};

use crate::error::read;
use crate::schema::{alert_matches as am, alerts as a};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A saved wish for mail. Empty lists mean "as my profile".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Whose.
    pub member: MemberId,
    /// Its name, for the member.
    pub name: String,
    /// Only these kinds; empty means any.
    pub kinds: Vec<Kind>,
    /// Only these markets; empty means any.
    pub markets: Vec<Market>,
    /// How often.
    pub cadence: Cadence,
    /// Silenced by the member.
    pub paused: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

type Row = (String, String, String, String, String, String, bool, Time);
const COLUMNS: (a::id, a::member_id, a::name, a::kinds, a::markets, a::cadence, a::paused, a::created_at) =
    (a::id, a::member_id, a::name, a::kinds, a::markets, a::cadence, a::paused, a::created_at);

fn words<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
    text.split('|').filter(|w| !w.is_empty()).map(|w| read(parse(w), "alert")).collect()
}

fn alert((id, member, name, kinds, markets, cadence, paused, created_at): Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: read(AlertId::parse(&id), "alert id")?,
        member: read(MemberId::parse(&member), "member id")?,
        name,
        kinds: words(&kinds, Kind::parse)?,
        markets: words(&markets, Market::parse)?,
        cadence: read(Cadence::parse(&cadence), "cadence")?,
        paused,
        created_at: utc(created_at),
    })
}

/// Adds or replaces an alert.
///
/// # Errors
/// `NotFound` when the id is another member's.
pub fn put(conn: &mut Conn, alert: &Alert) -> Result<(), StoreError> {
    let kinds = alert.kinds.iter().map(|k| k.as_str()).collect::<Vec<_>>().join("|");
    let markets = alert.markets.iter().map(|m| m.slug()).collect::<Vec<_>>().join("|");
    let values = (
        a::name.eq(&alert.name),
        a::kinds.eq(kinds),
        a::markets.eq(markets),
        a::cadence.eq(alert.cadence.as_str()),
        a::paused.eq(alert.paused),
    );
    let mine = a::table.filter(a::id.eq(alert.id.as_str()).and(a::member_id.eq(alert.member.as_str())));
    let there: i64 = a::table.filter(a::id.eq(alert.id.as_str())).count().get_result(conn)?;
    if there == 0 {
        diesel::insert_into(a::table)
            .values((
                a::id.eq(alert.id.as_str()),
                a::member_id.eq(alert.member.as_str()),
                a::created_at.eq(at(alert.created_at)),
                values,
            ))
            .execute(conn)?;
        return Ok(());
    }
    let done = diesel::update(mine).set(values).execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The alerts of a member, oldest first.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<Alert>, StoreError> {
    let rows: Vec<Row> =
        a::table.filter(a::member_id.eq(member.as_str())).order((a::created_at, a::id)).select(COLUMNS).load(conn)?;
    rows.into_iter().map(alert).collect()
}

/// Finds an alert of a member.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, member: &MemberId, id: &AlertId) -> Result<Alert, StoreError> {
    let row: Row =
        a::table.filter(a::id.eq(id.as_str()).and(a::member_id.eq(member.as_str()))).select(COLUMNS).first(conn)?;
    alert(row)
}

/// Removes an alert of a member.
///
/// # Errors
/// `NotFound`.
pub fn delete(conn: &mut Conn, member: &MemberId, id: &AlertId) -> Result<(), StoreError> {
    let done =
        diesel::delete(a::table.filter(a::id.eq(id.as_str()).and(a::member_id.eq(member.as_str())))).execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Remembers that a member is to hear of a revision through a mail. `false` when the member heard already.
///
/// # Errors
/// Database errors only.
pub fn tell(
    conn: &mut Conn,
    member: &MemberId,
    opening: &OpeningId,
    revision: i32,
    alert: &AlertId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let there: i64 = am::table
        .filter(
            am::member_id
                .eq(member.as_str())
                .and(am::opening_id.eq(opening.as_str()))
                .and(am::opening_revision.eq(revision)),
        )
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    diesel::insert_into(am::table)
        .values((
            am::member_id.eq(member.as_str()),
            am::opening_id.eq(opening.as_str()),
            am::opening_revision.eq(revision),
            am::alert_id.eq(alert.as_str()),
            am::state.eq("pending"),
            am::at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(true)
}

/// Puts a member's pending cards into a mail.
///
/// # Errors
/// Database errors only.
pub fn take(
    conn: &mut Conn,
    member: &MemberId,
    opening: &OpeningId,
    revision: i32,
    mail: &MailId,
) -> Result<(), StoreError> {
    diesel::update(
        am::table.filter(
            am::member_id
                .eq(member.as_str())
                .and(am::opening_id.eq(opening.as_str()))
                .and(am::opening_revision.eq(revision)),
        ),
    )
    .set((am::mail_id.eq(Some(mail.as_str())), am::state.eq("taken")))
    .execute(conn)?;
    Ok(())
}

/// A card of a mail: which revision of which opening, through which alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Opening.
    pub opening: OpeningId,
    /// Revision.
    pub revision: i32,
    /// Alert.
    pub alert: AlertId,
}

/// The cards of a mail that were not dropped.
///
/// # Errors
/// Database errors only.
pub fn cards(conn: &mut Conn, mail: &MailId) -> Result<Vec<Card>, StoreError> {
    let rows: Vec<(String, i32, String)> = am::table
        .filter(am::mail_id.eq(mail.as_str()).and(am::state.ne("dropped")))
        .order(am::opening_id)
        .select((am::opening_id, am::opening_revision, am::alert_id))
        .load(conn)?;
    rows.into_iter()
        .map(|(opening, revision, alert)| {
            Ok(Card {
                opening: read(OpeningId::parse(&opening), "opening id")?,
                revision,
                alert: read(AlertId::parse(&alert), "alert id")?,
            })
        })
        .collect()
}

/// Drops a card of a mail with its reason.
///
/// # Errors
/// Database errors only.
pub fn drop_card(conn: &mut Conn, mail: &MailId, opening: &OpeningId, reason: &str) -> Result<(), StoreError> {
    diesel::update(am::table.filter(am::mail_id.eq(mail.as_str()).and(am::opening_id.eq(opening.as_str()))))
        .set((am::state.eq("dropped"), am::drop_reason.eq(Some(reason))))
        .execute(conn)?;
    Ok(())
}

/// Marks the cards of a mail as sent.
///
/// # Errors
/// Database errors only.
pub fn sent(conn: &mut Conn, mail: &MailId) -> Result<(), StoreError> {
    diesel::update(am::table.filter(am::mail_id.eq(mail.as_str()).and(am::state.eq("taken"))))
        .set(am::state.eq("sent"))
        .execute(conn)?;
    Ok(())
}
