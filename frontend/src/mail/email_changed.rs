use serde::Serialize;

use crate::Mail;

/// Tells the address before that it is no longer the one on file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EmailChangedMail {
    /// When, for people.
    pub at: String,
    /// For how long nothing can be shared.
    pub hours: i64,
    /// The host name of the site.
    pub host: String,
}

impl Mail for EmailChangedMail {
    const NAME: &'static str = "email_changed";
}
