//! From a request to the person behind it, read from the database each time.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use domain::AccountId;
use domain::access::Actor;
use domain::standing::Role;
use store::accounts::Session;
use store::companies::{Company, Seat};
use store::members::Member;
use store::{Conn, StoreError};

use super::{COOKIE, FRESH};
use crate::app::App;
use crate::error::AppError;

/// A physician who is signed in.
#[derive(Debug, Clone)]
pub struct SignedMember {
    /// Session.
    pub session: Session,
    /// Member as the row stands now.
    pub member: Member,
    /// Signed in lately enough to share contact.
    pub fresh: bool,
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
}

/// A community admin, signed in.
#[derive(Debug, Clone)]
pub struct SignedAdmin {
    /// Session.
    pub session: Session,
}

impl SignedAdmin {
    /// Account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.session.account.id
    }
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
            },
            Self::Admin(a) => Actor::Admin { account: a.account().clone() },
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
        }
    }
}

/// What a request shows of who it is.
enum Shown {
    Nothing,
    Bearer(String),
    Cookie(String),
}

fn shown(req: &HttpRequest) -> Shown {
    let bearer = req
        .headers()
        .get(AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    match (bearer, req.cookie(COOKIE)) {
        (Some(token), _) => Shown::Bearer(token.trim().to_owned()),
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

fn whose(conn: &mut Conn, app: &App, session: Session) -> Result<SignedIn, AppError> {
    Ok(match session.account.role {
        Role::Member => {
            let member = store::members::by_account(conn, &session.account.id)?;
            let fresh = app.now() < session.signed_in_at + FRESH;
            SignedIn::Member(Box::new(SignedMember { session, member, fresh }))
        }
        Role::Company => {
            let seat = store::companies::seat_by_account(conn, &session.account.id)?;
            let company = store::companies::find(conn, &seat.company)?;
            SignedIn::Seat(Box::new(SignedSeat { session, seat, company }))
        }
        Role::Admin => SignedIn::Admin(Box::new(SignedAdmin { session })),
    })
}
