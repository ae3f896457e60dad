//! What the operator lets an admin do beyond moderating, and the admin's look at a contact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::contact::ContactField;
use domain::standing::Role;
use domain::{AccountId, LedgerId, MemberId};

use crate::changes::stand_in_line;
use crate::contacts::AdminReveal;
use crate::error::read;
use crate::ledger::{self, Entry, LedgerKind};
use crate::schema::{accounts as a, admin_settings as s, members as m};
use crate::time::at;
use crate::{Conn, StoreError};

/// Whether an admin may look at contacts of members who allow it: unless the operator has taken that away.
///
/// # Errors
/// Database errors only.
pub fn sees_contacts(conn: &mut Conn, admin: &AccountId) -> Result<bool, StoreError> {
    let said: Option<bool> =
        s::table.filter(s::account_id.eq(admin.as_str())).select(s::sees_contacts).first(conn).optional()?;
    Ok(said.unwrap_or(true))
}

/// Gives or takes an admin's sight of contacts; `false` when it was so already.
///
/// # Errors
/// Database errors only.
pub fn set_sees_contacts(
    conn: &mut Conn,
    admin: &AccountId,
    yes: bool,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if sees_contacts(conn, admin)? == yes {
        return Ok(false);
    }
    diesel::delete(s::table.filter(s::account_id.eq(admin.as_str()))).execute(conn)?;
    diesel::insert_into(s::table)
        .values((s::account_id.eq(admin.as_str()), s::sees_contacts.eq(yes), s::changed_at.eq(at(now))))
        .execute(conn)?;
    Ok(true)
}

/// How many admins there are who may sign in, and how many of them may look at contacts.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn) -> Result<(i64, i64), StoreError> {
    let all = a::table.filter(a::role.eq(Role::Admin.as_str()).and(a::disabled_at.is_null()));
    let who: Vec<String> = all.select(a::id).load(conn)?;
    let denied: i64 =
        s::table.filter(s::sees_contacts.eq(false).and(s::account_id.eq_any(&who))).count().get_result(conn)?;
    let all = i64::try_from(who.len()).unwrap_or(i64::MAX);
    Ok((all, all - denied))
}

/// What an admin's wish to look comes to.
pub enum Wish<'tx> {
    /// The look is in the ledger, and the witness gives the contact once.
    Noted(AdminReveal<'tx>),
    /// The operator took this admin's sight of contacts away.
    NotGiven,
    /// The member does not let admins reach out.
    NotAllowed,
}

/// Who looks at whom, and why.
pub struct Look<'a> {
    /// The admin.
    pub admin: &'a AccountId,
    /// The member.
    pub member: &'a MemberId,
    /// In the admin's words; the member reads them.
    pub reason: &'a str,
    /// The entry's id.
    pub id: LedgerId,
}

/// Reads both permissions again in this transaction, writes the look into the ledger and gives the witness.
///
/// # Errors
/// `NotFound` when there is no such member.
pub fn look<'tx>(conn: &'tx mut Conn, wish: Look<'_>, now: DateTime<Utc>) -> Result<Wish<'tx>, StoreError> {
    // Before the rows are read: a permission that was taken back meanwhile must be seen.
    stand_in_line(conn)?;
    let of_member = m::table.filter(m::id.eq(wish.member.as_str()));
    let (account, allowed): (String, bool) = of_member.select((m::account_id, m::admin_outreach)).first(conn)?;
    if !sees_contacts(conn, wish.admin)? {
        return Ok(Wish::NotGiven);
    }
    if !allowed {
        return Ok(Wish::NotAllowed);
    }
    let fields = ContactField::ALL.to_vec();
    let entry = Entry {
        id: wish.id,
        kind: LedgerKind::AdminLook,
        member: wish.member.clone(),
        introduction: None,
        opening: None,
        company: None,
        seat: None,
        fields,
        detail: Some(wish.reason.to_owned()),
        at: now,
    };
    ledger::append(conn, &entry)?;
    Ok(Wish::Noted(AdminReveal { conn, account: read(AccountId::parse(&account), "account id")? }))
}
