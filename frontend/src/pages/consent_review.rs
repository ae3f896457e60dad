use serde::Serialize;

use super::ConsentField;
use crate::Page;

/// The last page before sharing. Posts to `/consent/{opening_id}` the same fields as the page before, `text_version`, and `confirmed=1`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentReview {
    /// The opening's id.
    pub opening_id: String,
    /// The revision that is agreed to.
    pub opening_revision: i64,
    /// The opening's title.
    pub title: String,
    /// The company.
    pub company: String,
    /// The people of the company who will be able to see it.
    pub seats: Vec<String>,
    /// Exactly what the company gets.
    pub fields: Vec<ConsentField>,
    /// The end, as it was sent.
    pub expires_at: String,
    /// The end, for people.
    pub ends: String,
    /// The text that is agreed to.
    pub statement: Vec<String>,
    /// The version of that text.
    pub text_version: String,
}

impl Page for ConsentReview {
    const TEMPLATE: &'static str = "consent_review";

    fn title(&self) -> String {
        format!("Check before sharing with {}", self.company)
    }
}
