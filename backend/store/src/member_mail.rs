//! What a member set about mail: quiet hours, cap, vacation and mutes; which address was confirmed; and the last act.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::alert::{MailTimes, Mute, Quiet};
use domain::place::Market;
use domain::{AccountId, CompanyId, MemberId};

use crate::contacts::EmailMark;
use crate::error::read;
use crate::schema::{member_mail as t, member_mutes as u, members as m};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// What stands in a member's row; defaults for one who has none yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberMail {
    /// What the member set.
    pub times: MailTimes,
    /// The address that was confirmed, as a keyed hash.
    pub confirmed: Option<EmailMark>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The last sign-in or act on a page of a mail.
    pub acted_at: Option<DateTime<Utc>>,
    /// Since when the question stands whether mail is still wanted.
    pub asked_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    quiet: Option<String>,
    daily_cap: i16,
    vacation_until: Option<NaiveDate>,
    confirmed_mark: Option<Vec<u8>>,
    confirmed_at: Option<Time>,
    acted_at: Time,
    asked_at: Option<Time>,
}

/// The row of a member.
///
/// # Errors
/// Database errors only.
pub fn of(conn: &mut Conn, member: &MemberId) -> Result<MemberMail, StoreError> {
    let row: Option<Row> =
        t::table.filter(t::member_id.eq(member.as_str())).select(Row::as_select()).first(conn).optional()?;
    let Some(row) = row else { return Ok(MemberMail::default()) };
    Ok(MemberMail {
        times: MailTimes {
            quiet: read(Quiet::parse(row.quiet.as_deref().unwrap_or_default()), "quiet hours")?,
            daily_cap: u8::try_from(row.daily_cap).map_err(|_| StoreError::Corrupt("daily cap"))?,
            vacation_until: row.vacation_until,
        },
        confirmed: row.confirmed_mark.map(EmailMark::from_bytes),
        confirmed_at: row.confirmed_at.map(utc),
        acted_at: Some(utc(row.acted_at)),
        asked_at: row.asked_at.map(utc),
    })
}

/// Makes the row when there is none.
fn ensure(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let there: i64 = t::table.filter(t::member_id.eq(member.as_str())).count().get_result(conn)?;
    if there == 0 {
        let cap = i16::from(MailTimes::default().daily_cap);
        diesel::insert_into(t::table)
            .values((t::member_id.eq(member.as_str()), t::daily_cap.eq(cap), t::acted_at.eq(at(now))))
            .execute(conn)?;
    }
    Ok(())
}

/// Sets the times; the zone stands with the member.
///
/// # Errors
/// Database errors only.
pub fn set_times(
    conn: &mut Conn,
    member: &MemberId,
    times: &MailTimes,
    zone: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ensure(conn, member, now)?;
    let quiet = times.quiet.word();
    diesel::update(t::table.filter(t::member_id.eq(member.as_str())))
        .set((
            t::quiet.eq(Some(quiet).filter(|q| !q.is_empty())),
            t::daily_cap.eq(i16::from(times.daily_cap)),
            t::vacation_until.eq(times.vacation_until),
        ))
        .execute(conn)?;
    diesel::update(m::table.filter(m::id.eq(member.as_str()))).set(m::time_zone.eq(zone)).execute(conn)?;
    Ok(())
}

/// Notes which address was confirmed.
///
/// # Errors
/// Database errors only.
pub fn confirm(conn: &mut Conn, member: &MemberId, mark: &EmailMark, now: DateTime<Utc>) -> Result<(), StoreError> {
    ensure(conn, member, now)?;
    diesel::update(t::table.filter(t::member_id.eq(member.as_str())))
        .set((t::confirmed_mark.eq(Some(mark.as_bytes())), t::confirmed_at.eq(Some(at(now)))))
        .execute(conn)?;
    Ok(())
}

/// Forgets that the address was confirmed.
///
/// # Errors
/// Database errors only.
pub fn unconfirm(conn: &mut Conn, member: &MemberId) -> Result<(), StoreError> {
    diesel::update(t::table.filter(t::member_id.eq(member.as_str())))
        .set((t::confirmed_mark.eq(None::<&[u8]>), t::confirmed_at.eq(None::<Time>)))
        .execute(conn)?;
    Ok(())
}

/// Notes an act of the member's; a question whether mail is still wanted is answered by it.
///
/// # Errors
/// Database errors only.
pub fn acted(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<(), StoreError> {
    ensure(conn, member, now)?;
    diesel::update(t::table.filter(t::member_id.eq(member.as_str())))
        .set((t::acted_at.eq(at(now)), t::asked_at.eq(None::<Time>)))
        .execute(conn)?;
    Ok(())
}

/// Notes that a member was asked whether mail is still wanted.
///
/// # Errors
/// Database errors only.
pub fn asked(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(t::table.filter(t::member_id.eq(member.as_str())))
        .set(t::asked_at.eq(Some(at(now))))
        .execute(conn)?;
    Ok(())
}

/// Members with alerts who did nothing since a moment and were not asked, longest silent first.
///
/// # Errors
/// Database errors only.
pub fn silent_since(conn: &mut Conn, since: DateTime<Utc>, most: i64) -> Result<Vec<MemberId>, StoreError> {
    let silent = t::acted_at.le(at(since)).and(t::asked_at.is_null());
    let ids: Vec<String> = t::table
        .inner_join(m::table.on(m::id.eq(t::member_id)))
        .filter(silent.and(m::alerts_email.eq(true)))
        .order(t::acted_at)
        .limit(most)
        .select(t::member_id)
        .load(conn)?;
    ids.iter().map(|id| read(MemberId::parse(id), "member id")).collect()
}

/// Members with alerts who were asked before a moment and did not answer.
///
/// # Errors
/// Database errors only.
pub fn unanswered_since(
    conn: &mut Conn,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(MemberId, AccountId)>, StoreError> {
    let ids: Vec<(String, String)> = t::table
        .inner_join(m::table.on(m::id.eq(t::member_id)))
        .filter(t::asked_at.le(at(since)).and(m::alerts_email.eq(true)))
        .order(t::asked_at)
        .limit(most)
        .select((t::member_id, m::account_id))
        .load(conn)?;
    ids.iter()
        .map(|(id, account)| {
            Ok((read(MemberId::parse(id), "member id")?, read(AccountId::parse(account), "account id")?))
        })
        .collect()
}

/// Mutes or unmutes.
///
/// # Errors
/// Database errors only.
pub fn set_mute(
    conn: &mut Conn,
    member: &MemberId,
    mute: &Mute,
    on: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (scope, what) = mute.words();
    let row = u::member_id.eq(member.as_str()).and(u::scope.eq(scope)).and(u::what.eq(what));
    diesel::delete(u::table.filter(row)).execute(conn)?;
    if on {
        diesel::insert_into(u::table)
            .values((u::member_id.eq(member.as_str()), u::scope.eq(scope), u::what.eq(what), u::at.eq(at(now))))
            .execute(conn)?;
    }
    Ok(())
}

/// What a member muted, oldest first.
///
/// # Errors
/// Database errors only.
pub fn mutes(conn: &mut Conn, member: &MemberId) -> Result<Vec<Mute>, StoreError> {
    let rows: Vec<(String, String)> = u::table
        .filter(u::member_id.eq(member.as_str()))
        .order((u::at, u::what))
        .select((u::scope, u::what))
        .load(conn)?;
    rows.into_iter()
        .map(|(scope, what)| match scope.as_str() {
            "company" => Ok(Mute::Company(read(CompanyId::parse(&what), "company id")?)),
            "market" => Ok(Mute::Market(read(Market::parse(&what), "market")?)),
            _ => Err(StoreError::Corrupt("mute")),
        })
        .collect()
}
