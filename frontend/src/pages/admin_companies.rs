use serde::Serialize;

use crate::{Page, view::Choice};

/// `/admin/companies`: find a company (`q`, `status`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminCompanies {
    /// The search text.
    pub q: String,
    /// The chosen status; empty for all.
    pub status: String,
    /// All statuses.
    pub status_options: Vec<Choice>,
    /// The companies found.
    pub rows: Vec<super::AdminRow>,
    /// The next page.
    pub next_href: Option<String>,
}

impl Page for AdminCompanies {
    const TEMPLATE: &'static str = "admin_companies";

    fn title(&self) -> String {
        "Companies".to_owned()
    }
}
