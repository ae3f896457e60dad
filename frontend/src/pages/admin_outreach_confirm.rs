use serde::Serialize;

use crate::Page;

/// The last page before an outreach. Posts `text` and `confirmed=1` to `/admin/openings/{id}/outreach`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminOutreachConfirm {
    /// The opening's id.
    pub id: String,
    /// The opening's title.
    pub title: String,
    /// How many members would get a mail now.
    pub reachable: i64,
    /// What will be written.
    pub text: String,
}

impl Page for AdminOutreachConfirm {
    const TEMPLATE: &'static str = "admin_outreach_confirm";

    fn title(&self) -> String {
        format!("Check before writing about {}", self.title)
    }
}
