use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/profile/contact`: the sealed part. Posts `name`, `email`, `phone`, `npi`, `cv`, `licences`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactEdit {
    /// As typed.
    pub name: Private,
    /// The address used to sign in, or a new one as typed.
    pub email: Private,
    /// A new address that has not been confirmed yet.
    pub waiting: Option<Private>,
    /// As typed.
    pub phone: Private,
    /// As typed.
    pub npi: Private,
    /// A web address of a CV, as typed.
    pub cv: Private,
    /// Licences, one a line, as typed.
    pub licences: Private,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for ContactEdit {
    const TEMPLATE: &'static str = "contact_edit";

    fn title(&self) -> String {
        "Your contact details".to_owned()
    }
}
