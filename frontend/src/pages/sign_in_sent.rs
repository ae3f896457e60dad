use serde::Serialize;

use crate::Page;

/// After asking for a sign-in link; the same words whether or not the address is known.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignInSent {
    /// How long the link works.
    pub minutes: i64,
    /// In the demonstration: where the mail is shown.
    pub mailbox_href: Option<String>,
}

impl Page for SignInSent {
    const TEMPLATE: &'static str = "sign_in_sent";

    fn title(&self) -> String {
        "Check your mail".to_owned()
    }
}
