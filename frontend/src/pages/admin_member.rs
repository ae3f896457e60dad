use serde::Serialize;

use crate::{
    Page,
    view::{Check, Fact, FieldError, Tag},
};

/// `/admin/members/{id}`: no contact value. Posts to `…/approve`, and `reason` to `…/reject` or `…/suspend`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMember {
    /// The member's id.
    pub id: String,
    /// A short name such as "Member 3f2a"; never the person's name.
    pub label: String,
    /// For example `warn` "Waiting for approval".
    pub status: Tag,
    /// When and how, for example "Joined 21 Nov 2026 with an invitation code".
    pub joined: String,
    /// The result of the NPI check.
    pub npi: Check,
    /// Facts of the profile.
    pub facts: Vec<Fact>,
    /// Where this admin looks at the contact, when both the operator and the member let them.
    pub contact_href: Option<String>,
    /// Why not, otherwise.
    pub contact_note: String,
    /// Whether approving is offered.
    pub can_approve: bool,
    /// Whether rejecting is offered.
    pub can_reject: bool,
    /// Whether suspending is offered.
    pub can_suspend: bool,
    /// As typed.
    pub reason: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for AdminMember {
    const TEMPLATE: &'static str = "admin_member";

    fn title(&self) -> String {
        self.label.clone()
    }
}
