use serde::Serialize;

use crate::{Mail, Private};

/// A one-time link to sign in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignInMail {
    /// The link.
    pub link: Private,
    /// How long it works.
    pub minutes: i64,
    /// The host name of the site, so that the reader can compare it.
    pub host: String,
}

impl Mail for SignInMail {
    const NAME: &'static str = "sign_in";
}
