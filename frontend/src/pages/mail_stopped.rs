use serde::Serialize;

use crate::{Page, Private};

/// After an act of a mail's link. Undoing posts `do=undo` to the path of the link.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailStopped {
    /// For example "Stopped".
    pub heading: String,
    /// What was done, as a sentence.
    pub text: String,
    /// The path that takes it back.
    pub undo_action: Option<Private>,
    /// The page of the link, for something else.
    pub back_href: Private,
}

impl Page for MailStopped {
    const TEMPLATE: &'static str = "mail_stopped";

    fn title(&self) -> String {
        format!("{}: alert mail", self.heading)
    }
}
