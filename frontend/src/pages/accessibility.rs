use serde::Serialize;

use crate::Page;

/// `/accessibility`: what was checked and what was not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Accessibility {}

impl Page for Accessibility {
    const TEMPLATE: &'static str = "accessibility";

    fn title(&self) -> String {
        "Accessibility".to_owned()
    }
}
