use serde::Serialize;

use crate::Page;

/// `/admin/facts`: the tables of rules, fees and names that pages speak of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminFacts {
    /// The tables.
    pub tables: Vec<FactTable>,
}

impl Page for AdminFacts {
    const TEMPLATE: &'static str = "admin_facts";

    fn title(&self) -> String {
        "Facts".to_owned()
    }
}

/// A table of facts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FactTable {
    /// `/admin/facts/{table}`.
    pub href: String,
    /// For example "QME rules".
    pub label: String,
    /// Rows.
    pub rows: usize,
    /// Rows that no page shows as fact.
    pub unconfirmed: usize,
}
