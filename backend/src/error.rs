//! Errors as people and programs see them: one closed list of codes.

use actix_web::http::StatusCode;
use domain::access::Denial;
use domain::errors::Errors;
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
    #[error("Sign in again to do this.")]
    FreshSignIn,
    /// The request comes from another site.
    #[error("This request came from another site and was not carried out.")]
    CrossSite,
    /// It does not fit the state of things.
    #[error("{0}")]
    Conflict(&'static str),
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
    /// Too many tries.
    #[error("Too many tries; wait a while and try again.")]
    TooMany,
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
            Self::CrossSite => "cross_site",
            Self::Conflict(_) => "conflict",
            Self::Gone(_) => "gone",
            Self::Invalid(_) => "invalid",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::MediaType => "unsupported_media_type",
            Self::Method => "method_not_allowed",
            Self::TooMany => "too_many_requests",
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
            Self::Forbidden(_) | Self::FreshSignIn | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany | Self::ReachSpent(_) | Self::ReachLocked => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
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
