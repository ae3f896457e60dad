use serde::Serialize;

use crate::{Mail, Private};

/// Asks a new address whether it belongs to the member who named it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewAddressMail {
    /// The link.
    pub link: Private,
    /// How long it works.
    pub hours: i64,
    /// The host name of the site, so that the reader can compare it.
    pub host: String,
}

impl Mail for NewAddressMail {
    const NAME: &'static str = "new_address";
}
