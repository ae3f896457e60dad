use serde::Serialize;

use crate::Page;

/// `/introductions/{id}/revoke`: confirm taking back. Posts to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Revoke {
    /// The introduction's id.
    pub id: String,
    /// The company.
    pub company: String,
    /// The opening's title.
    pub title: String,
    /// For example "name, e-mail".
    pub fields: String,
    /// Whether the company has looked at it.
    pub seen: bool,
}

impl Page for Revoke {
    const TEMPLATE: &'static str = "revoke";

    fn title(&self) -> String {
        format!("Take back your contact from {}", self.company)
    }
}
