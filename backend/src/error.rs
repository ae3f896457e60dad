//! Errors as people and programs see them: one closed list of codes.

use actix_web::http::StatusCode;
use domain::access::Denial;
use domain::errors::Errors;
use domain::spotted::{Spotted, in_words};
use store::StoreError;

/// What a request can end in besides success.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in.
    #[error("Sign in first.")]
    SignIn,
    /// Not there, or not the caller's: the two cannot be told apart.
    #[error("There is nothing here.")]
    NotFound,
    /// The caller's role or standing does not allow it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The sign-in is too old for this.
    #[error("This needs a fresh proof that it is you. Nothing was done.")]
    FreshSignIn,
    /// The account needs a second factor before anything else.
    #[error("Set up your second step first; until then this account can do nothing else.")]
    Enrol,
    /// The request comes from another site.
    #[error("This request came from another site and was not carried out.")]
    CrossSite,
    /// It does not fit the state of things.
    #[error("{0}")]
    Conflict(&'static str),
    /// A text seems to hold contact, and no admin has let it pass on purpose.
    #[error("The text seems to hold {}. Nothing was approved: return it, or say on purpose and with a reason that it may pass.", in_words(.0))]
    ContactInText(Vec<Spotted>),
    /// It was here and is over.
    #[error("{0}")]
    Gone(&'static str),
    /// Fields are wrong.
    #[error("Some fields need another look.")]
    Invalid(Errors),
    /// The body is not what it says it is.
    #[error("{0}")]
    Malformed(&'static str),
    /// The body is too large.
    #[error("The request is too large.")]
    TooLarge,
    /// The body has a type this route does not take.
    #[error("Send JSON with Content-Type application/json.")]
    MediaType,
    /// The method is not for this address.
    #[error("This address does not take that method.")]
    Method,
    /// Done as often as the limits allow; it is taken again after so many seconds.
    #[error("That was done as often as it may be for now. Try again in {}.", waiting(*.0))]
    TooMany(u64),
    /// A request with the same Idempotency-Key is being carried out.
    #[error("A request with this Idempotency-Key is being carried out; send it again in a moment.")]
    InProgress,
    /// The Idempotency-Key came with another request before.
    #[error("This Idempotency-Key came with another request before; use a new one.")]
    KeyReused,
    /// The request was carried out before, and its answer was not kept.
    #[error("This request was carried out before. Its answer is not kept; look at what it made instead.")]
    AlreadyDone,
    /// As many areas were looked at as one snapshot of the reach bands allows.
    #[error("Your company has looked at as many areas as one month allows. More can be looked at from {}.", .0.format("%Y-%m-%dT%H:%M:%SZ"))]
    ReachSpent(chrono::DateTime<chrono::Utc>),
    /// The company asked for too many more of them.
    #[error("Your company asked for many more areas than a month allows. An admin has to open this again.")]
    ReachLocked,
    /// Something needed is busy or out of reach.
    #[error("The service is busy; try again in a moment.")]
    Busy,
    /// Our fault. The cause goes to the log once, with the request id.
    #[error("Something went wrong on our side.")]
    Internal(String),
}

impl AppError {
    /// An internal error from anything that explains itself without personal data.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// A single wrong field.
    #[must_use]
    pub fn field(field: &str, code: &'static str, message: &str) -> Self {
        Self::Invalid(Errors::one(field, code, message))
    }

    /// The stable code of the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in_required",
            Self::NotFound => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::FreshSignIn => "fresh_sign_in_required",
            Self::Enrol => "totp_enrolment_required",
            Self::CrossSite => "cross_site",
            Self::Conflict(_) => "conflict",
            Self::ContactInText(_) => "contact_in_text",
            Self::Gone(_) => "gone",
            Self::Invalid(_) => "invalid",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::MediaType => "unsupported_media_type",
            Self::Method => "method_not_allowed",
            Self::TooMany(_) => "too_many_requests",
            Self::InProgress => "request_in_progress",
            Self::KeyReused => "idempotency_key_reused",
            Self::AlreadyDone => "request_already_done",
            Self::ReachSpent(_) => "reach_budget_spent",
            Self::ReachLocked => "reach_locked",
            Self::Busy => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::FreshSignIn | Self::Enrol | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Conflict(_) | Self::ContactInText(_) | Self::InProgress | Self::AlreadyDone => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::Invalid(_) | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany(_) | Self::ReachSpent(_) | Self::ReachLocked => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The value of `Retry-After`, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<String> {
        match self {
            Self::Busy => Some("5".to_owned()),
            Self::InProgress => Some("1".to_owned()),
            Self::TooMany(seconds) => Some(seconds.to_string()),
            Self::ReachSpent(until) => Some(until.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            _ => None,
        }
    }
}

/// A time to wait as people say it, rounded up.
fn waiting(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3600), "hour"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl From<search_index::SearchError> for AppError {
    fn from(error: search_index::SearchError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Busy => Self::Busy,
            StoreError::Taken => Self::Conflict("Someone was faster; look again and repeat."),
            // The database's own text may quote values of a row; its kind is enough to look for it.
            StoreError::Database(e) => Self::Internal(format!("database: {}", kind_of(&e))),
            other => Self::internal(other),
        }
    }
}

fn kind_of(error: &store::DatabaseError) -> String {
    match error {
        store::DatabaseError::DatabaseError(kind, info) => {
            format!("{kind:?} in {}", info.table_name().unwrap_or("an unnamed table"))
        }
        store::DatabaseError::DeserializationError(_) => "a column cannot be read".to_owned(),
        store::DatabaseError::QueryBuilderError(_) => "a query cannot be built".to_owned(),
        _ => "other".to_owned(),
    }
}

impl store::MayBeBusy for AppError {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

impl From<Errors> for AppError {
    fn from(errors: Errors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<Denial> for AppError {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::SignIn => Self::SignIn,
            Denial::NotFound => Self::NotFound,
            Denial::Role => Self::Forbidden("Your role does not allow this."),
            Denial::Standing => Self::Forbidden("Your account is not active for this; see your account page."),
            Denial::Fresh => Self::FreshSignIn,
            Denial::Enrol => Self::Enrol,
            Denial::Contacts => Self::Forbidden("The operator of this site took your sight of contacts away."),
        }
    }
}

impl actix_web::ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    // The body is written by the middleware `error_answer`, which knows the request.
    fn error_response(&self) -> actix_web::HttpResponse {
        actix_web::HttpResponse::new(self.status())
    }
}
