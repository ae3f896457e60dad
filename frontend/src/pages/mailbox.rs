use serde::Serialize;

use crate::{Page, Private};

/// `/dev/mailbox`: mail caught by the demonstration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mailbox {
    /// The mails, newest first.
    pub mails: Vec<CaughtMail>,
}

impl Page for Mailbox {
    const TEMPLATE: &'static str = "mailbox";

    fn title(&self) -> String {
        "Caught mail".to_owned()
    }
}

/// One caught mail.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CaughtMail {
    /// `/dev/mailbox/{id}`.
    pub href: String,
    /// The recipient (made up, as everything in the demonstration).
    pub to: Private,
    /// The subject.
    pub subject: String,
    /// When it was sent.
    pub at: String,
}
