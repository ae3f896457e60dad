use serde::Serialize;

use crate::{Mail, Private};

/// Asks whether the address is the member's own; until then no alert goes there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConfirmAddressMail {
    /// The link.
    pub link: Private,
    /// How long it works.
    pub hours: i64,
    /// The host name of the site, so that the reader can compare it.
    pub host: String,
}

impl Mail for ConfirmAddressMail {
    const NAME: &'static str = "confirm_address";
}
