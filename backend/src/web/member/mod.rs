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

use actix_web::web::ServiceConfig;

pub(crate) use ledger::ledger_csv;

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    matches::routes(config);
    profile::routes(config);
    profile_edit::routes(config);
    contact::routes(config);
    alerts::routes(config);
    permissions::routes(config);
    consent::routes(config);
    revoke::routes(config);
    ledger::routes(config);
}
