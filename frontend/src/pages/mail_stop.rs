use serde::Serialize;

use crate::{Page, Private};

/// `/mail/stop/{token}`: what will happen, and a button. Posts `scope` (`this` or `all`) to the same path; without `scope` it means `this`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailStop {
    /// The path to post to.
    pub action: Private,
    /// The alert the mail came from, when it came from one.
    pub alert_name: Option<String>,
}

impl Page for MailStop {
    const TEMPLATE: &'static str = "mail_stop";

    fn title(&self) -> String {
        "Stop alert mail".to_owned()
    }
}
