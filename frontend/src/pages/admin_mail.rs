use serde::Serialize;

use crate::{Page, view::Tag};

/// `/admin/mail`: never an address. Posts to `/admin/mail/{id}/retry` and `…/discard`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMail {
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
    /// The age of the oldest waiting mail.
    pub oldest: Option<String>,
    /// The outbox by state.
    pub states: Vec<MailState>,
    /// The mails of the chosen state.
    pub rows: Vec<MailLine>,
    /// The next page.
    pub next_href: Option<String>,
}

impl Page for AdminMail {
    const TEMPLATE: &'static str = "admin_mail";

    fn title(&self) -> String {
        "Mail".to_owned()
    }
}

/// One state of the outbox.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailState {
    /// The mails in this state.
    pub href: String,
    /// Its words.
    pub label: String,
    /// How many.
    pub count: i64,
    /// Whether it is shown now.
    pub current: bool,
}

/// One mail of the outbox, without its address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailLine {
    /// Its id.
    pub id: String,
    /// `security`, `grant`, `alert` or `admin`.
    pub stream: String,
    /// Its state.
    pub state: Tag,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due.
    pub due: String,
    /// What the relay answered last.
    pub last_code: Option<String>,
    /// Whether retrying is offered.
    pub can_retry: bool,
    /// Whether discarding is offered.
    pub can_discard: bool,
}
