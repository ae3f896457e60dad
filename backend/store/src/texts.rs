//! What people write to each other or to admins: the one file that seals and opens it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AccountId, TextId};
use zeroize::Zeroizing;

use crate::contacts::Step;
use crate::error::read;
use crate::schema::sealed_texts as t;
use crate::time::at;
use crate::vault::{Sealed, Vault};
use crate::{Conn, StoreError};

/// Keeps a text. It goes when the account it concerns goes.
///
/// # Errors
/// Database errors only.
pub(crate) fn keep(
    conn: &mut Conn,
    vault: &Vault,
    id: &TextId,
    concerns: &AccountId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (version, wrapped, sealed) = vault.seal(Sealed::Text, id.as_str(), text.as_bytes())?;
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id.as_str()),
            t::account_id.eq(concerns.as_str()),
            t::key_version.eq(version),
            t::wrapped_key.eq(wrapped),
            t::sealed.eq(sealed),
            t::created_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Opens a text. Who may read it was decided by whoever owns the row that names it.
///
/// # Errors
/// `NotFound`; `Sealed` when the master key does not fit.
pub(crate) fn open(conn: &mut Conn, vault: &Vault, id: &TextId) -> Result<Zeroizing<String>, StoreError> {
    let row: Row = t::table.filter(t::id.eq(id.as_str())).select(Row::as_select()).first(conn)?;
    row.open(vault)
}

/// Forgets texts, and with them the rows that have nothing else to say.
///
/// # Errors
/// Database errors only.
pub(crate) fn forget(conn: &mut Conn, ids: &[String]) -> Result<(), StoreError> {
    // Both databases bound the number of parameters.
    for part in ids.chunks(500) {
        diesel::delete(t::table.filter(t::id.eq_any(part))).execute(conn)?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: String,
    account_id: String,
    key_version: i32,
    wrapped_key: Vec<u8>,
    sealed: Vec<u8>,
}

impl Row {
    fn open(&self, vault: &Vault) -> Result<Zeroizing<String>, StoreError> {
        let bytes = vault.unseal(Sealed::Text, &self.id, self.key_version, &self.wrapped_key, &self.sealed)?;
        std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| StoreError::Sealed)
    }

    fn account(&self) -> Result<AccountId, StoreError> {
        read(AccountId::parse(&self.account_id), "account id")
    }
}

/// Wraps the data keys of some texts anew with the newest version, those after an id. As `contacts::rewrap`.
///
/// # Errors
/// Database errors only.
pub fn rewrap(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let newest = vault.newest()?;
    let of_old = t::table.filter(t::id.gt(after).and(t::key_version.ne(newest)));
    let rows: Vec<Row> = of_old.order(t::id).limit(most).select(Row::as_select()).load(conn)?;
    let mut step = Step { next: rows.last().map(|row| row.id.clone()), ..Step::default() };
    for row in rows {
        let Ok((version, wrapped)) = vault.rewrap(Sealed::Text, &row.id, row.key_version, &row.wrapped_key) else {
            step.damaged.push(row.account()?);
            continue;
        };
        let values = (t::key_version.eq(version), t::wrapped_key.eq(wrapped));
        step.done += diesel::update(t::table.filter(t::id.eq(&row.id))).set(values).execute(conn)?;
    }
    Ok(step)
}

/// How many texts are sealed, and how many of them under older versions than the newest.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, vault: &Vault) -> Result<(i64, i64), StoreError> {
    let all = t::table.count().get_result(conn)?;
    Ok((all, t::table.filter(t::key_version.ne(vault.newest()?)).count().get_result(conn)?))
}

/// Opens some texts, those after an id.
///
/// # Errors
/// Database errors only.
pub fn verify(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let rows: Vec<Row> =
        t::table.filter(t::id.gt(after)).order(t::id).limit(most).select(Row::as_select()).load(conn)?;
    let mut step = Step { next: rows.last().map(|row| row.id.clone()), ..Step::default() };
    for row in rows {
        step.done += 1;
        if row.open(vault).is_err() {
            step.damaged.push(row.account()?);
        }
    }
    Ok(step)
}
