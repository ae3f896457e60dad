use serde::Serialize;

use crate::{Page, view::FieldError};

/// `/account/confirm`. Posts `totp` and the hidden `next`; without a second step `next` alone to `/account/confirm/link`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConfirmYou {
    /// Whether the account has a second step.
    pub has_app: bool,
    /// The path to go to afterwards; may be empty.
    pub next: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for ConfirmYou {
    const TEMPLATE: &'static str = "confirm_you";

    fn title(&self) -> String {
        "Confirm that it is you".to_owned()
    }
}
