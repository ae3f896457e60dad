//! A change of the address: the new one waits beside the old one until it has said that it is theirs, and the old one
//! stays for as long as it must be told.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::contact::EmailAddress;

use super::{Document, OwnContact, open_document, write};
use crate::vault::Vault;
use crate::{Conn, StoreError};

/// Keeps an address that the owner says is theirs, or forgets the one that was kept. Nothing else changes.
///
/// # Errors
/// `NotFound`, or `Sealed` when the master key does not fit.
pub fn propose_email(
    conn: &mut Conn,
    vault: &Vault,
    owner: &OwnContact,
    new: Option<&EmailAddress>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    change(conn, vault, &owner.0, now, |document| {
        document.new_email = new.map(|email| email.reveal().to_owned());
        Ok(())
    })
}

/// The address that waits.
///
/// # Errors
/// As `propose_email`.
pub fn proposed_email(conn: &mut Conn, vault: &Vault, owner: &OwnContact) -> Result<Option<EmailAddress>, StoreError> {
    let waits = open_document(conn, vault, &owner.0)?.new_email;
    waits.map(|email| EmailAddress::parse(&email).ok_or(StoreError::Sealed)).transpose()
}

/// Makes the address that waits the one on file; the old one is kept to be told.
///
/// # Errors
/// `NotFound` when none waits; `Taken` when another account has it by now.
pub fn adopt_email(conn: &mut Conn, vault: &Vault, account: &AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
    change(conn, vault, account, now, |document| {
        let new = document.new_email.take().ok_or(StoreError::NotFound)?;
        document.former_email = Some(std::mem::replace(&mut document.email, new));
        Ok(())
    })
}

/// Forgets the address before.
///
/// # Errors
/// As `propose_email`.
pub fn forget_former_email(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    change(conn, vault, account, now, |document| {
        document.former_email = None;
        Ok(())
    })
}

fn change(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    now: DateTime<Utc>,
    how: impl FnOnce(&mut Document) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut document = open_document(conn, vault, account)?;
    how(&mut document)?;
    let contact = document.contact().ok_or(StoreError::Sealed)?;
    write(conn, vault, account, &document, &contact, true, now)
}
