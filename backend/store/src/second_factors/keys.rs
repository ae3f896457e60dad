//! Wrapping the keys of the sealed secrets anew, and whether all of them open.

use diesel::prelude::*;
use domain::AccountId;

use super::{Row, f};
use crate::contacts::Step;
use crate::error::read;
use crate::vault::{Sealed, Vault};
use crate::{Conn, StoreError};

/// Wraps the data keys of some secrets anew with the newest version, those after an id. As `contacts::rewrap`.
///
/// # Errors
/// Database errors only.
pub fn rewrap(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let newest = vault.newest()?;
    let of_old = f::table.filter(f::id.gt(after).and(f::key_version.ne(newest)));
    let rows: Vec<Row> = of_old.order(f::id).limit(most).select(Row::as_select()).load(conn)?;
    let mut step = Step { next: rows.last().map(|row| row.id.clone()), ..Step::default() };
    for row in rows {
        let wrapped = vault.rewrap(Sealed::SecondFactor, &row.account_id, row.key_version, &row.wrapped_key);
        let Ok((version, wrapped)) = wrapped else {
            step.damaged.push(account(&row)?);
            continue;
        };
        let values = (f::key_version.eq(version), f::wrapped_key.eq(wrapped));
        step.done += diesel::update(f::table.filter(f::id.eq(&row.id))).set(values).execute(conn)?;
    }
    Ok(step)
}

/// How many secrets are sealed, and how many of them under older versions than the newest.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, vault: &Vault) -> Result<(i64, i64), StoreError> {
    let all = f::table.count().get_result(conn)?;
    Ok((all, f::table.filter(f::key_version.ne(vault.newest()?)).count().get_result(conn)?))
}

/// Opens some secrets, those after an id.
///
/// # Errors
/// Database errors only.
pub fn verify(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let rows: Vec<Row> =
        f::table.filter(f::id.gt(after)).order(f::id).limit(most).select(Row::as_select()).load(conn)?;
    let mut step = Step { next: rows.last().map(|row| row.id.clone()), ..Step::default() };
    for row in rows {
        step.done += 1;
        if row.app(vault).is_err() {
            step.damaged.push(account(&row)?);
        }
    }
    Ok(step)
}

fn account(row: &Row) -> Result<AccountId, StoreError> {
    read(AccountId::parse(&row.account_id), "account id")
}
