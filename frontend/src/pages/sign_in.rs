use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/sign-in`. Posts `email` and the hidden `next`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignIn {
    /// As typed.
    pub email: Private,
    /// The path to go to afterwards; may be empty.
    pub next: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for SignIn {
    const TEMPLATE: &'static str = "sign_in";

    fn title(&self) -> String {
        "Sign in".to_owned()
    }
}
