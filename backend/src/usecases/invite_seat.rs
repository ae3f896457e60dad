//! An owner invites somebody to act for the company. The seat is made when that person first signs in.

use chrono::{DateTime, Duration, Utc};
use domain::contact::{Contact, EmailAddress, PersonName};
use domain::errors::Errors;
use domain::limits;
use domain::standing::{CompanyStanding, Role, SeatRole};
use domain::{AccountId, SeatId, SeatInvitationId, TextId};
use serde::Deserialize;
use store::Conn;
use store::audit::Act;
use store::seat_invitations::NewSeatInvitation;

use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;
use crate::{errand, mail, random};

/// Life of an invitation.
const LIFE: Duration = Duration::days(7);
/// People of one company, those who are invited counted as well.
const SEATS_AT_MOST: usize = 100;

/// Whom an owner invites.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeatInput {
    /// Name, as members read it before they say yes.
    pub name: String,
    /// Address.
    pub email: String,
    /// `owner`, `recruiter` or `viewer`.
    pub role: String,
}

/// Invites somebody. What the owner sees is the same whether the address is free or taken, so that nobody finds members
/// by inviting them; a free one gets a mail that says where to sign in.
///
/// # Errors
/// `Invalid` with every wrong field; `Conflict` before the company is approved and when it is full; `TooMany`.
pub fn invite_seat(
    conn: &mut Conn,
    app: &App,
    owner: &SignedSeat,
    input: &SeatInput,
) -> Result<SeatInvitationId, AppError> {
    let now = app.now();
    let mut e = Errors::default();
    let name = PersonName::parse(&input.name);
    if name.is_none() {
        e.add("name", "required", "Give the name of the person; members read it before they say yes.");
    }
    let email = EmailAddress::parse(&input.email);
    if email.is_none() {
        e.add("email", "malformed", "Give an e-mail address, for example name@company.example.");
    }
    let role = SeatRole::parse(&input.role);
    if role.is_none() {
        e.add("role", "unknown", "Choose owner, recruiter or viewer.");
    }
    let (Some(name), Some(email), Some(role)) = (name, email, role) else { return Err(e.into()) };
    let company = &owner.company;
    if company.standing != CompanyStanding::Approved {
        return Err(AppError::Conflict("People can be invited once the company is approved. Nobody was invited."));
    }
    let invited = store::seat_invitations::of_company(conn, &app.vault, &company.id, now)?.len();
    if store::companies::seats(conn, &company.id)?.len() + invited >= SEATS_AT_MOST {
        return Err(AppError::Conflict("A company has 100 seats at most. End one that is not needed first."));
    }
    errand::take(conn, app, limits::Act::InviteSeat, company.id.as_str())?;
    let id = random::id(SeatInvitationId::from_uuid);
    let account = random::id(AccountId::from_uuid);
    let text = random::id(TextId::from_uuid);
    let called = name.clone();
    let contact = Contact { name, email, phone: None, npi: None, cv: None, licences: Vec::new() };
    let made = store::unless_taken(conn, |conn| {
        store::accounts::create(conn, &account, Role::Company, now)?;
        store::contacts::put(conn, &app.vault, &account, &contact, now)
    })?;
    let new = NewSeatInvitation {
        id: &id,
        account: made.map(|()| &account),
        company: &company.id,
        role,
        name: (&text, called.reveal()),
        by: &owner.session.account.id,
        expires_at: now + LIFE,
    };
    store::seat_invitations::add(conn, &app.vault, &new, now)?;
    if made.is_some() {
        mail::queue::seat_invited(conn, app, &account)?;
    }
    record(conn, owner, "seat.invite", &id, now)?;
    Ok(id)
}

/// Takes an invitation back; what was made for it goes, and the address is free again.
///
/// # Errors
/// `NotFound` when it is not an invitation of the company that still stands.
pub fn withdraw_seat(conn: &mut Conn, app: &App, owner: &SignedSeat, id: &SeatInvitationId) -> Result<(), AppError> {
    if !store::seat_invitations::withdraw(conn, &owner.company.id, id)? {
        return Err(AppError::NotFound);
    }
    record(conn, owner, "seat.withdraw", id, app.now())
}

/// Makes the seat of whoever signs in for the first time after an invitation.
///
/// # Errors
/// `NotFound` when the invitation has run out: the link does nothing.
pub(super) fn accept_seat(conn: &mut Conn, account: &AccountId, now: DateTime<Utc>) -> Result<(), AppError> {
    let seat = random::id(SeatId::from_uuid);
    if store::seat_invitations::accept(conn, account, seat.clone(), now)? {
        let act = Act {
            actor: Some(account),
            role: "company",
            action: "seat.accept",
            object: "seat",
            id: seat.as_str(),
            detail: None,
        };
        store::audit::record(conn, &act, now)?;
    }
    Ok(())
}

fn record(
    conn: &mut Conn,
    owner: &SignedSeat,
    action: &str,
    id: &SeatInvitationId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let act = Act {
        actor: Some(&owner.session.account.id),
        role: "company",
        action,
        object: "seat_invitation",
        id: id.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, now)?)
}
