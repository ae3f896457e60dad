use serde::Serialize;

use crate::Page;

/// `/introductions/{id}/messages/remove`: confirm removing a conversation. Posts to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MessagesRemove {
    /// The introduction's id.
    pub id: String,
    /// The company.
    pub company: String,
    /// How many messages there are.
    pub count: i64,
}

impl Page for MessagesRemove {
    const TEMPLATE: &'static str = "messages_remove";

    fn title(&self) -> String {
        format!("Remove the conversation with {}", self.company)
    }
}
