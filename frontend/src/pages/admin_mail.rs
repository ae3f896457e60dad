use serde::Serialize;

use crate::{
    Page,
    view::{Choice, Tag},
};

/// `/admin/mail`: never an address. Reads `state`, `class`, `code`, `kind`; posts to `/admin/mail/{id}/retry`,
/// `/admin/mail-retry`, `/admin/mail-test`, `/admin/mail-arm` and `/admin/mail-streams/{stream}/resume`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMail {
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
    /// Mail is held until somebody says that this is where the instance lives.
    pub disarmed: bool,
    /// The streams, most urgent first.
    pub streams: Vec<MailStream>,
    /// The outbox by state.
    pub states: Vec<MailState>,
    /// The chosen state; empty for all.
    pub state: String,
    /// The chosen class; empty for all.
    pub class: String,
    /// All classes.
    pub class_options: Vec<Choice>,
    /// The chosen last answer; empty for all.
    pub code: String,
    /// The chosen kind; empty for all.
    pub kind: String,
    /// All kinds.
    pub kind_options: Vec<Choice>,
    /// Whether everything that is shown can be retried at once.
    pub can_retry_all: bool,
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

/// One stream of mail.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailStream {
    /// Its word.
    pub stream: String,
    /// Its words.
    pub label: String,
    /// How many wait.
    pub waiting: i64,
    /// How late the oldest is.
    pub late: Option<String>,
    /// Whether it goes.
    pub state: Tag,
    /// Why it stands, as a sentence.
    pub why: Option<String>,
    /// Whether resuming is offered.
    pub can_resume: bool,
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
    /// Which mail, in words.
    pub kind: String,
    /// Its state.
    pub state: Tag,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due.
    pub due: String,
    /// What the relay answered last.
    pub last_code: Option<String>,
    /// What stood in its way, in words.
    pub class: Option<String>,
    /// Whether retrying is offered.
    pub can_retry: bool,
}
