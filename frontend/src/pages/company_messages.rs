use serde::Serialize;

use super::Thread;
use crate::{
    Page,
    view::{FieldError, Tag},
};

/// `/company/contacts/{id}/messages`: what a company and a physician wrote to each other, without the contact. Posts `text` to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyMessages {
    /// The introduction's id.
    pub id: String,
    /// The opening's title.
    pub opening: String,
    /// `/company/openings/{id}`.
    pub opening_href: String,
    /// For example `ok` "Live".
    pub state: Tag,
    /// The day of the yes.
    pub since: String,
    /// `/company/contacts/{id}` while it can be opened.
    pub contact_href: Option<String>,
    /// What was written.
    #[serde(flatten)]
    pub thread: Thread,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for CompanyMessages {
    const TEMPLATE: &'static str = "company_messages";

    fn title(&self) -> String {
        format!("Messages about {}", self.opening)
    }
}
