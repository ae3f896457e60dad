//! Members: standing, permissions in force, blocks. No contact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::permission::Permissions;
use domain::standing::MemberStanding;
use domain::{AccountId, CompanyId, MemberId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::{member_blocks as b, members as m};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A member without contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Internal number, the only identity the index knows.
    pub number: i64,
    /// Public id.
    pub id: MemberId,
    /// Account that signs in.
    pub account: AccountId,
    /// Standing.
    pub standing: MemberStanding,
    /// Why, when an admin said so.
    pub standing_reason: Option<String>,
    /// `invitation`, `npi` or `import`.
    pub joined_by: String,
    /// When.
    pub joined_at: DateTime<Utc>,
    /// IANA zone.
    pub time_zone: String,
    /// Grows with every change of a permission; a mail rendered under an older one is not sent.
    pub permission_epoch: i64,
    /// Switches in force.
    pub permissions: Permissions,
    /// When the profile was last saved.
    pub profile_saved_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct Row {
    number: i64,
    id: String,
    account_id: String,
    standing: String,
    standing_reason: Option<String>,
    joined_by: String,
    joined_at: Time,
    time_zone: String,
    permission_epoch: i64,
    alerts_email: bool,
    admin_outreach: bool,
    anonymous_counts: bool,
    profile_saved_at: Option<Time>,
}

impl Row {
    fn member(self) -> Result<Member, StoreError> {
        Ok(Member {
            number: self.number,
            id: read(MemberId::parse(&self.id), "member id")?,
            account: read(AccountId::parse(&self.account_id), "account id")?,
            standing: read(MemberStanding::parse(&self.standing), "member standing")?,
            standing_reason: self.standing_reason,
            joined_by: self.joined_by,
            joined_at: utc(self.joined_at),
            time_zone: self.time_zone,
            permission_epoch: self.permission_epoch,
            permissions: Permissions {
                alerts_email: self.alerts_email,
                admin_outreach: self.admin_outreach,
                anonymous_counts: self.anonymous_counts,
            },
            profile_saved_at: self.profile_saved_at.map(utc),
        })
    }
}

/// A member who joins.
pub struct NewMember<'a> {
    /// Public id.
    pub id: &'a MemberId,
    /// Account.
    pub account: &'a AccountId,
    /// First standing.
    pub standing: MemberStanding,
    /// `invitation`, `npi` or `import`.
    pub joined_by: &'a str,
    /// IANA zone.
    pub time_zone: &'a str,
}

/// Adds a member with every permission off.
///
/// # Errors
/// Database errors only.
pub fn create(conn: &mut Conn, new: &NewMember<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(m::table)
        .values((
            m::id.eq(new.id.as_str()),
            m::account_id.eq(new.account.as_str()),
            m::standing.eq(new.standing.as_str()),
            m::joined_by.eq(new.joined_by),
            m::joined_at.eq(at(now)),
            m::approved_at.eq((new.standing == MemberStanding::Active).then(|| at(now))),
            m::time_zone.eq(new.time_zone),
            m::permission_epoch.eq(0),
            m::alerts_email.eq(false),
            m::admin_outreach.eq(false),
            m::anonymous_counts.eq(false),
        ))
        .execute(conn)?;
    changes::append(conn, &Changed::Member(new.id.clone()), now)
}

/// Finds a member.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &MemberId) -> Result<Member, StoreError> {
    m::table.filter(m::id.eq(id.as_str())).select(Row::as_select()).first(conn)?.member()
}

/// Finds a member, and keeps standing and switches as they are until the caller's transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn hold(conn: &mut Conn, id: &MemberId) -> Result<Member, StoreError> {
    // A write that changes nothing is a lock on both databases.
    diesel::update(m::table.filter(m::id.eq(id.as_str()))).set(m::id.eq(id.as_str())).execute(conn)?;
    find(conn, id)
}

/// The member behind an account.
///
/// # Errors
/// `NotFound`.
pub fn by_account(conn: &mut Conn, account: &AccountId) -> Result<Member, StoreError> {
    m::table.filter(m::account_id.eq(account.as_str())).select(Row::as_select()).first(conn)?.member()
}

/// The members behind internal numbers; unknown numbers are left out.
///
/// # Errors
/// Database errors only.
pub fn by_numbers(conn: &mut Conn, numbers: &[i64]) -> Result<Vec<Member>, StoreError> {
    let mut all = Vec::with_capacity(numbers.len());
    // Both databases bound the number of parameters; SQLite's limit is the lower one.
    for part in numbers.chunks(500) {
        let rows: Vec<Row> =
            m::table.filter(m::number.eq_any(part)).order(m::number).select(Row::as_select()).load(conn)?;
        all.extend(rows.into_iter().map(Row::member).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

/// The members behind ids, by number; unknown ids are left out.
///
/// # Errors
/// Database errors only.
pub fn by_ids(conn: &mut Conn, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for part in ids.chunks(500) {
        let part: Vec<&str> = part.iter().map(MemberId::as_str).collect();
        let rows: Vec<Row> =
            m::table.filter(m::id.eq_any(part)).order(m::number).select(Row::as_select()).load(conn)?;
        all.extend(rows.into_iter().map(Row::member).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

/// How many members there are, of every standing.
///
/// # Errors
/// Database errors only.
pub fn count_all(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(m::table.count().get_result(conn)?)
}

/// A page of all members by number.
///
/// # Errors
/// Database errors only.
pub fn after_number(conn: &mut Conn, number: i64, most: i64) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> =
        m::table.filter(m::number.gt(number)).order(m::number).limit(most).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::member).collect()
}

/// A page of all members by id; everyone is after the empty id.
///
/// # Errors
/// Database errors only.
pub fn after_id(conn: &mut Conn, id: &str, most: i64) -> Result<Vec<Member>, StoreError> {
    // Every id is below this one, since none begins with a letter after f.
    between(conn, id, "g", most)
}

/// A page of the members after an id and before another, by id.
///
/// # Errors
/// Database errors only.
pub fn between(conn: &mut Conn, after: &str, before: &str, most: i64) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = m::table
        .filter(m::id.gt(after).and(m::id.lt(before)))
        .order(m::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::member).collect()
}

/// Members of a standing, longest waiting first.
///
/// # Errors
/// Database errors only.
pub fn by_standing(conn: &mut Conn, standing: MemberStanding, most: i64) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = m::table
        .filter(m::standing.eq(standing.as_str()))
        .order(m::joined_at)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::member).collect()
}

/// How many members have a standing.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, standing: MemberStanding) -> Result<i64, StoreError> {
    Ok(m::table.filter(m::standing.eq(standing.as_str())).count().get_result(conn)?)
}

/// Sets the standing.
///
/// # Errors
/// `NotFound`.
pub fn set_standing(
    conn: &mut Conn,
    id: &MemberId,
    standing: MemberStanding,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let member = m::table.filter(m::id.eq(id.as_str()));
    let done =
        diesel::update(member).set((m::standing.eq(standing.as_str()), m::standing_reason.eq(reason))).execute(conn)?;
    if done == 0 {
        return Err(StoreError::NotFound);
    }
    if standing == MemberStanding::Active {
        diesel::update(member.filter(m::approved_at.is_null())).set(m::approved_at.eq(Some(at(now)))).execute(conn)?;
    }
    changes::append(conn, &Changed::Member(id.clone()), now)
}

/// Blocks or unblocks a company for a member; nobody else can tell.
///
/// # Errors
/// `NotFound` when the company does not exist.
pub fn set_block(
    conn: &mut Conn,
    id: &MemberId,
    company: &CompanyId,
    on: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::delete(b::table.filter(b::member_id.eq(id.as_str()).and(b::company_id.eq(company.as_str()))))
        .execute(conn)?;
    if on {
        diesel::insert_into(b::table)
            .values((b::member_id.eq(id.as_str()), b::company_id.eq(company.as_str()), b::at.eq(at(now))))
            .execute(conn)?;
    }
    changes::append(conn, &Changed::Member(id.clone()), now)
}

/// Since when a member blocks a company; `None` when they do not.
///
/// # Errors
/// Database errors only.
pub fn blocks_since(conn: &mut Conn, id: &MemberId, company: &CompanyId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let one = b::member_id.eq(id.as_str()).and(b::company_id.eq(company.as_str()));
    let since: Option<Time> = b::table.filter(one).select(b::at).first(conn).optional()?;
    Ok(since.map(utc))
}

/// The companies a member has blocked.
///
/// # Errors
/// Database errors only.
pub fn blocks(conn: &mut Conn, id: &MemberId) -> Result<Vec<CompanyId>, StoreError> {
    let ids: Vec<String> =
        b::table.filter(b::member_id.eq(id.as_str())).order(b::at).select(b::company_id).load(conn)?;
    ids.iter().map(|id| read(CompanyId::parse(id), "company id")).collect()
}

/// Notes when a member's e-mail address changed, or that it is long ago.
///
/// # Errors
/// Database errors only.
pub fn set_email_changed(conn: &mut Conn, id: &MemberId, when: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let row = m::table.filter(m::id.eq(id.as_str()));
    diesel::update(row).set(m::email_changed_at.eq(when.map(at))).execute(conn)?;
    Ok(())
}

/// When a member's e-mail address changed, unless that is long ago.
///
/// # Errors
/// `NotFound`.
pub fn email_changed_at(conn: &mut Conn, id: &MemberId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let when: Option<Time> = m::table.filter(m::id.eq(id.as_str())).select(m::email_changed_at).first(conn)?;
    Ok(when.map(utc))
}

/// The members whose e-mail address changed before a moment and is not long ago yet.
///
/// # Errors
/// Database errors only.
pub fn email_changed_before(conn: &mut Conn, moment: DateTime<Utc>) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = m::table.filter(m::email_changed_at.le(at(moment))).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::member).collect()
}
