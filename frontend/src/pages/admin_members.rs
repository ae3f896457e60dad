use serde::Serialize;

use crate::{
    Page, Private,
    view::{Choice, Tag},
};

/// `/admin/members`: find a member (`q`, `status`). A button posts to `/admin/invitations`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMembers {
    /// The beginning of a member's id.
    pub q: String,
    /// The chosen status; empty for all.
    pub status: String,
    /// All statuses.
    pub status_options: Vec<Choice>,
    /// The members found.
    pub rows: Vec<AdminRow>,
    /// The next page.
    pub next_href: Option<String>,
    /// A code that was just made.
    pub invitation: Option<NewInvitation>,
}

impl Page for AdminMembers {
    const TEMPLATE: &'static str = "admin_members";

    fn title(&self) -> String {
        "Members".to_owned()
    }
}

/// An invitation code; this is the only time it is shown.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewInvitation {
    /// The code.
    pub code: Private,
    /// The day it runs out.
    pub until: String,
}

/// One member or company in a list for admins.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminRow {
    /// Where it is shown in full.
    pub href: String,
    /// A short name; for members never the person's name.
    pub label: String,
    /// Its status.
    pub status: Tag,
    /// For example "Orthopaedic surgery, CA".
    pub facts: String,
    /// When it joined.
    pub since: String,
}
