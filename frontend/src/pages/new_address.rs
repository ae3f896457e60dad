use serde::Serialize;

use crate::{Page, Private};

/// `/mail/new-address/{token}`: what will happen, and a button that posts to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewAddress {
    /// The path to post to.
    pub action: Private,
}

impl Page for NewAddress {
    const TEMPLATE: &'static str = "new_address";

    fn title(&self) -> String {
        "Confirm your new address".to_owned()
    }
}
