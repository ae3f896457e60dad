//! Alerts, and what was or will be told to whom.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::alert::{Cadence, Wish, Words};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::{AlertId, Kind, MailId, MemberId, OpeningId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::{alert_matches as am, alerts as a};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

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
    /// How often.
    pub cadence: Cadence,
    /// Silenced by the member.
    pub paused: bool,
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
}

impl Row {
    fn alert(self) -> Result<Alert, StoreError> {
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
            cadence: read(Cadence::parse(&self.cadence), "cadence")?,
            paused: self.paused,
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

#[cfg(test)]
mod tests {
    use domain::AccountId;
    use domain::standing::{MemberStanding, Role};

    use super::*;
    use crate::members::NewMember;
    use crate::{Db, accounts, members};

    const WISHES: [(&str, &str); 4] = [("", ""), ("qme|ime", "spine OR neck -child"), ("ime", "x-ray"), ("", "-PM&R")];

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn id(n: usize) -> String {
        format!("00000000-0000-4000-8000-{n:012}")
    }

    fn member(conn: &mut Conn, n: usize) -> MemberId {
        let (account, member) = (AccountId::parse(&id(n)).unwrap(), MemberId::parse(&id(n)).unwrap());
        accounts::create(conn, &account, Role::Member, now()).unwrap();
        let new = NewMember {
            id: &member,
            account: &account,
            standing: MemberStanding::Active,
            joined_by: "npi",
            time_zone: "America/Los_Angeles",
        };
        members::create(conn, &new, now()).unwrap();
        member
    }

    fn alert(n: usize, member: &MemberId, (kinds, words): (&str, &str)) -> Alert {
        Alert {
            id: AlertId::parse(&id(100 + n)).unwrap(),
            member: member.clone(),
            name: format!("Alert {n}"),
            wish: Wish {
                kinds: list(kinds, Kind::parse).unwrap(),
                specialties: Specialty::all().take(n).collect(),
                markets: Market::all().take(n).collect(),
                states: State::all().skip(n).take(n).collect(),
                remote_too: n.is_multiple_of(2),
                min_pay_cents: (n > 0).then_some(150_000),
                words: Words::parse(words).unwrap(),
            },
            cadence: Cadence::Daily,
            paused: n == 1,
            created_at: now(),
        }
    }

    #[test]
    fn alerts_are_read_back_as_they_were_put_and_every_change_is_logged() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(dir.path().join("test.db").to_str().unwrap(), 1).unwrap();
        db.write::<_, StoreError>(|conn| {
            let (one, other) = (member(conn, 1), member(conn, 2));
            let mut all: Vec<Alert> = WISHES.into_iter().enumerate().map(|(n, w)| alert(n, &one, w)).collect();
            let start = changes::last(conn)?;
            for a in &all {
                put(conn, a, now())?;
                assert_eq!(find(conn, &one, &a.id)?, *a);
            }
            assert_eq!(of_member(conn, &one)?, all);

            let mut stolen = alert(0, &other, WISHES[1]);
            assert!(matches!(put(conn, &stolen, now()), Err(StoreError::NotFound)));
            stolen.id = AlertId::parse(&id(200)).unwrap();
            put(conn, &stolen, now())?;

            all[0] = alert(0, &one, WISHES[2]);
            put(conn, &all[0], now())?;
            let gone = all.pop().unwrap();
            assert!(matches!(delete(conn, &other, &gone.id, now()), Err(StoreError::NotFound)));
            delete(conn, &one, &gone.id, now())?;

            let asked = [one.clone(), other.clone(), MemberId::parse(&id(9)).unwrap()];
            let both = HashMap::from([(one.clone(), all), (other.clone(), vec![stolen])]);
            assert_eq!(of_members(conn, &asked)?, both);
            let log: Vec<Changed> = changes::after(conn, start, 100)?.into_iter().map(|c| c.what).collect();
            let told = |m: &MemberId, n| vec![Changed::Member(m.clone()); n];
            assert_eq!(log, [told(&one, 4), told(&other, 1), told(&one, 2)].concat());
            Ok(())
        })
        .unwrap();
    }
}
