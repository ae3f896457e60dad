use serde::Serialize;

use crate::{Page, view::FieldError};

/// `/account/delete`: confirm. Posts `confirm=1` to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeleteAccount {
    /// How many companies can see the member's contact now.
    pub sharing: i64,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for DeleteAccount {
    const TEMPLATE: &'static str = "delete_account";

    fn title(&self) -> String {
        "Delete your account".to_owned()
    }
}
