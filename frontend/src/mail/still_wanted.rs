use serde::Serialize;

use crate::{Mail, Private};

/// Asks a member who has been silent for long whether alerts are still wanted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StillWantedMail {
    /// The page with the yes; needs no sign-in.
    pub yes_link: Private,
    /// The page that stops alerts; needs no sign-in.
    pub stop_link: Private,
    /// The day alerts end without an answer.
    pub ends_on: String,
    /// The operator's postal address.
    pub postal_address: String,
}

impl Mail for StillWantedMail {
    const NAME: &'static str = "still_wanted";
}
