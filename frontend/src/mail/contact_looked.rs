use serde::Serialize;

use crate::Mail;

/// Tells a member that a community admin has looked at the contact they gave.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactLookedMail {
    /// When, for people.
    pub at: String,
    /// Why, in the admin's words.
    pub reason: String,
    /// The ledger, behind sign-in.
    pub ledger_link: String,
    /// The permissions, behind sign-in.
    pub permissions_link: String,
}

impl Mail for ContactLookedMail {
    const NAME: &'static str = "contact_looked";
}
