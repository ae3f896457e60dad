use serde::Serialize;

use crate::{
    Page, Private,
    view::{Fact, FieldError, Link, Tag},
};

/// `/disputes/{id}` and `/company/disputes/{id}`: one report as a side of it sees it. Posts `text` to `…/answer`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Dispute {
    /// What it is about.
    pub about: String,
    /// All reports.
    pub back: Link,
    /// For example `warn` "An admin looks at it".
    pub state: Tag,
    /// What, who and when.
    pub facts: Vec<Fact>,
    /// What the reader wrote; nothing for a company's people.
    pub text: Option<Private>,
    /// What was decided, as a sentence without its full stop.
    pub outcome: Option<String>,
    /// In the admin's words.
    pub words: String,
    /// Where an answer goes, when the reader can give one.
    pub answer_action: Option<String>,
    /// The answer as typed.
    pub answer: Private,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Dispute {
    const TEMPLATE: &'static str = "dispute";

    fn title(&self) -> String {
        format!("Report: {}", self.about)
    }
}
