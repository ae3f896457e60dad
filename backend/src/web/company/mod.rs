//! Pages of a company's people.

mod contacts;
mod disputes;
mod home;
mod messages;
mod opening;
mod opening_draft;
mod opening_form;
mod profile;
mod reach;
mod team;

pub(super) use contacts::{fact as contact_fact, facts as contact_facts, stage_label};

use domain::access::{Action, Resource, decide};

use super::shell::Shell;
use crate::auth::Routes;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    home::routes(routes);
    // Before the openings by id, so that `new` is not taken for one.
    opening_form::routes(routes);
    opening::routes(routes);
    contacts::routes(routes);
    messages::routes(routes);
    disputes::routes(routes);
    team::routes(routes);
    profile::routes(routes);
}

/// Whether the reader's role and their company's standing allow an action.
fn may(shell: &Shell, action: Action) -> bool {
    decide(&shell.signed.actor(), action, &Resource::Site).is_ok()
}
