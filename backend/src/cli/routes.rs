//! `rosterline routes`: every route with its access rule.

use super::say;
use crate::auth::Listed;
use crate::{api, web};

/// Every route of the server, as it is registered.
#[must_use]
pub fn table() -> Vec<Listed> {
    let mut all = api::every().list();
    all.extend(web::every().list());
    all
}

/// Prints them, one a line: method, path, rule.
pub(super) fn routes() {
    for route in table() {
        say(&format!("{:<6} {:<45} {}", route.method.as_str(), route.path, route.rule));
    }
}
