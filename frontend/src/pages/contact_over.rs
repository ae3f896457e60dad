use serde::Serialize;

use crate::Page;

/// Shown with status 410 when an introduction is over.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactOver {
    /// The opening's title.
    pub opening: String,
    /// Why it ended, as a sentence that is the same for every cause the member chose.
    pub reason: String,
    /// What both sides wrote to each other, when there is anything.
    pub messages_href: Option<String>,
    /// Where a problem is reported, while there is somebody to report.
    pub report_href: Option<String>,
}

impl Page for ContactOver {
    const TEMPLATE: &'static str = "contact_over";

    fn title(&self) -> String {
        "This contact is no longer shared".to_owned()
    }
}
