//! Sealed contacts: the one file that names their table. A value leaves only through a witness.

mod email;
mod keys;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::contact::{Contact, ContactField, CvLink, EmailAddress, LicenceNumber, Npi, PersonName, Phone};
use domain::{AccountId, IntroductionId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::read;
use crate::schema::{licence_marks as l, sealed_contacts as t};
use crate::time::at;
use crate::vault::{Sealed, Vault};
use crate::{Conn, StoreError};

pub use email::{adopt_email, forget_former_email, propose_email, proposed_email};
pub use keys::{Canaries, Step, bind, canaries, count, is_bound, newest_seen, rewrap, verify};

/// The sealed document. New fields must be optional, so that old blobs still open.
#[derive(Serialize, Deserialize)]
struct Document {
    name: String,
    email: String,
    phone: Option<String>,
    npi: Option<String>,
    cv: Option<String>,
    #[serde(default)]
    licences: Vec<String>,
    /// An address that has not yet said that it is theirs.
    #[serde(default)]
    new_email: Option<String>,
    /// The address before, while it is told of the change.
    #[serde(default)]
    former_email: Option<String>,
}

impl Document {
    fn of(contact: &Contact) -> Self {
        Self {
            new_email: None,
            former_email: None,
            name: contact.name.reveal().to_owned(),
            email: contact.email.reveal().to_owned(),
            phone: contact.phone.as_ref().map(Phone::reveal),
            npi: contact.npi.as_ref().map(|n| n.reveal().to_owned()),
            cv: contact.cv.as_ref().map(|c| c.reveal().to_owned()),
            licences: contact.licences.iter().map(|l| l.reveal().to_owned()).collect(),
        }
    }

    fn contact(&self) -> Option<Contact> {
        Some(Contact {
            name: PersonName::parse(&self.name)?,
            email: EmailAddress::parse(&self.email)?,
            phone: self.phone.as_deref().and_then(Phone::parse),
            npi: self.npi.as_deref().and_then(Npi::parse),
            cv: self.cv.as_deref().and_then(CvLink::parse),
            licences: self.licences.iter().filter_map(|l| LicenceNumber::parse(l)).collect(),
        })
    }
}

/// The owner's own look at what is theirs. Made by whoever has checked the session of this account.
#[derive(Debug)]
pub struct OwnContact(AccountId);

impl OwnContact {
    /// For the account that is signed in.
    #[must_use]
    pub const fn of_signed_in(account: AccountId) -> Self {
        Self(account)
    }
}

/// Proof that one introduction was live in this transaction and that a company's look is in the ledger. Only
/// `introductions::redeem` makes one, and `redeem_own` for the owner's eyes; disclosing consumes it. Like its sisters it holds the connection it was made on,
/// so that it can neither outlive its transaction nor be used in another one; `tests/witnesses` tries.
pub struct ContactGrant<'tx> {
    pub(crate) conn: &'tx mut Conn,
    pub(crate) introduction: IntroductionId,
    pub(crate) account: AccountId,
    pub(crate) fields: Vec<ContactField>,
}

/// Proof that a mail passed the gate. Only `outbox::pass_gate` makes one.
pub struct DeliveryGrant<'tx> {
    pub(crate) conn: &'tx mut Conn,
    pub(crate) account: AccountId,
    pub(crate) to: Recipient,
}

/// Which of an account's addresses a mail goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// The one on file.
    OnFile,
    /// One that has not yet said that it is theirs.
    New,
    /// The one before.
    Former,
}

/// Proof that an admin may look at one contact and that the look is in the ledger. Only `admins::look` makes one, and
/// revealing consumes it.
pub struct AdminReveal<'tx> {
    pub(crate) conn: &'tx mut Conn,
    pub(crate) account: AccountId,
}

/// What a company sees: the chosen fields and nothing else.
pub struct Disclosed {
    /// For which introduction.
    pub introduction: IntroductionId,
    /// Field and value, in the order of the fields; a chosen field without a value is left out.
    pub fields: Vec<(ContactField, String)>,
}

/// Stores or replaces the contact of an account.
///
/// # Errors
/// `Taken` when another account has this e-mail, NPI or licence.
pub fn put(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let there: i64 = t::table.filter(t::account_id.eq(account.as_str())).count().get_result(conn)?;
    let mut document = Document::of(contact);
    if there > 0 {
        let before = open_document(conn, vault, account)?;
        (document.new_email, document.former_email) = (before.new_email, before.former_email);
    }
    write(conn, vault, account, &document, contact, there > 0, now)
}

fn write(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    document: &Document,
    contact: &Contact,
    there: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let document = Zeroizing::new(serde_json::to_vec(document).map_err(|_| StoreError::Sealed)?);
    let (version, wrapped, sealed) = vault.seal(Sealed::Contact, account.as_str(), &document)?;
    let values = (
        t::key_version.eq(version),
        t::wrapped_key.eq(wrapped),
        t::sealed.eq(sealed),
        t::email_index.eq(email_index(vault, &contact.email)),
        t::npi_index.eq(npi_index(vault, contact)),
        t::updated_at.eq(at(now)),
    );
    if there {
        diesel::update(t::table.filter(t::account_id.eq(account.as_str()))).set(values).execute(conn)?;
    } else {
        diesel::insert_into(t::table).values((t::account_id.eq(account.as_str()), values)).execute(conn)?;
    }
    mark_licences(conn, vault, account, contact)
}

fn mark_licences(conn: &mut Conn, vault: &Vault, account: &AccountId, contact: &Contact) -> Result<(), StoreError> {
    diesel::delete(l::table.filter(l::account_id.eq(account.as_str()))).execute(conn)?;
    for licence in &contact.licences {
        let row = (l::mark.eq(licence_index(vault, licence)), l::account_id.eq(account.as_str()));
        diesel::insert_into(l::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Whether another account has this licence.
///
/// # Errors
/// Database errors only.
pub fn licence_is_taken(
    conn: &mut Conn,
    vault: &Vault,
    account: &AccountId,
    licence: &LicenceNumber,
) -> Result<bool, StoreError> {
    let of_others = l::mark.eq(licence_index(vault, licence)).and(l::account_id.ne(account.as_str()));
    let count: i64 = l::table.filter(of_others).count().get_result(conn)?;
    Ok(count > 0)
}

/// What an e-mail address is looked up by: a keyed hash, for rows that must not hold the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailMark(Vec<u8>);

impl EmailMark {
    /// Of an address.
    #[must_use]
    pub fn of(vault: &Vault, email: &EmailAddress) -> Self {
        Self(email_index(vault, email))
    }

    /// As text, in hexadecimal.
    #[must_use]
    pub fn word(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads what `word` wrote.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let digits: Vec<u8> =
            word.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
        let (pairs, rest) = digits.as_chunks::<2>();
        rest.is_empty().then(|| Self(pairs.iter().map(|[high, low]| high << 4 | low).collect()))
    }

    pub(crate) const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The mark of the address of an account.
///
/// # Errors
/// Database errors only; an account without a contact has none.
pub fn mark_of(conn: &mut Conn, account: &AccountId) -> Result<Option<EmailMark>, StoreError> {
    Ok(t::table
        .filter(t::account_id.eq(account.as_str()))
        .select(t::email_index)
        .first(conn)
        .optional()?
        .map(EmailMark))
}

/// The account that owns an e-mail address.
///
/// # Errors
/// Database errors only; an unknown address is `None`.
pub fn account_of(conn: &mut Conn, vault: &Vault, email: &EmailAddress) -> Result<Option<AccountId>, StoreError> {
    account_marked(conn, &EmailMark::of(vault, email))
}

/// The account whose e-mail address has this mark.
///
/// # Errors
/// Database errors only; an unknown one is `None`.
pub fn account_marked(conn: &mut Conn, mark: &EmailMark) -> Result<Option<AccountId>, StoreError> {
    let id: Option<String> =
        t::table.filter(t::email_index.eq(&mark.0)).select(t::account_id).first(conn).optional()?;
    id.map(|id| read(AccountId::parse(&id), "account id")).transpose()
}

/// True when an account has this NPI.
///
/// # Errors
/// Database errors only.
pub fn npi_is_taken(conn: &mut Conn, vault: &Vault, npi: &Npi) -> Result<bool, StoreError> {
    let count: i64 =
        t::table.filter(t::npi_index.eq(vault.blind_index("npi/v1", npi.reveal()))).count().get_result(conn)?;
    Ok(count > 0)
}

/// True when the account gave an NPI, whatever it is.
///
/// # Errors
/// Database errors only.
pub fn has_npi(conn: &mut Conn, account: &AccountId) -> Result<bool, StoreError> {
    let count: i64 =
        t::table.filter(t::account_id.eq(account.as_str()).and(t::npi_index.is_not_null())).count().get_result(conn)?;
    Ok(count > 0)
}

/// The owner's own contact.
///
/// # Errors
/// `NotFound`, or `Sealed` when the master key does not fit.
pub fn own(conn: &mut Conn, vault: &Vault, owner: &OwnContact) -> Result<Contact, StoreError> {
    open(conn, vault, &owner.0)
}

/// Consumes a grant and gives the chosen fields.
///
/// # Errors
/// `Sealed` when the master key does not fit.
pub fn disclose(vault: &Vault, grant: ContactGrant<'_>) -> Result<Disclosed, StoreError> {
    let contact = open(grant.conn, vault, &grant.account)?;
    let fields = grant.fields.iter().filter_map(|f| contact.field(*f).map(|v| (*f, v))).collect();
    Ok(Disclosed { introduction: grant.introduction, fields })
}

/// Consumes a witness and gives everything that was given, field and value, in the order of the fields.
///
/// # Errors
/// `Sealed` when the master key does not fit.
pub fn reveal(vault: &Vault, witness: AdminReveal<'_>) -> Result<Vec<(ContactField, String)>, StoreError> {
    let contact = open(witness.conn, vault, &witness.account)?;
    Ok(ContactField::ALL.iter().filter_map(|f| contact.field(*f).map(|v| (*f, v))).collect())
}

/// Consumes a delivery grant and gives the one address the mail goes to.
///
/// # Errors
/// `Sealed` when the master key does not fit; `NotFound` when the account has no such address any more.
pub fn address(vault: &Vault, grant: DeliveryGrant<'_>) -> Result<EmailAddress, StoreError> {
    let document = open_document(grant.conn, vault, &grant.account)?;
    let address = match grant.to {
        Recipient::OnFile => Some(document.email),
        Recipient::New => document.new_email,
        Recipient::Former => document.former_email,
    };
    EmailAddress::parse(&address.ok_or(StoreError::NotFound)?).ok_or(StoreError::Sealed)
}

/// Forgets the contact of an account that nobody signs in to any more.
///
/// # Errors
/// Database errors only.
pub fn erase(conn: &mut Conn, account: &AccountId) -> Result<(), StoreError> {
    diesel::delete(t::table.filter(t::account_id.eq(account.as_str()))).execute(conn)?;
    Ok(())
}

/// The names of the people who act for a company, for the review page a member reads before saying yes.
///
/// # Errors
/// Database errors only.
pub fn seat_names(conn: &mut Conn, vault: &Vault, accounts: &[AccountId]) -> Result<Vec<String>, StoreError> {
    accounts.iter().map(|a| open(conn, vault, a).map(|c| c.name.reveal().to_owned())).collect()
}

fn email_index(vault: &Vault, email: &EmailAddress) -> Vec<u8> {
    // By mailbox, so that another spelling of it is the same person's.
    vault.blind_index("email/v1", &email.mailbox())
}

fn npi_index(vault: &Vault, contact: &Contact) -> Option<Vec<u8>> {
    contact.npi.as_ref().map(|n| vault.blind_index("npi/v1", n.reveal()))
}

fn licence_index(vault: &Vault, licence: &LicenceNumber) -> Vec<u8> {
    vault.blind_index("licence/v1", licence.reveal())
}

fn open(conn: &mut Conn, vault: &Vault, account: &AccountId) -> Result<Contact, StoreError> {
    open_document(conn, vault, account)?.contact().ok_or(StoreError::Sealed)
}

fn open_document(conn: &mut Conn, vault: &Vault, account: &AccountId) -> Result<Document, StoreError> {
    let (version, wrapped, sealed): (i32, Vec<u8>, Vec<u8>) = t::table
        .filter(t::account_id.eq(account.as_str()))
        .select((t::key_version, t::wrapped_key, t::sealed))
        .first(conn)?;
    let document = vault.unseal(Sealed::Contact, account.as_str(), version, &wrapped, &sealed)?;
    serde_json::from_slice(&document).map_err(|_| StoreError::Sealed)
}
