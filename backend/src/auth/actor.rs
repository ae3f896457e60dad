//! From a request to the person behind it, read from the database each time.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use domain::AccountId;
use domain::access::{Actor, Freshness, needs_second_factor};
use domain::standing::{Role, SeatRole};
use store::accounts::Session;
use store::companies::{Company, Seat};
use store::members::Member;
use store::{Conn, StoreError};

use super::COOKIE;
use crate::app::App;
use crate::error::AppError;

/// A physician who is signed in.
#[derive(Debug, Clone)]
pub struct SignedMember {
    /// Session.
    pub session: Session,
    /// Member as the row stands now.
    pub member: Member,
    /// How lately signed in.
    pub fresh: Freshness,
}

/// A person acting for a company, signed in.
#[derive(Debug, Clone)]
pub struct SignedSeat {
    /// Session.
    pub session: Session,
    /// Seat.
    pub seat: Seat,
    /// Company as the row stands now.
    pub company: Company,
    /// How lately signed in.
    pub fresh: Freshness,
}

/// A community admin, signed in.
#[derive(Debug, Clone)]
pub struct SignedAdmin {
    /// Session.
    pub session: Session,
    /// May look at contacts, as the operator has decided.
    pub sees_contacts: bool,
    /// How lately signed in.
    pub fresh: Freshness,
}

impl SignedAdmin {
    /// Account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.session.account.id
    }
}

/// Somebody who must set up a second factor first, and until then has no role.
#[derive(Debug, Clone)]
pub struct SignedEnrolling {
    /// Session.
    pub session: Session,
    /// How lately signed in.
    pub fresh: Freshness,
}

/// Nobody.
#[derive(Debug, Clone, Copy)]
pub struct Visitor;

/// Whoever asks.
#[derive(Debug, Clone)]
pub enum SignedIn {
    /// Nobody.
    Visitor,
    /// A physician.
    Member(Box<SignedMember>),
    /// A company's person.
    Seat(Box<SignedSeat>),
    /// An admin.
    Admin(Box<SignedAdmin>),
    /// An admin or an owner without the second factor that the instance asks for.
    Enrolling(Box<SignedEnrolling>),
}

impl SignedIn {
    /// As the access rules see it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Visitor => Actor::Visitor,
            Self::Member(m) => {
                Actor::Member { member: m.member.id.clone(), standing: m.member.standing, fresh: m.fresh }
            }
            Self::Seat(s) => Actor::Seat {
                seat: s.seat.id.clone(),
                company: s.company.id.clone(),
                role: s.seat.role,
                standing: s.company.standing,
                fresh: s.fresh,
            },
            Self::Admin(a) => {
                Actor::Admin { account: a.account().clone(), sees_contacts: a.sees_contacts, fresh: a.fresh }
            }
            Self::Enrolling(e) => Actor::Enrolling { fresh: e.fresh },
        }
    }

    /// The session, when there is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Visitor => None,
            Self::Member(m) => Some(&m.session),
            Self::Seat(s) => Some(&s.session),
            Self::Admin(a) => Some(&a.session),
            Self::Enrolling(e) => Some(&e.session),
        }
    }
}

/// What a request shows of who it is.
enum Shown {
    Nothing,
    Bearer(String),
    Cookie(String),
}

/// The token of `Authorization: Bearer`.
#[must_use]
pub fn bearer(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok())?;
    value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")).map(str::trim)
}

fn shown(req: &HttpRequest) -> Shown {
    match (bearer(req), req.cookie(COOKIE)) {
        (Some(token), _) => Shown::Bearer(token.to_owned()),
        (None, Some(cookie)) => Shown::Cookie(cookie.value().to_owned()),
        (None, None) => Shown::Nothing,
    }
}

/// Finds who is asking. A wrong or run-out credential counts as nobody.
///
/// # Errors
/// Database errors only.
pub async fn actor_of(req: &HttpRequest, app: &App) -> Result<SignedIn, AppError> {
    let credential = shown(req);
    if matches!(credential, Shown::Nothing) {
        return Ok(SignedIn::Visitor);
    }
    app.read(move |conn, app| {
        let now = app.now();
        let session = match credential {
            Shown::Nothing => return Ok(SignedIn::Visitor),
            Shown::Bearer(token) => match app.tokens.session(&token, now) {
                Some(id) => store::accounts::session_by_id(conn, &id, now),
                None => return Ok(SignedIn::Visitor),
            },
            Shown::Cookie(token) => store::accounts::session_by_token(conn, &token, now),
        };
        match session {
            Ok(session) => whose(conn, app, session),
            Err(StoreError::NotFound) => Ok(SignedIn::Visitor),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// The person as their role has them; without the second factor that their role needs, nobody but themselves.
fn whose(conn: &mut Conn, app: &App, session: Session) -> Result<SignedIn, AppError> {
    let fresh = Freshness::at(session.signed_in_at, app.now());
    let (signed, seat) = by_role(conn, session.clone(), fresh)?;
    if must_enrol(conn, app, &session, seat)? {
        return Ok(SignedIn::Enrolling(Box::new(SignedEnrolling { session, fresh })));
    }
    Ok(signed)
}

fn by_role(conn: &mut Conn, session: Session, fresh: Freshness) -> Result<(SignedIn, Option<SeatRole>), AppError> {
    Ok(match session.account.role {
        Role::Member => {
            let member = store::members::by_account(conn, &session.account.id)?;
            (SignedIn::Member(Box::new(SignedMember { session, member, fresh })), None)
        }
        Role::Company => {
            let seat = store::companies::seat_by_account(conn, &session.account.id)?;
            let company = store::companies::find(conn, &seat.company)?;
            let role = seat.role;
            (SignedIn::Seat(Box::new(SignedSeat { session, seat, company, fresh })), Some(role))
        }
        Role::Admin => {
            let sees_contacts = store::admins::sees_contacts(conn, &session.account.id)?;
            (SignedIn::Admin(Box::new(SignedAdmin { session, sees_contacts, fresh })), None)
        }
    })
}

fn must_enrol(conn: &mut Conn, app: &App, session: &Session, seat: Option<SeatRole>) -> Result<bool, AppError> {
    let needed = app.config.require_totp && needs_second_factor(session.account.role, seat);
    Ok(needed && store::second_factors::enrolled_at(conn, &session.account.id)?.is_none())
}
