use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/account/second-step`. Posts `next` to `…/start`, `totp` and `next` to `…/confirm`, nothing to `…/codes` and `…/off`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecondStep {
    /// Whether nothing else is possible before it is set up.
    pub required: bool,
    /// Since when it is on.
    pub since: Option<String>,
    /// Recovery codes left.
    pub codes_left: i64,
    /// Whether it may be switched off.
    pub can_switch_off: bool,
    /// The key that waits for its first code.
    pub setup: Option<Setup>,
    /// The path to go to afterwards; may be empty.
    pub next: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

/// A key as an authenticator app takes it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Setup {
    /// What the picture holds, and a link on a phone.
    pub uri: Private,
    /// The key, in groups to be typed.
    pub secret: Private,
}

impl Page for SecondStep {
    const TEMPLATE: &'static str = "second_step";

    fn title(&self) -> String {
        "Second step at sign-in".to_owned()
    }
}
