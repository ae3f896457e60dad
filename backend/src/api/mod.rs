//! The JSON API under `/api/v1`: extract, call a use case, shape the answer for its audience.

mod admin_companies;
mod admin_contact;
mod admin_disputes;
mod admin_mail;
mod admin_matches;
mod admin_members;
mod admin_openings;
mod admin_outreach;
mod admin_queue;
mod admin_record;
mod admin_why;
mod company;
mod company_disputes;
mod company_introductions;
mod company_messages;
mod company_openings;
mod company_seats;
mod contact_fields;
mod extract;
mod join;
mod ledger_checkpoint;
mod list;
mod me_alerts;
mod me_contact;
mod me_disputes;
mod me_export;
mod me_introductions;
mod me_ledger;
mod me_mail_times;
mod me_matches;
mod me_membership;
mod me_messages;
mod me_permissions;
mod me_profile;
mod openings;
mod ops;
mod reference;
mod session;
mod sign_in;

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;

use crate::auth::Routes;
use crate::error::AppError;

/// What an API handler gives.
pub(crate) type ApiResult = Result<HttpResponse, AppError>;

/// Every route of the API and of operation, for the server.
pub fn routes(config: &mut ServiceConfig) {
    every().install(config);
}

/// Every route of the API and of operation, for the list.
#[must_use]
pub fn every() -> Routes {
    let mut all = Routes::default();
    let routes = &mut all;
    ops::routes(routes);
    ledger_checkpoint::routes(routes);
    sign_in::routes(routes);
    session::routes(routes);
    join::routes(routes);
    openings::routes(routes);
    reference::routes(routes);
    me_profile::routes(routes);
    me_permissions::routes(routes);
    me_contact::routes(routes);
    me_alerts::routes(routes);
    me_mail_times::routes(routes);
    me_matches::routes(routes);
    me_introductions::routes(routes);
    me_messages::routes(routes);
    me_ledger::routes(routes);
    me_disputes::routes(routes);
    me_membership::routes(routes);
    company::routes(routes);
    company_openings::routes(routes);
    company_introductions::routes(routes);
    company_messages::routes(routes);
    company_disputes::routes(routes);
    company_seats::routes(routes);
    admin_queue::routes(routes);
    admin_members::routes(routes);
    admin_contact::routes(routes);
    admin_companies::routes(routes);
    admin_openings::routes(routes);
    admin_outreach::routes(routes);
    admin_why::routes(routes);
    admin_disputes::routes(routes);
    admin_matches::routes(routes);
    admin_mail::routes(routes);
    admin_record::routes(routes);
    all
}

/// 200 with a body.
pub(crate) fn ok(body: &impl serde::Serialize) -> ApiResult {
    Ok(HttpResponse::Ok().json(body))
}

/// 204.
pub(crate) fn done() -> ApiResult {
    Ok(HttpResponse::NoContent().finish())
}
