//! Who is asking: sessions, access tokens, and the guard that names a permission in a handler's signature.

mod actor;
mod guard;
mod jwk;
mod routes;
mod tokens;

pub use actor::{SignedAdmin, SignedEnrolling, SignedIn, SignedMember, SignedSeat, Visitor, actor_of, bearer};
pub use guard::{
    AnySignedIn, ChangeSecondFactor, Guarded, LookAtContact, ManageAccess, ManageCompany, ManageOpenings, Moderate,
    OwnMembership, Permit, SeeCompany, SeeContact, ShareContact, ShutOut, TakeBack,
};
pub use jwk::{Jwk, Jwks, SigningKey};
pub use routes::{Allowed, Listed, Routes, Rule, Says};
pub use tokens::AccessTokens;

use chrono::Duration;

/// Name of the session cookie.
pub const COOKIE: &str = "rosterline_session";
/// Life of a session.
pub const SESSION_LIFE: Duration = Duration::days(30);
/// Life of an access token.
pub const ACCESS_LIFE: Duration = Duration::minutes(5);
