use serde::Serialize;

use crate::{Page, view::FieldError};

/// `/company/profile`: what the company says of itself. Posts `name`, `website`, `about`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyProfile {
    /// As typed.
    pub name: String,
    /// As typed.
    pub website: String,
    /// As typed.
    pub about: String,
    /// Where everybody reads it, once the company is approved.
    pub public_href: Option<String>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for CompanyProfile {
    const TEMPLATE: &'static str = "company_profile";

    fn title(&self) -> String {
        "Company profile".to_owned()
    }
}
