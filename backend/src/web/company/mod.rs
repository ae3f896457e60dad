//! Pages of a company's people.

mod contacts;
mod home;
mod opening;
mod opening_draft;
mod opening_form;
mod reach;

use actix_web::web::ServiceConfig;
use domain::access::{Action, Resource, decide};

use super::shell::Shell;

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    home::routes(config);
    // Before the openings by id, so that `new` is not taken for one.
    opening_form::routes(config);
    opening::routes(config);
    contacts::routes(config);
}

/// Whether the reader's role and their company's standing allow an action.
fn may(shell: &Shell, action: Action) -> bool {
    decide(&shell.signed.actor(), action, &Resource::Site).is_ok()
}
