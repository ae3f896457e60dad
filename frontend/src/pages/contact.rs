use serde::Serialize;

use crate::{
    Page,
    view::{Choice, PrivateFact},
};

/// `/company/contacts/{id}`: what one physician chose to share. The stage posts `stage` to `…/stage`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contact {
    /// The introduction's id.
    pub id: String,
    /// The opening's title.
    pub opening: String,
    /// `/company/openings/{id}`.
    pub opening_href: String,
    /// The shared fields only.
    pub fields: Vec<PrivateFact>,
    /// Until when.
    pub ends: String,
    /// The pipeline stage.
    pub stage: String,
    /// All stages.
    pub stage_options: Vec<Choice>,
}

impl Page for Contact {
    const TEMPLATE: &'static str = "contact";

    fn title(&self) -> String {
        format!("Contact for {}", self.opening)
    }
}
