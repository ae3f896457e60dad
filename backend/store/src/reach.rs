//! Reach bands: the snapshots, and which company looked at what. No count of members is stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::CompanyId;
use domain::candidate::Candidate;
use domain::reach::{Band, Cell, Lattice};
use domain::standing::MemberStanding;

use crate::error::read;
use crate::schema::{
    companies as c, members as m, reach_bands as b, reach_locks as k, reach_looks as l, reach_snapshots as s,
};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A snapshot, apart from its bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Its place among them, from 1.
    pub number: i64,
    /// What it shows.
    pub lattice: Lattice,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
}

/// What a company asked for in one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Cells it may look at.
    pub granted: i64,
    /// Cells it asked for in vain.
    pub refused: i64,
}

/// The newest snapshot.
///
/// # Errors
/// Database errors only.
pub fn latest(conn: &mut Conn) -> Result<Option<Snapshot>, StoreError> {
    let row: Option<(i64, String, Time)> =
        s::table.order(s::number.desc()).select((s::number, s::lattice, s::taken_at)).first(conn).optional()?;
    row.map(|(number, lattice, taken_at)| {
        Ok(Snapshot { number, lattice: read(Lattice::parse(&lattice), "lattice")?, taken_at: utc(taken_at) })
    })
    .transpose()
}

/// Stores a snapshot and forgets the older ones, but for the one before: an answer in the making may still read it.
///
/// # Errors
/// `Taken` when there is one of this number: another node was faster.
pub fn put(conn: &mut Conn, snapshot: &Snapshot, bands: &[(Cell, Band)]) -> Result<(), StoreError> {
    diesel::insert_into(s::table)
        .values((
            s::number.eq(snapshot.number),
            s::lattice.eq(snapshot.lattice.as_str()),
            s::taken_at.eq(at(snapshot.taken_at)),
        ))
        .execute(conn)?;
    for (cell, band) in bands {
        diesel::insert_into(b::table)
            .values((b::snapshot.eq(snapshot.number), b::cell.eq(cell.key()), b::band.eq(band.as_str())))
            .execute(conn)?;
    }
    diesel::delete(s::table.filter(s::number.lt(snapshot.number - 1))).execute(conn)?;
    diesel::delete(l::table.filter(l::snapshot.lt(snapshot.number))).execute(conn)?;
    Ok(())
}

/// The band of a cell.
///
/// # Errors
/// `NotFound` when the snapshot has no such cell.
pub fn band(conn: &mut Conn, snapshot: i64, cell: Cell) -> Result<Band, StoreError> {
    let row = b::table.filter(b::snapshot.eq(snapshot).and(b::cell.eq(cell.key())));
    let band: String = row.select(b::band).first(conn)?;
    read(Band::parse(&band), "band")
}

/// A page of the members who may be counted, after an internal number, with the last number of the page: active, with
/// the permission, and a member since before a moment.
///
/// # Errors
/// As `profiles::candidates`.
pub fn countable(
    conn: &mut Conn,
    after: i64,
    joined_before: DateTime<Utc>,
    most: i64,
) -> Result<Option<(i64, Vec<Candidate>)>, StoreError> {
    let numbers: Vec<i64> = m::table
        .filter(m::number.gt(after).and(m::anonymous_counts.eq(true)))
        .filter(m::standing.eq(MemberStanding::Active.as_str()).and(m::joined_at.le(at(joined_before))))
        .order(m::number)
        .limit(most)
        .select(m::number)
        .load(conn)?;
    let Some(last) = numbers.last().copied() else { return Ok(None) };
    let members = crate::members::by_numbers(conn, &numbers)?;
    Ok(Some((last, crate::profiles::candidates(conn, &members)?)))
}

/// Whether a company was let look at a cell; `None` when it has not asked.
///
/// # Errors
/// Database errors only.
pub fn look(conn: &mut Conn, company: &CompanyId, snapshot: i64, cell: Cell) -> Result<Option<bool>, StoreError> {
    let of = l::table.filter(l::company_id.eq(company.as_str()).and(l::snapshot.eq(snapshot)));
    Ok(of.filter(l::cell.eq(cell.key())).select(l::granted).first(conn).optional()?)
}

/// Holds a company's row to the end of the transaction, so that two requests at once do not both find room for one
/// more cell.
///
/// # Errors
/// Database errors only.
pub fn hold(conn: &mut Conn, company: &CompanyId) -> Result<(), StoreError> {
    // A write that changes nothing is a lock on both databases.
    let row = c::table.filter(c::id.eq(company.as_str()));
    diesel::update(row).set(c::id.eq(company.as_str())).execute(conn)?;
    Ok(())
}

/// How many different cells a company has asked for.
///
/// # Errors
/// Database errors only.
pub fn asked(conn: &mut Conn, company: &CompanyId, snapshot: i64) -> Result<Asked, StoreError> {
    let of = l::table.filter(l::company_id.eq(company.as_str()).and(l::snapshot.eq(snapshot)));
    let granted: Vec<bool> = of.select(l::granted).load(conn)?;
    let count = |wanted: bool| i64::try_from(granted.iter().filter(|g| **g == wanted).count()).unwrap_or(i64::MAX);
    Ok(Asked { granted: count(true), refused: count(false) })
}

/// Notes that a company asked for a cell.
///
/// # Errors
/// `Taken` when it had asked before.
pub fn note(
    conn: &mut Conn,
    company: &CompanyId,
    snapshot: i64,
    cell: Cell,
    granted: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(l::table)
        .values((
            l::company_id.eq(company.as_str()),
            l::snapshot.eq(snapshot),
            l::cell.eq(cell.key()),
            l::granted.eq(granted),
            l::at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Since when a company's preview is locked.
///
/// # Errors
/// Database errors only.
pub fn locked_since(conn: &mut Conn, company: &CompanyId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let since: Option<Time> =
        k::table.filter(k::company_id.eq(company.as_str())).select(k::at).first(conn).optional()?;
    Ok(since.map(utc))
}

/// Locks a company's preview.
///
/// # Errors
/// `Taken` when it is locked.
pub fn lock(conn: &mut Conn, company: &CompanyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(k::table).values((k::company_id.eq(company.as_str()), k::at.eq(at(now)))).execute(conn)?;
    Ok(())
}

/// Unlocks a company's preview and forgets what it asked for in vain; what it has looked at still counts.
///
/// # Errors
/// `NotFound` when it is not locked.
pub fn unlock(conn: &mut Conn, company: &CompanyId) -> Result<(), StoreError> {
    if diesel::delete(k::table.filter(k::company_id.eq(company.as_str()))).execute(conn)? == 0 {
        return Err(StoreError::NotFound);
    }
    diesel::delete(l::table.filter(l::company_id.eq(company.as_str()).and(l::granted.eq(false)))).execute(conn)?;
    Ok(())
}
