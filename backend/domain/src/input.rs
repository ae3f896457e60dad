//! What comes from outside: raw shapes of the API and the forms, and their parsing into domain values.
//!
//! JSON and forms share these shapes, so a rule about input is written once.

pub mod alert;
mod lists;
pub mod mail_times;
pub mod opening;
mod opening_back;
pub mod profile;
mod profile_back;
mod text;

pub use alert::{AlertInput, AlertSettings};
pub use mail_times::MailTimesInput;
pub use opening::OpeningInput;
pub use profile::ProfileInput;
pub use text::{is_unseen, one_line, paragraphs};
