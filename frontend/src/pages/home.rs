use serde::Serialize;

use crate::{Page, view::OpeningRow};

/// The landing page `/`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Home {
    /// The latest openings.
    pub openings: Vec<OpeningRow>,
    /// How many openings are live; hidden when unknown.
    pub open_count: Option<i64>,
    /// In how many markets they lie; hidden when unknown.
    pub market_count: Option<i64>,
}

impl Page for Home {
    const TEMPLATE: &'static str = "home";

    fn title(&self) -> String {
        "Medical-legal side work for physicians".to_owned()
    }
}
