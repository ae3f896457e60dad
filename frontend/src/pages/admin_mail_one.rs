use serde::Serialize;

use super::MailLine;
use crate::{Page, view::FieldError};

/// `/admin/mail/{id}`: one mail as it would be now, and what happened to it. Never an address, and no link that acts for
/// its reader. Posts to `/admin/mail/{id}/retry` and, with `reason`, `…/discard`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMailOne {
    /// The mail.
    pub mail: MailLine,
    /// When it was written.
    pub written: String,
    /// Its subject; nothing when it is not shown.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// Why it is not shown.
    pub hidden: String,
    /// Every move, oldest first.
    pub moves: Vec<MailMove>,
    /// Whether discarding is offered.
    pub can_discard: bool,
    /// What was typed.
    pub reason: String,
    /// Faults of the form.
    pub errors: Vec<FieldError>,
}

impl Page for AdminMailOne {
    const TEMPLATE: &'static str = "admin_mail_one";

    fn title(&self) -> String {
        format!("Mail: {}", self.mail.kind)
    }
}

/// One move of a mail.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailMove {
    /// When.
    pub at: String,
    /// From one state to another, in words.
    pub what: String,
    /// The how-manieth try.
    pub attempt: i64,
    /// Codes of the answer and how far the conversation was.
    pub answer: String,
}
