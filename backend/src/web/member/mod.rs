//! A member's own pages.

mod alert_form;
mod alert_preview;
mod alert_times;
mod alerts;
mod as_companies_see_me;
mod consent;
mod contact;
mod disputes;
mod introduction;
mod ledger;
mod matches;
mod permissions;
mod profile;
mod profile_edit;
mod profile_form;
mod record;
mod revoke;
mod why;

pub(crate) use ledger::ledger_csv;

use crate::auth::Routes;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    matches::routes(routes);
    profile::routes(routes);
    profile_edit::routes(routes);
    contact::routes(routes);
    alert_preview::routes(routes);
    alert_times::routes(routes);
    alerts::routes(routes);
    why::routes(routes);
    permissions::routes(routes);
    as_companies_see_me::routes(routes);
    disputes::routes(routes);
    consent::routes(routes);
    revoke::routes(routes);
    introduction::routes(routes);
    ledger::routes(routes);
}
