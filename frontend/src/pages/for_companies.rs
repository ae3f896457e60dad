use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/for-companies`: what companies get, and the form. Posts `name`, `website`, `owner_name`, `owner_email`, `about`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ForCompanies {
    /// As typed.
    pub name: String,
    /// As typed.
    pub website: String,
    /// As typed.
    pub owner_name: Private,
    /// As typed.
    pub owner_email: Private,
    /// As typed.
    pub about: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for ForCompanies {
    const TEMPLATE: &'static str = "for_companies";

    fn title(&self) -> String {
        "For companies".to_owned()
    }
}
