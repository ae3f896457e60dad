use serde::Serialize;

use crate::Page;

/// After stopping mail.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailStopped {
    /// What was stopped, as a sentence.
    pub text: String,
}

impl Page for MailStopped {
    const TEMPLATE: &'static str = "mail_stopped";

    fn title(&self) -> String {
        "Mail stopped".to_owned()
    }
}
