//! Second factors: the one file that seals and opens the secrets of authenticator apps. A secret leaves once, for the
//! person who sets it up; what comes in later is a code, and what goes out is whether it was right.

mod codes;
mod keys;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::AccountId;
use domain::second_factor::Code;
use totp_rs::{Algorithm, TOTP};
use zeroize::Zeroizing;

use crate::schema::{recovery_codes as r, second_factors as f};
use crate::time::{Time, at, utc};
use crate::vault::{Sealed, Vault, random};
use crate::{Conn, StoreError};

pub use codes::{codes_left, renew_codes};
pub use keys::{count, rewrap, verify};

/// Seconds that a code of the app is for.
const STEP: u64 = 30;
/// Steps that a phone's clock may be off by, either way.
const SKEW: i64 = 1;
/// Bytes of a secret (RFC 4226, 4: 160 bits).
const SECRET: usize = 20;

/// What a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Right, and used up.
    Right,
    /// Wrong, or used before; it counts.
    Wrong,
    /// Not looked at: too many wrong ones were given. From when the next is.
    Waits(DateTime<Utc>),
}

/// Since when an account has a second factor in force.
///
/// # Errors
/// Database errors only.
pub fn enrolled_at(conn: &mut Conn, account: &AccountId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<Option<Time>> = f::table
        .filter(f::account_id.eq(account.as_str()).and(f::confirmed_at.is_not_null()))
        .select(f::confirmed_at)
        .first(conn)
        .optional()?;
    Ok(at.flatten().map(utc))
}

/// Makes a new secret, which counts once it is confirmed; one that waited is forgotten. `id` is the new row's.
///
/// # Errors
/// `Taken` when two are made at once.
pub fn begin(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    drop_pending(conn, account)?;
    let secret = Zeroizing::new(random::<SECRET>()?);
    let (version, wrapped, sealed) = vault.seal(Sealed::SecondFactor, account.as_str(), &*secret)?;
    diesel::insert_into(f::table)
        .values((
            f::id.eq(id),
            f::account_id.eq(account.as_str()),
            f::key_version.eq(version),
            f::wrapped_key.eq(wrapped),
            f::sealed.eq(sealed),
            f::created_at.eq(at(now)),
            f::last_step.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The secret that waits to be confirmed, as apps take it (base32), for the eyes of its account alone.
///
/// # Errors
/// `Sealed` when the master key does not fit.
pub fn pending(conn: &mut Conn, vault: &Vault, account: &AccountId) -> Result<Option<Zeroizing<String>>, StoreError> {
    let found = row(conn, account, false)?;
    found.map(|row| Ok(Zeroizing::new(row.app(vault)?.get_secret_base32()))).transpose()
}

/// Puts the waiting secret in force, when this is one of its codes: the former one and its recovery codes are gone, the
/// new codes are remembered by their hashes. `false` for a wrong code, which does not count: whoever sets a secret up
/// can read it.
///
/// # Errors
/// `NotFound` when none waits.
pub fn confirm(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    code: &Code,
    codes: &[String],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let waiting = row(conn, account, false)?.ok_or(StoreError::NotFound)?;
    let Some(step) = step_of(&waiting.app(vault)?, code, now) else { return Ok(false) };
    diesel::delete(f::table.filter(f::account_id.eq(account.as_str()).and(f::confirmed_at.is_not_null())))
        .execute(conn)?;
    diesel::update(f::table.filter(f::id.eq(&waiting.id)))
        .set((f::confirmed_at.eq(Some(at(now))), f::last_step.eq(step)))
        .execute(conn)?;
    renew_codes(conn, vault, account, codes)?;
    Ok(true)
}

/// Takes a code of the app or a recovery code, once, and at most so many wrong ones. `miss` is the id under which a
/// wrong one is remembered: the caller has to commit it.
///
/// # Errors
/// `NotFound` when the account has no second factor in force.
pub fn take(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    code: &Code,
    miss: &str,
    now: DateTime<Utc>,
) -> Result<Taken, StoreError> {
    // A write that changes nothing is a lock on both databases: guesses sent at once wait for each other.
    let held = f::table.filter(f::account_id.eq(account.as_str()).and(f::confirmed_at.is_not_null()));
    diesel::update(held).set(f::account_id.eq(account.as_str())).execute(conn)?;
    let found = row(conn, account, true)?.ok_or(StoreError::NotFound)?;
    if let Some(from) = codes::waits_until(conn, account, now)? {
        return Ok(Taken::Waits(from));
    }
    let right = match code {
        Code::App(_) => use_step(conn, &found, step_of(&found.app(vault)?, code, now))?,
        Code::Recovery(letters) => codes::use_code(conn, vault, account, letters, now)?,
    };
    if right {
        return Ok(Taken::Right);
    }
    codes::note_miss(conn, account, miss, now)?;
    Ok(Taken::Wrong)
}

/// Takes an account's second factor off, with everything that belongs to it.
///
/// # Errors
/// Database errors only.
pub fn remove(conn: &mut Conn, account: &AccountId) -> Result<(), StoreError> {
    diesel::delete(f::table.filter(f::account_id.eq(account.as_str()))).execute(conn)?;
    diesel::delete(r::table.filter(r::account_id.eq(account.as_str()))).execute(conn)?;
    Ok(())
}

/// Forgets a secret that was never confirmed.
///
/// # Errors
/// Database errors only.
pub fn drop_pending(conn: &mut Conn, account: &AccountId) -> Result<(), StoreError> {
    let waiting = f::table.filter(f::account_id.eq(account.as_str()).and(f::confirmed_at.is_null()));
    diesel::delete(waiting).execute(conn)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = f)]
struct Row {
    id: String,
    account_id: String,
    key_version: i32,
    wrapped_key: Vec<u8>,
    sealed: Vec<u8>,
}

impl Row {
    fn app(&self, vault: &Vault) -> Result<TOTP, StoreError> {
        let secret =
            vault.unseal(Sealed::SecondFactor, &self.account_id, self.key_version, &self.wrapped_key, &self.sealed)?;
        app_of(&secret)
    }
}

fn row(conn: &mut Conn, account: &AccountId, confirmed: bool) -> Result<Option<Row>, StoreError> {
    let of_account = f::table.filter(f::account_id.eq(account.as_str()));
    let found = if confirmed {
        of_account.filter(f::confirmed_at.is_not_null()).select(Row::as_select()).first(conn).optional()?
    } else {
        of_account.filter(f::confirmed_at.is_null()).select(Row::as_select()).first(conn).optional()?
    };
    Ok(found)
}

fn app_of(secret: &[u8]) -> Result<TOTP, StoreError> {
    TOTP::new(Algorithm::SHA1, 6, 1, STEP, secret.to_vec()).map_err(|_| StoreError::Sealed)
}

/// The time step that a code of the app is for, when it is one of now.
fn step_of(app: &TOTP, code: &Code, now: DateTime<Utc>) -> Option<i64> {
    let Code::App(digits) = code else { return None };
    let current = now.timestamp().div_euclid(i64::try_from(STEP).ok()?);
    let same = |step: &i64| {
        let made = u64::try_from(*step).ok().map(|step| app.generate(step * STEP))?;
        // No byte ends the comparison early.
        let differ = made.bytes().zip(digits.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
        (differ == 0 && made.len() == digits.len()).then_some(*step)
    };
    (current - SKEW..=current + SKEW).find_map(|step| same(&step))
}

/// Uses a step up; `false` when it, or a later one, was used.
fn use_step(conn: &mut Conn, of: &Row, step: Option<i64>) -> Result<bool, StoreError> {
    let Some(step) = step else { return Ok(false) };
    let newer = f::table.filter(f::id.eq(&of.id).and(f::last_step.lt(step)));
    Ok(diesel::update(newer).set(f::last_step.eq(step)).execute(conn)? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_its_step_and_the_two_beside_it() {
        let app = app_of(b"12345678901234567890").unwrap();
        // RFC 6238, appendix B, the last six of eight digits: 07081804 at this second.
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let code = Code::App("081804".to_owned());
        let step = 1_111_111_109 / 30;
        for (seconds, want) in [(0, Some(step)), (30, Some(step)), (-30, Some(step)), (61, None), (-60, None)] {
            assert_eq!(step_of(&app, &code, at(1_111_111_109 + seconds)), want, "{seconds}");
        }
        assert_eq!(step_of(&app, &Code::App("081805".to_owned()), at(1_111_111_109)), None);
        assert_eq!(step_of(&app, &Code::Recovery("081804".to_owned()), at(1_111_111_109)), None);
    }
}
