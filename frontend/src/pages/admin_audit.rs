use serde::Serialize;

use crate::{
    Page,
    view::{Choice, Tag},
};

/// `/admin/audit`: who did what (`role`, `action`, `id`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminAudit {
    /// Whether the ledger is what was signed.
    pub ledger: Tag,
    /// The chosen role; empty for all.
    pub role: String,
    /// All roles.
    pub role_options: Vec<Choice>,
    /// Beginning of the action.
    pub action: String,
    /// Id of the object or of the account that acted.
    pub id: String,
    /// The acts found, newest first.
    pub rows: Vec<AuditLine>,
    /// The same as a file.
    pub download_href: String,
    /// The next page.
    pub next_href: Option<String>,
}

impl Page for AdminAudit {
    const TEMPLATE: &'static str = "admin_audit";

    fn title(&self) -> String {
        "Record of acts".to_owned()
    }
}

/// One act.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditLine {
    /// When.
    pub at: String,
    /// The same, for machines.
    pub at_iso: String,
    /// As what it was done.
    pub role: String,
    /// For example `opening.approve`.
    pub action: String,
    /// What kind of thing it was done to.
    pub object: String,
    /// Its id, shortened.
    pub id: String,
    /// Where the thing stands.
    pub href: Option<String>,
    /// The reason that was given.
    pub detail: Option<String>,
}
