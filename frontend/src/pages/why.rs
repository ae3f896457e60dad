use serde::Serialize;

use crate::{
    Page,
    view::{Check, FieldError, RecordLine, Tag},
};

/// `/openings/{id}/why` for a member, and `/admin/openings/{id}/why` (`member`, an id) for an admin: whether there was
/// mail about an opening, and why (not). Never a contact.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WhyPage {
    /// The opening.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The answer in a sentence; none before an admin has named a member.
    pub answer: Option<String>,
    /// Whether it fits now.
    pub fits: Option<Tag>,
    /// All rules.
    pub checks: Vec<Check>,
    /// The alerts that ask for it now, in words.
    pub alerts: String,
    /// What was or will be told of it, newest first.
    pub cards: Vec<RecordLine>,
    /// An admin's form: the path it asks.
    pub ask_action: Option<String>,
    /// The id of the member, as typed.
    pub member: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for WhyPage {
    const TEMPLATE: &'static str = "why";

    fn title(&self) -> String {
        "Why mail came, or did not".to_owned()
    }
}
