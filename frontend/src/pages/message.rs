use serde::Serialize;

use crate::{Page, view::Link};

/// A page that only says something.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Message {
    /// The heading.
    pub heading: String,
    /// The text.
    pub paragraphs: Vec<String>,
    /// Where to go next.
    pub links: Vec<Link>,
}

impl Page for Message {
    const TEMPLATE: &'static str = "message";

    fn title(&self) -> String {
        self.heading.clone()
    }
}
