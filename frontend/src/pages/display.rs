use serde::Serialize;

use crate::Page;

/// `/display`: choose light or dark. Posts `theme` (`system`, `light`, `dark`) and `back`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Display {
    /// The current choice: `system`, `light` or `dark`.
    pub theme: String,
    /// The path to return to.
    pub back: String,
}

impl Page for Display {
    const TEMPLATE: &'static str = "display";

    fn title(&self) -> String {
        "Light or dark".to_owned()
    }
}
