//! What happens to every request: id and log line, headers, the guard against floods, answers for errors, the
//! cross-site check, and what the request brings along to its transactions.

mod answer_errors;
mod cross_site;
mod errands;
mod headers;
mod hold_back;
mod idempotency;
mod observe;

pub use answer_errors::answer_errors;
pub use cross_site::cross_site;
pub use errands::errands;
pub use headers::headers;
pub use hold_back::hold_back;
pub use observe::{RequestId, observe};
