//! A member keeps their contact up to date.

use domain::access::Freshness;
use domain::contact::{Contact, CvLink, EmailAddress, LicenceNumber, Npi, PersonName, Phone};
use domain::errors::Errors;
use serde::Deserialize;
use store::contacts::OwnContact;
use store::members::Member;
use store::{Conn, StoreError};

use super::change_email::{propose_email, withdraw_email};
use crate::app::App;
use crate::error::AppError;

/// What can be changed. A new e-mail address must first say that it is theirs; until then the old one stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactInput {
    /// Name and degree.
    pub name: String,
    /// The address on file, a new one, or nothing.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// NPI.
    pub npi: Option<String>,
    /// Link to a CV.
    pub cv: Option<String>,
    /// Licences, each a state and a number.
    pub licences: Vec<String>,
}

/// Licences a member can have.
const LICENCES_AT_MOST: usize = 60;

/// Replaces name, phone, NPI, CV and licence numbers, and asks a new address whether it is theirs, for which the sign-in must be fresh.
///
/// # Errors
/// `Invalid` with every wrong field; `FreshSignIn`.
pub fn save_contact(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    fresh: Freshness,
    input: &ContactInput,
) -> Result<Contact, AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    let before = store::contacts::own(conn, &app.vault, &owner)?;
    let mut e = Errors::default();
    let name = PersonName::parse(&input.name);
    if name.is_none() {
        e.add("name", "required", "Give your name as it should be shared, for example Ana Rivera, MD.");
    }
    let email = optional(
        &mut e,
        "email",
        input.email.as_deref(),
        EmailAddress::parse,
        "Give an e-mail address, for example name@example.org.",
    );
    let phone = optional(&mut e, "phone", input.phone.as_deref(), Phone::parse, "Give a US number with ten digits.");
    let npi = optional(
        &mut e,
        "npi",
        input.npi.as_deref(),
        Npi::parse,
        "Check the ten digits; the last one does not fit the others.",
    );
    let cv = optional(&mut e, "cv", input.cv.as_deref(), CvLink::parse, "Give a link that begins with https://.");
    let licences = licences(conn, app, member, &mut e, &input.licences)?;
    let Some(name) = name.filter(|_| e.is_empty()) else { return Err(e.into()) };
    match email {
        Some(new) if new != before.email => propose_email(conn, app, member, fresh, &new)?,
        // The old one again: it was not meant.
        Some(_) => withdraw_email(conn, app, member)?,
        None => {}
    }
    let contact = Contact { name, email: before.email, phone, npi, cv, licences };
    match store::contacts::put(conn, &app.vault, &member.account, &contact, app.now()) {
        Ok(()) => Ok(contact),
        Err(StoreError::Taken) => {
            Err(AppError::field("npi", "conflict", "This NPI cannot be used; write to the community team."))
        }
        Err(error) => Err(error.into()),
    }
}

/// The numbers once each. One that another member has is refused without a word on whose it is.
fn licences(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    e: &mut Errors,
    typed: &[String],
) -> Result<Vec<LicenceNumber>, AppError> {
    let mut found: Vec<LicenceNumber> = Vec::new();
    for text in typed.iter().filter(|text| !text.trim().is_empty()) {
        match LicenceNumber::parse(text) {
            None => {
                e.add("licences", "malformed", "Give each licence as a state and a number, for example CA A12345.");
                return Ok(found);
            }
            Some(licence) if found.contains(&licence) => {}
            Some(licence) if store::contacts::licence_is_taken(conn, &app.vault, &member.account, &licence)? => {
                e.add("licences", "conflict", "One of these numbers cannot be used; write to the community team.");
                return Ok(found);
            }
            Some(licence) => found.push(licence),
        }
    }
    if found.len() > LICENCES_AT_MOST {
        e.add("licences", "out_of_range", "Give at most 60 licences.");
    }
    Ok(found)
}

fn optional<T>(
    e: &mut Errors,
    field: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    hint: &str,
) -> Option<T> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let value = parse(text);
    if value.is_none() {
        e.add(field, "malformed", hint);
    }
    value
}
