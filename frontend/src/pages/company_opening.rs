use serde::Serialize;

use crate::{
    Page,
    view::{Fact, RecordLine, Tag},
};

/// `/company/openings/{id}`. Posts to `…/submit`, `…/close`, `…/confirm-open`, `…/clone`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyOpening {
    /// The opening's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// For example `ok` "Open".
    pub state: Tag,
    /// Why an admin returned or rejected it.
    pub reason: Option<String>,
    /// The band of the opening's cell, or "Not shown yet".
    pub band: String,
    /// Which area it is of, or why there is none.
    pub band_note: String,
    /// Whom it asks for, rule by rule, in words about the opening alone.
    pub asks: Vec<Fact>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The text as the company wrote it, with its marks.
    pub description: String,
    /// What happened to it.
    pub history: Vec<RecordLine>,
    /// `/openings/{id}` when it is live.
    pub public_href: Option<String>,
    /// Whether it can be edited.
    pub can_edit: bool,
    /// Whether it can be sent for review.
    pub can_submit: bool,
    /// Whether "Still open" is offered.
    pub can_confirm: bool,
    /// Whether it can be closed.
    pub can_close: bool,
    /// Whether it can be copied.
    pub can_clone: bool,
}

impl Page for CompanyOpening {
    const TEMPLATE: &'static str = "company_opening";

    fn title(&self) -> String {
        format!("{}: manage", self.title)
    }
}
