use serde::Serialize;

use crate::Page;

/// After joining or registering a company: check your mail, or wait for approval.
#[derive(Debug, Clone, Default, Serialize)]
pub struct JoinSent {
    /// The heading.
    pub heading: String,
    /// What happens next.
    pub paragraphs: Vec<String>,
}

impl Page for JoinSent {
    const TEMPLATE: &'static str = "join_sent";

    fn title(&self) -> String {
        self.heading.clone()
    }
}
