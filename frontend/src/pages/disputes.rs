use serde::Serialize;

use crate::{Page, view::Tag};

/// `/disputes` and `/company/disputes`: what was reported, newest first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Disputes {
    /// Whether a company reads it.
    pub of_company: bool,
    /// The reports.
    pub rows: Vec<DisputeLine>,
    /// The next (older) page.
    pub next_href: Option<String>,
}

impl Page for Disputes {
    const TEMPLATE: &'static str = "disputes";

    fn title(&self) -> String {
        "Reports".to_owned()
    }
}

/// One report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DisputeLine {
    /// Where it is read.
    pub href: String,
    /// What it is about.
    pub about: String,
    /// For example "How somebody behaved".
    pub kind: String,
    /// Who reported: "You", or the other side.
    pub by: String,
    /// For example `warn` "An admin looks at it".
    pub state: Tag,
    /// The day.
    pub since: String,
}
