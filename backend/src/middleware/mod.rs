//! What happens to every request: id and log line, headers, cross-site check, and answers for errors.

mod answer_errors;
mod cross_site;
mod headers;
mod observe;

pub use answer_errors::answer_errors;
pub use cross_site::cross_site;
pub use headers::headers;
pub use observe::{RequestId, observe};
