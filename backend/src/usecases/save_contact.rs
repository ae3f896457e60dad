//! A member keeps their contact up to date.

use domain::contact::{Contact, CvLink, Npi, PersonName, Phone};
use domain::errors::Errors;
use serde::Deserialize;
use store::contacts::OwnContact;
use store::members::Member;
use store::{Conn, StoreError};

use crate::app::App;
use crate::error::AppError;

/// What can be changed. The e-mail address may be sent back as it is, but not changed here: a new one must first
/// prove itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactInput {
    /// Name and degree.
    pub name: String,
    /// The address on file, or nothing.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// NPI.
    pub npi: Option<String>,
    /// Link to a CV.
    pub cv: Option<String>,
}

/// Replaces name, phone, NPI and CV.
///
/// # Errors
/// `Invalid` with every wrong field.
pub fn save_contact(conn: &mut Conn, app: &App, member: &Member, input: &ContactInput) -> Result<Contact, AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    let before = store::contacts::own(conn, &app.vault, &owner)?;
    let mut e = Errors::default();
    let name = PersonName::parse(&input.name);
    if name.is_none() {
        e.add("name", "required", "Give your name as it should be shared, for example Ana Rivera, MD.");
    }
    if let Some(email) = input.email.as_deref().filter(|t| !t.trim().is_empty())
        && domain::contact::EmailAddress::parse(email).as_ref() != Some(&before.email)
    {
        e.add("email", "conflict", "The e-mail address cannot be changed here yet; write to the community team.");
    }
    let phone = optional(&mut e, "phone", input.phone.as_deref(), Phone::parse, "Give a US number with ten digits.");
    let npi = optional(
        &mut e,
        "npi",
        input.npi.as_deref(),
        Npi::parse,
        "Check the ten digits; the last one does not fit the others.",
    );
    let cv = optional(&mut e, "cv", input.cv.as_deref(), CvLink::parse, "Give a link that begins with https://.");
    let Some(name) = name.filter(|_| e.is_empty()) else { return Err(e.into()) };
    let contact = Contact { name, email: before.email, phone, npi, cv };
    match store::contacts::put(conn, &app.vault, &member.account, &contact, app.now()) {
        Ok(()) => Ok(contact),
        Err(StoreError::Taken) => {
            Err(AppError::field("npi", "conflict", "This NPI cannot be used; write to the community team."))
        }
        Err(error) => Err(error.into()),
    }
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
