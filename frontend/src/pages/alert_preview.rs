use serde::Serialize;

use crate::{
    Page,
    view::{Fact, Link},
};

/// `/alerts/preview`: what the next digest would show, judged as it would be. Looking changes nothing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AlertPreview {
    /// When it is due, or why none is, as a sentence.
    pub due: String,
    /// What it would show, best first.
    pub shown: Vec<PreviewCard>,
    /// What waits or would be left out: the opening, and why.
    pub others: Vec<Fact>,
    /// Openings in an instant mail that has not left.
    pub on_the_way: Vec<Link>,
}

impl Page for AlertPreview {
    const TEMPLATE: &'static str = "alert_preview";

    fn title(&self) -> String {
        "What the next digest would show".to_owned()
    }
}

/// One opening of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PreviewCard {
    /// `/openings/{id}`.
    pub href: String,
    /// The title.
    pub title: String,
    /// Company, kind, place and pay in one line.
    pub line: String,
    /// What changed since the member was told of it.
    pub changed: String,
    /// The alerts that found it.
    pub alerts: String,
    /// `/openings/{id}/why`.
    pub why_href: String,
}
