//! The guard: a handler that takes `Guarded<P>` runs only for someone whom the access rules allow `P`.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use domain::access::{Action, Resource, decide};

use super::actor::{SignedAdmin, SignedIn, SignedMember, SignedSeat, actor_of};
use crate::app::App;
use crate::error::AppError;

/// A permission as a type.
pub trait Permit: 'static {
    /// The action of the access rules; `None` for "anyone signed in".
    const ACTION: Option<Action>;
    /// What the handler gets.
    type Who: 'static;
    /// Takes the right kind of person out.
    fn who(signed: SignedIn) -> Option<Self::Who>;
}

macro_rules! permits {
    ($($(#[$meta:meta])* $name:ident => $variant:ident($who:ty)),+ $(,)?) => { $(
        $(#[$meta])*
        pub struct $name;
        impl Permit for $name {
            const ACTION: Option<Action> = Some(Action::$name);
            type Who = $who;
            fn who(signed: SignedIn) -> Option<$who> {
                if let SignedIn::$variant(who) = signed { Some(*who) } else { None }
            }
        }
    )+ };
}

permits! {
    /// A member's own things.
    OwnMembership => Member(SignedMember),
    /// Say yes: contact leaves.
    ShareContact => Member(SignedMember),
    /// Take a yes back.
    TakeBack => Member(SignedMember),
    /// A company's own pages.
    SeeCompany => Seat(SignedSeat),
    /// Write and move openings.
    ManageOpenings => Seat(SignedSeat),
    /// See introductions with contact.
    SeeContact => Seat(SignedSeat),
    /// Change the company.
    ManageCompany => Seat(SignedSeat),
    /// Let people and programs act for the company.
    ManageAccess => Seat(SignedSeat),
    /// Moderate.
    Moderate => Admin(SignedAdmin),
    /// Suspend or ban.
    ShutOut => Admin(SignedAdmin),
    /// Look at a physician's contact.
    LookAtContact => Admin(SignedAdmin),
}

/// Set up, renew or take off one's own second factor, whatever the role.
pub struct ChangeSecondFactor;

impl Permit for ChangeSecondFactor {
    const ACTION: Option<Action> = Some(Action::ChangeSecondFactor);
    type Who = SignedIn;
    fn who(signed: SignedIn) -> Option<SignedIn> {
        signed.session().is_some().then_some(signed)
    }
}

/// Anyone signed in, whatever the role.
pub struct AnySignedIn;

impl Permit for AnySignedIn {
    const ACTION: Option<Action> = None;
    type Who = SignedIn;
    fn who(signed: SignedIn) -> Option<SignedIn> {
        signed.session().is_some().then_some(signed)
    }
}

/// Someone who was allowed `P`.
pub struct Guarded<P: Permit>(P::Who);

impl<P: Permit> Guarded<P> {
    /// Gives the person out.
    pub fn into_inner(self) -> P::Who {
        self.0
    }
}

impl<P: Permit> Deref for Guarded<P> {
    type Target = P::Who;

    fn deref(&self) -> &P::Who {
        &self.0
    }
}

async fn admit<P: Permit>(req: HttpRequest) -> Result<Guarded<P>, AppError> {
    let signed = signed_in(&req).await?;
    match P::ACTION {
        Some(action) => decide(&signed.actor(), action, &Resource::Site)?,
        None if signed.session().is_none() => return Err(AppError::SignIn),
        None => {}
    }
    P::who(signed).map(Guarded).ok_or(AppError::Forbidden("Your role does not allow this."))
}

/// Who is asking, looked up once for each request.
async fn signed_in(req: &HttpRequest) -> Result<SignedIn, AppError> {
    if let Some(known) = req.extensions().get::<SignedIn>() {
        return Ok(known.clone());
    }
    let app = req.app_data::<Data<App>>().ok_or_else(|| AppError::internal("the application is not set"))?;
    let signed = actor_of(req, app).await?;
    req.extensions_mut().insert(signed.clone());
    Ok(signed)
}

impl<P: Permit> FromRequest for Guarded<P> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(admit(req.clone()))
    }
}

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { signed_in(&req).await })
    }
}
