use serde::Serialize;

use crate::{Page, Private, view::Choice};

/// `/mail/stop/{token}`: what will happen, and a button. Posts `do` to the same path: `all`, `these`, `pause`, `mute` (with
/// `company`), `daily` or `weekly`; without it, as mail programs do, it means `all`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailStop {
    /// The path to post to.
    pub action: Private,
    /// The alerts the mail came from, for example "“Orthopaedics”"; empty when only everything can be stopped.
    pub alert_names: String,
    /// What can be chosen.
    pub options: Vec<Choice>,
    /// What is chosen at first.
    pub chosen: String,
    /// The companies of the mail, for muting one.
    pub companies: Vec<Choice>,
    /// The first of them.
    pub company: String,
}

impl Page for MailStop {
    const TEMPLATE: &'static str = "mail_stop";

    fn title(&self) -> String {
        "Stop alert mail".to_owned()
    }
}
