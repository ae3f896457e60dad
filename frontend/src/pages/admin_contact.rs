use serde::Serialize;

use crate::{Page, view::FieldError};

/// `/admin/members/{id}/contact`: what a look means, before it. Posts `reason`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminContact {
    /// The member's id.
    pub id: String,
    /// A short name such as "Member 3f2a"; never the person's name.
    pub label: String,
    /// Whether the member lets admins reach out; without that there is no form.
    pub allowed: bool,
    /// As typed.
    pub reason: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for AdminContact {
    const TEMPLATE: &'static str = "admin_contact";

    fn title(&self) -> String {
        format!("Look at the contact of {}", self.label)
    }
}
