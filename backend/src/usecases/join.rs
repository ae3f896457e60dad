//! A physician joins, with an NPI or an invitation code; an admin approves later.

use domain::contact::{Contact, EmailAddress, Npi, PersonName};
use domain::errors::Errors;
use domain::limits::Act;
use domain::standing::{MemberStanding, Role};
use domain::{AccountId, MemberId};
use serde::Deserialize;
use store::Conn;
use store::members::NewMember;

use super::sign_in::mail_link_later;
use crate::app::App;
use crate::client::Client;
use crate::errand;
use crate::error::AppError;
use crate::random;

/// Where most members live; each can set their own.
const TIME_ZONE: &str = "America/Los_Angeles";

/// What a physician gives to join.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JoinInput {
    /// Name and degree.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// NPI; needed without an invitation.
    pub npi: Option<String>,
    /// Invitation code; needed without an NPI.
    pub invite_code: Option<String>,
}

struct Joining {
    name: PersonName,
    email: EmailAddress,
    npi: Option<Npi>,
    code: Option<String>,
}

/// Takes a physician in as `pending` and mails a sign-in link. An address or NPI that is already known gets the
/// same answer, so that nobody learns who is a member; the known address gets a sign-in link. Either way everything is
/// written first, and what turns out to be known is taken back, so that the time it takes tells nothing either.
///
/// # Errors
/// `Invalid` with every wrong field; `TooMany`.
pub fn join(conn: &mut Conn, app: &App, client: Client, input: &JoinInput) -> Result<(), AppError> {
    let now = app.now();
    errand::take_from(conn, app, Act::Join, client)?;
    let joining = parse(conn, app, input)?;
    let (account, member) = (random::id(AccountId::from_uuid), random::id(MemberId::from_uuid));
    let new = NewMember {
        id: &member,
        account: &account,
        standing: MemberStanding::Pending,
        joined_by: if joining.code.is_some() { "invitation" } else { "npi" },
        time_zone: TIME_ZONE,
    };
    let contact = Contact {
        name: joining.name,
        email: joining.email,
        phone: None,
        npi: joining.npi,
        cv: None,
        licences: Vec::new(),
    };
    let joined = store::unless_taken(conn, |conn| {
        store::accounts::create(conn, &account, Role::Member, now)?;
        store::members::create(conn, &new, now)?;
        store::contacts::put(conn, &app.vault, &account, &contact, now)
    })?;
    if let (Some(()), Some(code)) = (joined, &joining.code)
        && !store::invitations::redeem(conn, code, &member, now)?
    {
        return Err(bad_code());
    }
    mail_link_later(conn, app, &contact.email, None)
}

fn parse(conn: &mut Conn, app: &App, input: &JoinInput) -> Result<Joining, AppError> {
    let mut e = Errors::default();
    let filled = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let (npi_text, code) = (filled(&input.npi), filled(&input.invite_code));
    let name = PersonName::parse(&input.name);
    if name.is_none() {
        e.add("name", "required", "Give your name as it should be shared, for example Ana Rivera, MD.");
    }
    let email = EmailAddress::parse(&input.email);
    if email.is_none() {
        e.add("email", "malformed", "Give an e-mail address, for example name@example.org.");
    }
    let npi = npi_text.as_deref().and_then(Npi::parse);
    if npi_text.is_some() && npi.is_none() {
        e.add("npi", "malformed", "Check your NPI: it has ten digits, and its last digit does not fit the others.");
    }
    if npi_text.is_none() && code.is_none() {
        e.add("npi", "required", "Give your NPI, or an invitation code.");
    }
    if let Some(code) = &code
        && !store::invitations::is_live(conn, code, app.now())?
    {
        e.add("invite_code", "unknown", "This invitation code is unknown, used or out of date.");
    }
    match (name, email) {
        (Some(name), Some(email)) if e.is_empty() => Ok(Joining { name, email, npi, code }),
        _ => Err(e.into()),
    }
}

fn bad_code() -> AppError {
    AppError::field("invite_code", "unknown", "This invitation code is unknown, used or out of date.")
}
