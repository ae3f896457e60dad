//! Who was invited to act for a company and has not signed in yet. An invitation of an address that is taken has a row like
//! any other and no account, so that nothing tells the two apart.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::standing::SeatRole;
use domain::{AccountId, CompanyId, SeatId, SeatInvitationId, TextId};
use zeroize::Zeroizing;

use crate::companies::{self, Seat};
use crate::error::read;
use crate::schema::{accounts as a, seat_invitations as i};
use crate::time::{Time, at, utc};
use crate::vault::Vault;
use crate::{Conn, StoreError, texts};

/// An invitation that waits.
pub struct SeatInvitation {
    /// Its id.
    pub id: SeatInvitationId,
    /// What the person will be.
    pub role: SeatRole,
    /// What the owner calls them.
    pub name: Zeroizing<String>,
    /// Since when.
    pub invited_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// An invitation to be kept.
pub struct NewSeatInvitation<'a> {
    /// Its id.
    pub id: &'a SeatInvitationId,
    /// The account that was made for it; `None` when the address is taken.
    pub account: Option<&'a AccountId>,
    /// The company.
    pub company: &'a CompanyId,
    /// What the person will be.
    pub role: SeatRole,
    /// What the owner calls them, and the id of that text.
    pub name: (&'a TextId, &'a str),
    /// The owner who invites.
    pub by: &'a AccountId,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Keeps an invitation.
///
/// # Errors
/// Database errors only.
pub fn add(conn: &mut Conn, vault: &Vault, new: &NewSeatInvitation<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    texts::keep(conn, vault, new.name.0, new.by, new.name.1, now)?;
    diesel::insert_into(i::table)
        .values((
            i::id.eq(new.id.as_str()),
            i::account_id.eq(new.account.map(AccountId::as_str)),
            i::company_id.eq(new.company.as_str()),
            i::role.eq(new.role.as_str()),
            i::name_id.eq(new.name.0.as_str()),
            i::invited_at.eq(at(now)),
            i::expires_at.eq(at(new.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The invitations of a company that still stand, oldest first.
///
/// # Errors
/// Database errors only.
pub fn of_company(
    conn: &mut Conn,
    vault: &Vault,
    company: &CompanyId,
    now: DateTime<Utc>,
) -> Result<Vec<SeatInvitation>, StoreError> {
    let rows: Vec<(String, String, String, Time, Time)> = i::table
        .filter(i::company_id.eq(company.as_str()).and(i::expires_at.gt(at(now))))
        .order((i::invited_at, i::id))
        .select((i::id, i::role, i::name_id, i::invited_at, i::expires_at))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, role, name, invited_at, expires_at) in rows {
        found.push(SeatInvitation {
            id: read(SeatInvitationId::parse(&id), "seat invitation id")?,
            role: read(SeatRole::parse(&role), "seat role")?,
            name: texts::open(conn, vault, &read(TextId::parse(&name), "text id")?)?,
            invited_at: utc(invited_at),
            expires_at: utc(expires_at),
        });
    }
    Ok(found)
}

/// Makes a seat of the invitation of an account; `false` when it has none.
///
/// # Errors
/// `NotFound` when the invitation is over.
pub fn accept(conn: &mut Conn, account: &AccountId, seat: SeatId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row: Option<(String, String, String, Time)> = i::table
        .filter(i::account_id.eq(account.as_str()))
        .select((i::company_id, i::role, i::name_id, i::expires_at))
        .first(conn)
        .optional()?;
    let Some((company, role, name, expires_at)) = row else { return Ok(false) };
    if utc(expires_at) <= now {
        return Err(StoreError::NotFound);
    }
    let seat = Seat {
        id: seat,
        account: account.clone(),
        company: read(CompanyId::parse(&company), "company id")?,
        role: read(SeatRole::parse(&role), "seat role")?,
    };
    companies::add_seat(conn, &seat, now)?;
    // The row goes with what it is called.
    texts::forget(conn, &[name])?;
    Ok(true)
}

/// The company that invited an account, while the invitation stands.
///
/// # Errors
/// Database errors only.
pub fn company_of(conn: &mut Conn, account: &AccountId, now: DateTime<Utc>) -> Result<Option<CompanyId>, StoreError> {
    let id: Option<String> = i::table
        .filter(i::account_id.eq(account.as_str()).and(i::expires_at.gt(at(now))))
        .select(i::company_id)
        .first(conn)
        .optional()?;
    id.map(|id| read(CompanyId::parse(&id), "company id")).transpose()
}

/// Takes an invitation of a company back, with everything that was made for it; `false` when there is none.
///
/// # Errors
/// Database errors only.
pub fn withdraw(conn: &mut Conn, company: &CompanyId, id: &SeatInvitationId) -> Result<bool, StoreError> {
    let rows = i::table
        .filter(i::company_id.eq(company.as_str()).and(i::id.eq(id.as_str())))
        .select((i::account_id, i::name_id))
        .load(conn)?;
    drop_all(conn, rows)
}

/// Takes every invitation of a company back.
///
/// # Errors
/// Database errors only.
pub fn withdraw_all(conn: &mut Conn, company: &CompanyId) -> Result<(), StoreError> {
    let rows = i::table.filter(i::company_id.eq(company.as_str())).select((i::account_id, i::name_id)).load(conn)?;
    drop_all(conn, rows).map(drop)
}

/// Forgets invitations that nobody took up.
///
/// # Errors
/// Database errors only.
pub fn forget(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows = i::table.filter(i::expires_at.le(at(now))).select((i::account_id, i::name_id)).load(conn)?;
    drop_all(conn, rows).map(drop)
}

fn drop_all(conn: &mut Conn, rows: Vec<(Option<String>, String)>) -> Result<bool, StoreError> {
    let (accounts, names): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    texts::forget(conn, &names)?;
    for account in accounts.iter().flatten() {
        diesel::delete(a::table.filter(a::id.eq(account))).execute(conn)?;
    }
    Ok(!names.is_empty())
}
