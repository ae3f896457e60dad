use serde::Serialize;

use crate::{Page, Private, view::PrivateFact};

/// `/dev/mailbox/{id}`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailboxMail {
    /// The subject.
    pub subject: String,
    /// The headers.
    pub headers: Vec<PrivateFact>,
    /// The text part.
    pub text: Private,
    /// The links in it: `label` in words, `value` as shown, `href` to follow.
    pub links: Vec<PrivateFact>,
    /// The HTML part as source.
    pub html_source: Private,
}

impl Page for MailboxMail {
    const TEMPLATE: &'static str = "mailbox_mail";

    fn title(&self) -> String {
        self.subject.clone()
    }
}
