use serde::Serialize;

use crate::{Page, view::PrivateFact};

/// The answer to an admin's look: everything the member gave.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminContactSeen {
    /// The member's id.
    pub id: String,
    /// A short name such as "Member 3f2a".
    pub label: String,
    /// The fields.
    pub fields: Vec<PrivateFact>,
}

impl Page for AdminContactSeen {
    const TEMPLATE: &'static str = "admin_contact_seen";

    fn title(&self) -> String {
        format!("Contact of {}", self.label)
    }
}
