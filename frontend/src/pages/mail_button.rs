use serde::Serialize;

use crate::{Page, Private};

/// `/mail/confirm/{token}` and `/mail/still/{token}`: what the button does, and the button. Posts nothing but the path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailButton {
    /// The heading.
    pub heading: String,
    /// What pressing does, as a sentence.
    pub text: String,
    /// The button's words.
    pub button: String,
    /// The path to post to.
    pub action: Private,
}

impl Page for MailButton {
    const TEMPLATE: &'static str = "mail_button";

    fn title(&self) -> String {
        self.heading.clone()
    }
}
