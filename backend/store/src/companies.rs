//! Companies and the people who act for them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::matching::ReviewPolicy;
use domain::spotted::{Spotted, spot_in_texts};
use domain::standing::{CompanyStanding, SeatRole};
use domain::{AccountId, CompanyId, OpeningId, SeatId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::{companies as c, openings as o, seats as s};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name in addresses of pages.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its site.
    pub website: String,
    /// A few words about itself.
    pub about: String,
    /// Standing.
    pub standing: CompanyStanding,
    /// Why, when an admin said so.
    pub standing_reason: Option<String>,
    /// A review policy of its own; else the instance's.
    pub review_policy: Option<ReviewPolicy>,
    /// When it registered.
    pub created_at: DateTime<Utc>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
}

impl Company {
    /// What seems to be contact in its name and in what it says about itself.
    #[must_use]
    pub fn spotted(&self) -> Vec<Spotted> {
        spot_in_texts([self.name.as_str(), &self.about])
    }
}

/// A person acting for a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// Account that signs in.
    pub account: AccountId,
    /// For which company.
    pub company: CompanyId,
    /// What it may do.
    pub role: SeatRole,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
struct Row {
    id: String,
    slug: String,
    name: String,
    website: String,
    about: String,
    standing: String,
    standing_reason: Option<String>,
    review_policy: Option<String>,
    created_at: Time,
    approved_at: Option<Time>,
}

impl Row {
    fn company(self) -> Result<Company, StoreError> {
        Ok(Company {
            id: read(CompanyId::parse(&self.id), "company id")?,
            slug: self.slug,
            name: self.name,
            website: self.website,
            about: self.about,
            standing: read(CompanyStanding::parse(&self.standing), "company standing")?,
            standing_reason: self.standing_reason,
            review_policy: self.review_policy.map(|p| read(ReviewPolicy::parse(&p), "review policy")).transpose()?,
            created_at: utc(self.created_at),
            approved_at: self.approved_at.map(utc),
        })
    }
}

/// A company that registers.
pub struct NewCompany<'a> {
    /// Its id.
    pub id: &'a CompanyId,
    /// Free slug.
    pub slug: &'a str,
    /// Name.
    pub name: &'a str,
    /// Site.
    pub website: &'a str,
    /// About.
    pub about: &'a str,
}

/// Registers a company as `pending`.
///
/// # Errors
/// `Taken` when the slug is.
pub fn create(conn: &mut Conn, new: &NewCompany<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(c::table)
        .values((
            c::id.eq(new.id.as_str()),
            c::slug.eq(new.slug),
            c::name.eq(new.name),
            c::website.eq(new.website),
            c::about.eq(new.about),
            c::standing.eq(CompanyStanding::Pending.as_str()),
            c::created_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A slug near the wished one that is free.
///
/// # Errors
/// Database errors only.
pub fn free_slug(conn: &mut Conn, wish: &str) -> Result<String, StoreError> {
    for n in 1.. {
        let slug = if n == 1 { wish.to_owned() } else { format!("{wish}-{n}") };
        let taken: i64 = c::table.filter(c::slug.eq(&slug)).count().get_result(conn)?;
        if taken == 0 {
            return Ok(slug);
        }
    }
    Err(StoreError::Taken)
}

/// Finds a company.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &CompanyId) -> Result<Company, StoreError> {
    c::table.filter(c::id.eq(id.as_str())).select(Row::as_select()).first(conn)?.company()
}

/// Finds a company by its slug.
///
/// # Errors
/// `NotFound`.
pub fn by_slug(conn: &mut Conn, slug: &str) -> Result<Company, StoreError> {
    c::table.filter(c::slug.eq(slug)).select(Row::as_select()).first(conn)?.company()
}

/// Companies, those of a standing or all, newest first.
///
/// # Errors
/// Database errors only.
pub fn list(conn: &mut Conn, standing: Option<CompanyStanding>, most: i64) -> Result<Vec<Company>, StoreError> {
    let mut query = c::table.order(c::created_at.desc()).limit(most).select(Row::as_select()).into_boxed();
    if let Some(standing) = standing {
        query = query.filter(c::standing.eq(standing.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::company).collect()
}

/// Sets the standing; every opening of the company is noted as changed, since being live hangs on it.
///
/// # Errors
/// `NotFound`.
pub fn set_standing(
    conn: &mut Conn,
    id: &CompanyId,
    standing: CompanyStanding,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let company = c::table.filter(c::id.eq(id.as_str()));
    let done = diesel::update(company)
        .set((c::standing.eq(standing.as_str()), c::standing_reason.eq(reason)))
        .execute(conn)?;
    if done == 0 {
        return Err(StoreError::NotFound);
    }
    if standing == CompanyStanding::Approved {
        diesel::update(company.filter(c::approved_at.is_null())).set(c::approved_at.eq(Some(at(now)))).execute(conn)?;
    }
    let openings: Vec<String> = o::table.filter(o::company_id.eq(id.as_str())).select(o::id).load(conn)?;
    for opening in openings {
        let opening = read(OpeningId::parse(&opening), "opening id")?;
        changes::append(conn, &Changed::Opening(opening), now)?;
    }
    Ok(())
}

/// Changes what a company says of itself.
///
/// # Errors
/// Database errors only.
pub fn update(conn: &mut Conn, id: &CompanyId, name: &str, website: &str, about: &str) -> Result<(), StoreError> {
    diesel::update(c::table.filter(c::id.eq(id.as_str())))
        .set((c::name.eq(name), c::website.eq(website), c::about.eq(about)))
        .execute(conn)?;
    Ok(())
}

/// Adds a seat.
///
/// # Errors
/// Database errors only.
pub fn add_seat(conn: &mut Conn, seat: &Seat, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(s::table)
        .values((
            s::id.eq(seat.id.as_str()),
            s::account_id.eq(seat.account.as_str()),
            s::company_id.eq(seat.company.as_str()),
            s::role.eq(seat.role.as_str()),
            s::created_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The seat behind an account.
///
/// # Errors
/// `NotFound` when there is none or it has ended.
pub fn seat_by_account(conn: &mut Conn, account: &AccountId) -> Result<Seat, StoreError> {
    let row: SeatRow = s::table
        .filter(s::account_id.eq(account.as_str()).and(s::ended_at.is_null()))
        .select((s::id, s::account_id, s::company_id, s::role))
        .first(conn)?;
    seat(row)
}

/// The seats of a company, oldest first.
///
/// # Errors
/// Database errors only.
pub fn seats(conn: &mut Conn, company: &CompanyId) -> Result<Vec<Seat>, StoreError> {
    let rows: Vec<SeatRow> = s::table
        .filter(s::company_id.eq(company.as_str()).and(s::ended_at.is_null()))
        .order(s::created_at)
        .select((s::id, s::account_id, s::company_id, s::role))
        .load(conn)?;
    rows.into_iter().map(seat).collect()
}

/// The seats of a company with the moment since when, oldest first.
///
/// # Errors
/// Database errors only.
pub fn seats_since(conn: &mut Conn, company: &CompanyId) -> Result<Vec<(Seat, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(SeatRow, Time)> = s::table
        .filter(s::company_id.eq(company.as_str()).and(s::ended_at.is_null()))
        .order(s::created_at)
        .select(((s::id, s::account_id, s::company_id, s::role), s::created_at))
        .load(conn)?;
    rows.into_iter().map(|(row, since)| Ok((seat(row)?, utc(since)))).collect()
}

/// Ends a seat.
///
/// # Errors
/// Database errors only.
pub fn end_seat(conn: &mut Conn, id: &SeatId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(s::table.filter(s::id.eq(id.as_str()))).set(s::ended_at.eq(Some(at(now)))).execute(conn)?;
    Ok(())
}

type SeatRow = (String, String, String, String);

fn seat((id, account, company, role): SeatRow) -> Result<Seat, StoreError> {
    Ok(Seat {
        id: read(SeatId::parse(&id), "seat id")?,
        account: read(AccountId::parse(&account), "account id")?,
        company: read(CompanyId::parse(&company), "company id")?,
        role: read(SeatRole::parse(&role), "seat role")?,
    })
}

/// How many companies have a standing.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, standing: CompanyStanding) -> Result<i64, StoreError> {
    Ok(c::table.filter(c::standing.eq(standing.as_str())).count().get_result(conn)?)
}
