use serde::Serialize;

use crate::{
    Page,
    view::{Fact, Tag},
};

/// `/admin/facts/{table}`: the rows of a table with source and confidence.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminFactTable {
    /// For example "QME rules".
    pub label: String,
    /// The rows of this page.
    pub rows: Vec<FactRow>,
    /// The next page.
    pub next_href: Option<String>,
}

impl Page for AdminFactTable {
    const TEMPLATE: &'static str = "admin_fact_table";

    fn title(&self) -> String {
        format!("Facts: {}", self.label)
    }
}

/// One row.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FactRow {
    /// Its key.
    pub key: String,
    /// Whether pages show it as fact.
    pub state: Tag,
    /// The filled columns.
    pub cells: Vec<Fact>,
}
