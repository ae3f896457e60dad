use serde::Serialize;

use crate::Page;

/// `/privacy`: what is kept, why, and how to get rid of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Privacy {
    /// The operator's postal address when one is set.
    pub postal_address: Option<String>,
}

impl Page for Privacy {
    const TEMPLATE: &'static str = "privacy";

    fn title(&self) -> String {
        "Privacy".to_owned()
    }
}
