//! Alerts, and what was or will be told to whom.

mod told;

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc, Weekday};
use diesel::prelude::*;
use domain::alert::{Cadence, Rhythm, Wish, Words};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::{AlertId, Kind, MemberId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::alerts as a;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

pub use told::{
    Card, NewCard, add_card, any_due, cards, count_planned, count_sent, defer, drop_card, drop_open, due, in_mail,
    last_told, of_pair, open_of, sent, take, take_back_expired, waiting_of,
};

/// A saved wish for mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Whose.
    pub member: MemberId,
    /// Its name, for the member.
    pub name: String,
    /// What it asks for, within the profile.
    pub wish: Wish,
    /// How often and when.
    pub rhythm: Rhythm,
    /// Silenced by the member, until the member says otherwise.
    pub paused: bool,
    /// Silenced until then; what it finds meanwhile is kept.
    pub pause_until: Option<DateTime<Utc>>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = a)]
struct Row {
    id: String,
    member_id: String,
    name: String,
    kinds: String,
    specialties: String,
    markets: String,
    states: String,
    remote_too: bool,
    min_pay_cents: Option<i64>,
    words: String,
    cadence: String,
    paused: bool,
    created_at: Time,
    weekday: i16,
    local_minute: i16,
    pause_until: Option<Time>,
}

impl Alert {
    /// True while a pause that ends by itself lasts.
    #[must_use]
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        self.pause_until.is_some_and(|until| now < until)
    }
}

impl Row {
    fn alert(self) -> Result<Alert, StoreError> {
        let weekday = u8::try_from(self.weekday).ok().and_then(|n| Weekday::try_from(n).ok());
        Ok(Alert {
            id: read(AlertId::parse(&self.id), "alert id")?,
            member: read(MemberId::parse(&self.member_id), "member id")?,
            wish: Wish {
                kinds: list(&self.kinds, Kind::parse)?,
                specialties: list(&self.specialties, Specialty::parse)?,
                markets: list(&self.markets, Market::parse)?,
                states: list(&self.states, State::parse)?,
                remote_too: self.remote_too,
                min_pay_cents: self.min_pay_cents,
                words: read(Words::parse(&self.words).ok(), "alert")?,
            },
            name: self.name,
            rhythm: Rhythm {
                cadence: read(Cadence::parse(&self.cadence), "cadence")?,
                weekday: read(weekday, "weekday")?,
                at: NaiveTime::MIN + Duration::minutes(self.local_minute.into()),
            },
            paused: self.paused,
            pause_until: self.pause_until.map(utc),
            created_at: utc(self.created_at),
        })
    }
}

fn list<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
    text.split('|').filter(|w| !w.is_empty()).map(|w| read(parse(w), "alert")).collect()
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join("|")
}

/// Adds or replaces an alert; the index of alerts hears of it.
///
/// # Errors
/// `NotFound` when the id is another member's.
pub fn put(conn: &mut Conn, alert: &Alert, now: DateTime<Utc>) -> Result<(), StoreError> {
    let wish = &alert.wish;
    let values = (
        a::name.eq(&alert.name),
        a::kinds.eq(joined(wish.kinds.iter().map(|k| k.as_str()))),
        a::specialties.eq(joined(wish.specialties.iter().map(|s| s.slug()))),
        a::markets.eq(joined(wish.markets.iter().map(|m| m.slug()))),
        a::states.eq(joined(wish.states.iter().map(|s| s.code()))),
        a::remote_too.eq(wish.remote_too),
        a::min_pay_cents.eq(wish.min_pay_cents),
        a::words.eq(wish.words.to_string()),
        a::cadence.eq(alert.rhythm.cadence.as_str()),
        a::weekday.eq(i16::try_from(alert.rhythm.weekday.num_days_from_monday()).unwrap_or(0)),
        a::local_minute.eq(i16::try_from(alert.rhythm.at.num_seconds_from_midnight() / 60).unwrap_or(0)),
        a::paused.eq(alert.paused),
        a::pause_until.eq(alert.pause_until.map(at)),
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
    } else if diesel::update(mine).set(values).execute(conn)? == 0 {
        return Err(StoreError::NotFound);
    }
    changes::append(conn, &Changed::Member(alert.member.clone()), now)
}

/// The alerts of a member, oldest first.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<Alert>, StoreError> {
    let rows: Vec<Row> = a::table
        .filter(a::member_id.eq(member.as_str()))
        .order((a::created_at, a::id))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::alert).collect()
}

/// The alerts of these members, each member's oldest first; a member without any is not in the map.
///
/// # Errors
/// Database errors only.
pub fn of_members(conn: &mut Conn, members: &[MemberId]) -> Result<HashMap<MemberId, Vec<Alert>>, StoreError> {
    let mut all: HashMap<MemberId, Vec<Alert>> = HashMap::new();
    for part in members.chunks(500) {
        let ids: Vec<&str> = part.iter().map(MemberId::as_str).collect();
        let rows: Vec<Row> = a::table
            .filter(a::member_id.eq_any(&ids))
            .order((a::created_at, a::id))
            .select(Row::as_select())
            .load(conn)?;
        for row in rows {
            let alert = row.alert()?;
            all.entry(alert.member.clone()).or_default().push(alert);
        }
    }
    Ok(all)
}

/// A page of the members with alerts, by id.
///
/// # Errors
/// Database errors only.
pub fn members_after(conn: &mut Conn, id: &str, most: i64) -> Result<Vec<MemberId>, StoreError> {
    let ids: Vec<String> = a::table
        .filter(a::member_id.gt(id))
        .select(a::member_id)
        .distinct()
        .order(a::member_id)
        .limit(most)
        .load(conn)?;
    ids.iter().map(|id| read(MemberId::parse(id), "member id")).collect()
}

/// Finds an alert of a member.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, member: &MemberId, id: &AlertId) -> Result<Alert, StoreError> {
    let row: Row = a::table
        .filter(a::id.eq(id.as_str()).and(a::member_id.eq(member.as_str())))
        .select(Row::as_select())
        .first(conn)?;
    row.alert()
}

/// Removes an alert of a member; the index of alerts hears of it.
///
/// # Errors
/// `NotFound`.
pub fn delete(conn: &mut Conn, member: &MemberId, id: &AlertId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let done =
        diesel::delete(a::table.filter(a::id.eq(id.as_str()).and(a::member_id.eq(member.as_str())))).execute(conn)?;
    if done != 1 {
        return Err(StoreError::NotFound);
    }
    changes::append(conn, &Changed::Member(member.clone()), now)
}

/// Ends the pauses that are over, and says how many.
///
/// # Errors
/// Database errors only.
pub fn end_pauses(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::update(a::table.filter(a::pause_until.le(at(now))))
        .set(a::pause_until.eq(None::<Time>))
        .execute(conn)?)
}

#[cfg(test)]
mod tests;
