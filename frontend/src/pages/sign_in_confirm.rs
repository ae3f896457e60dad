use serde::Serialize;

use crate::{Page, Private, view::FieldError};

/// `/sign-in/{token}`: a button that signs in. Posts `totp` when asked for, and the hidden `next`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignInConfirm {
    /// The path to post to.
    pub action: Private,
    /// Whether a code from the authenticator app is asked for.
    pub needs_totp: bool,
    /// The path to go to afterwards; may be empty.
    pub next: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for SignInConfirm {
    const TEMPLATE: &'static str = "sign_in_confirm";

    fn title(&self) -> String {
        "Finish signing in".to_owned()
    }
}
