//! Which keys the sealed contacts need: whether a key file is theirs, wrapping them anew, and whether all of them open.

use diesel::prelude::*;
use domain::AccountId;
use domain::contact::Contact;
use zeroize::Zeroizing;

use super::{Document, email_index, npi_index, t};
use crate::error::read;
use crate::schema::instance as i;
use crate::vault::{Sealed, Vault};
use crate::{Conn, StoreError};

/// The instance remembers a mark of each version of its master key under this and the number.
const MARK: &str = "master_key_mark/";
/// How many contacts of one version are tried before the key counts as a wrong one: a few may be damaged.
const TRIED: i64 = 20;

/// True when contacts were sealed here before, so that a missing key file is a loss and not a first start.
///
/// # Errors
/// Database errors only.
pub fn is_bound(conn: &mut Conn) -> Result<bool, StoreError> {
    let sealed: i64 = t::table.count().get_result(conn)?;
    Ok(sealed > 0 || !marks(conn)?.is_empty())
}

/// True when the vault holds the keys of this database; remembers marks of those versions that are new to it. With a
/// foreign vault nothing is written.
///
/// # Errors
/// Database errors only.
pub fn bind(conn: &mut Conn, vault: &Vault) -> Result<bool, StoreError> {
    let (known, held) = (marks(conn)?, vault.marks());
    let oldest = |versions: &mut dyn Iterator<Item = i32>| versions.min();
    let theirs = oldest(&mut known.iter().map(|(version, _)| *version));
    // The blind indexes hang on the oldest version.
    if theirs.is_some() && theirs != oldest(&mut held.iter().map(|(version, _)| *version)) {
        return Ok(false);
    }
    let mut fresh = Vec::new();
    for (version, mark) in held {
        let mark: String = mark.iter().map(|byte| format!("{byte:02x}")).collect();
        match known.iter().find(|(of, _)| *of == version) {
            Some((_, right)) if *right != mark => return Ok(false),
            Some(_) => {}
            None => fresh.push((version, mark)),
        }
    }
    let in_use: Vec<i32> = t::table.select(t::key_version).distinct().load(conn)?;
    for version in in_use {
        if !fits(conn, vault, version)? {
            return Ok(false);
        }
    }
    for (version, mark) in fresh {
        let values = (i::key.eq(format!("{MARK}{version}")), i::value.eq(mark));
        diesel::insert_into(i::table).values(values).execute(conn)?;
    }
    Ok(true)
}

/// The newest version this database has seen; 0 for none.
///
/// # Errors
/// Database errors only.
pub fn newest_seen(conn: &mut Conn) -> Result<i32, StoreError> {
    Ok(marks(conn)?.iter().map(|(version, _)| *version).max().unwrap_or(0))
}

fn marks(conn: &mut Conn) -> Result<Vec<(i32, String)>, StoreError> {
    let rows: Vec<(String, String)> =
        i::table.filter(i::key.like(format!("{MARK}%"))).select((i::key, i::value)).load(conn)?;
    rows.into_iter()
        .map(|(key, mark)| {
            let version = key.strip_prefix(MARK).and_then(|number| number.parse().ok());
            Ok((read(version, "mark of a master key")?, mark))
        })
        .collect()
}

fn fits(conn: &mut Conn, vault: &Vault, version: i32) -> Result<bool, StoreError> {
    let rows = t::table.filter(t::key_version.eq(version)).order(t::account_id).limit(TRIED);
    let rows: Vec<Row> = rows.select(Row::as_select()).load(conn)?;
    Ok(rows.iter().any(|row| row.open(vault).is_ok()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    account_id: String,
    key_version: i32,
    wrapped_key: Vec<u8>,
    sealed: Vec<u8>,
    email_index: Vec<u8>,
    npi_index: Option<Vec<u8>>,
}

impl Row {
    fn account(&self) -> Result<AccountId, StoreError> {
        read(AccountId::parse(&self.account_id), "account id")
    }

    fn document(&self, vault: &Vault) -> Result<Document, StoreError> {
        let document =
            vault.unseal(Sealed::Contact, &self.account_id, self.key_version, &self.wrapped_key, &self.sealed)?;
        serde_json::from_slice(&document).map_err(|_| StoreError::Sealed)
    }

    fn open(&self, vault: &Vault) -> Result<Contact, StoreError> {
        self.document(vault)?.contact().ok_or(StoreError::Sealed)
    }

    fn is_sound(&self, vault: &Vault) -> bool {
        self.open(vault).is_ok_and(|contact| {
            self.email_index == email_index(vault, &contact.email) && self.npi_index == npi_index(vault, &contact)
        })
    }
}

fn page(conn: &mut Conn, after: &str, most: i64) -> Result<Vec<Row>, StoreError> {
    let rows = t::table.filter(t::account_id.gt(after)).order(t::account_id).limit(most);
    Ok(rows.select(Row::as_select()).load(conn)?)
}

/// What one step over the sealed contacts found.
#[derive(Debug, Default)]
pub struct Step {
    /// Where the next step goes on; `None` at the end.
    pub next: Option<String>,
    /// How many were done.
    pub done: usize,
    /// Whose cannot be opened, or do not belong to their row.
    pub damaged: Vec<AccountId>,
}

/// Wraps the data keys of some contacts anew with the newest version, those after an account's. What is sealed stays
/// as it is. To be called in a transaction of its own; a stop in between leaves contacts of both versions, and both
/// open.
///
/// # Errors
/// Database errors only.
pub fn rewrap(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let newest = vault.newest()?;
    let of_old = t::table.filter(t::account_id.gt(after).and(t::key_version.ne(newest)));
    let rows: Vec<Row> = of_old.order(t::account_id).limit(most).select(Row::as_select()).load(conn)?;
    let mut step = Step { next: rows.last().map(|row| row.account_id.clone()), ..Step::default() };
    for row in rows {
        let Ok((version, wrapped)) = vault.rewrap(Sealed::Contact, &row.account_id, row.key_version, &row.wrapped_key)
        else {
            step.damaged.push(row.account()?);
            continue;
        };
        // Whoever saved a contact meanwhile gave it a key of its own, which must not be written over.
        let same = t::account_id.eq(&row.account_id).and(t::wrapped_key.eq(&row.wrapped_key));
        let values = (t::key_version.eq(version), t::wrapped_key.eq(wrapped));
        step.done += diesel::update(t::table.filter(same)).set(values).execute(conn)?;
    }
    Ok(step)
}

/// How many contacts are sealed, and how many of them under older versions than the newest.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, vault: &Vault) -> Result<(i64, i64), StoreError> {
    let all = t::table.count().get_result(conn)?;
    Ok((all, t::table.filter(t::key_version.ne(vault.newest()?)).count().get_result(conn)?))
}

/// Opens some contacts, those after an account's, and holds them against their blind indexes.
///
/// # Errors
/// Database errors only.
pub fn verify(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Step, StoreError> {
    let rows = page(conn, after, most)?;
    let mut step = Step { next: rows.last().map(|row| row.account_id.clone()), ..Step::default() };
    for row in rows {
        step.done += 1;
        if !row.is_sound(vault) {
            step.damaged.push(row.account()?);
        }
    }
    Ok(step)
}

/// The values of one account that must be nowhere else. Wiped when dropped, and shown by nothing.
pub struct Canaries {
    /// Whose.
    pub account: AccountId,
    /// Each of them.
    pub values: Vec<Zeroizing<String>>,
}

/// What the search for leaks looks for, of the accounts after one; what does not open is left out, since `verify` tells
/// of it. For the command line alone: the values must never be shown.
///
/// # Errors
/// Database errors only.
pub fn canaries(conn: &mut Conn, vault: &Vault, after: &str, most: i64) -> Result<Vec<Canaries>, StoreError> {
    let rows = page(conn, after, most)?;
    let of = |row: &Row| {
        let document = row.document(vault).ok();
        let contact = document.as_ref().and_then(Document::contact);
        let fields = domain::contact::ContactField::ALL.iter();
        let values = contact.map(|c| fields.filter_map(|f| c.field(*f)).map(Zeroizing::new).collect());
        let mut values: Vec<_> = values.unwrap_or_default();
        values.extend(document.iter().flat_map(|d| &d.licences).cloned().map(Zeroizing::new));
        let others = document.map(|document| [document.new_email, document.former_email]);
        values.extend(others.into_iter().flatten().flatten().map(Zeroizing::new));
        Ok(Canaries { account: row.account()?, values })
    };
    rows.iter().map(of).collect()
}
