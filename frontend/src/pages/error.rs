use serde::Serialize;

use crate::Page;

/// What is shown instead of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: i64,
    /// The heading.
    pub heading: String,
    /// What happened, as a sentence.
    pub what: String,
    /// What to do now, as a sentence.
    pub todo: String,
    /// The reference to name when asking for help.
    pub request_id: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error";

    fn title(&self) -> String {
        self.heading.clone()
    }
}
