use serde::Serialize;

use crate::{Page, Private};

/// Shown when a member's text seems to hold contact. Posts `text`, with `confirmed=1` when it may go as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MessageConfirm {
    /// The introduction's id.
    pub id: String,
    /// The company.
    pub company: String,
    /// For example "a telephone number".
    pub spotted: String,
    /// As typed.
    pub text: Private,
}

impl Page for MessageConfirm {
    const TEMPLATE: &'static str = "message_confirm";

    fn title(&self) -> String {
        format!("Check before sending to {}", self.company)
    }
}
