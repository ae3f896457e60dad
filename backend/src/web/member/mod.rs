//! A member's own pages.

mod alert_form;
mod alerts;
mod consent;
mod contact;
mod ledger;
mod matches;
mod permissions;
mod profile;
mod profile_edit;
mod profile_form;
mod record;
mod revoke;

pub(crate) use ledger::ledger_csv;

use crate::auth::Routes;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    matches::routes(routes);
    profile::routes(routes);
    profile_edit::routes(routes);
    contact::routes(routes);
    alerts::routes(routes);
    permissions::routes(routes);
    consent::routes(routes);
    revoke::routes(routes);
    ledger::routes(routes);
}
