use serde::Serialize;

use crate::Mail;

/// Tells somebody what happened to the second step of the account.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecondFactorMail {
    /// `set_up`, `new_codes`, `taken_off` or `reset`.
    pub change: String,
    /// When, for people.
    pub at: String,
    /// The host name of the site.
    pub host: String,
    /// The page of the account.
    pub link: String,
}

impl Mail for SecondFactorMail {
    const NAME: &'static str = "second_factor";
}
