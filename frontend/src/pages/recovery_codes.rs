use serde::Serialize;

use crate::{Page, Private};

/// The answer to setting up the second step or renewing its codes: shown once.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<Private>,
    /// Where to go on.
    pub next_href: String,
}

impl Page for RecoveryCodes {
    const TEMPLATE: &'static str = "recovery_codes";

    fn title(&self) -> String {
        "Your recovery codes".to_owned()
    }
}
