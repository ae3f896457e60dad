use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/join`: a physician asks to join. Posts `name`, `email`, `npi`, `invite_code`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Join {
    /// As typed.
    pub name: Private,
    /// As typed.
    pub email: Private,
    /// As typed.
    pub npi: Private,
    /// As typed.
    pub invite_code: Private,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Join {
    const TEMPLATE: &'static str = "join";

    fn title(&self) -> String {
        "Join as a physician".to_owned()
    }
}
