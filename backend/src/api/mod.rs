//! The JSON API under `/api/v1`: extract, call a use case, shape the answer for its audience.

mod admin_companies;
mod admin_mail;
mod admin_matches;
mod admin_members;
mod admin_openings;
mod admin_queue;
mod admin_record;
mod company;
mod company_introductions;
mod company_openings;
mod extract;
mod join;
mod ledger_checkpoint;
mod list;
mod me_alerts;
mod me_contact;
mod me_introductions;
mod me_ledger;
mod me_matches;
mod me_membership;
mod me_permissions;
mod me_profile;
mod openings;
mod ops;
mod reference;
mod sign_in;

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;

use crate::error::AppError;

/// What an API handler gives.
pub(crate) type ApiResult = Result<HttpResponse, AppError>;

/// Every route of the API and of operation.
pub fn routes(config: &mut ServiceConfig) {
    ops::routes(config);
    ledger_checkpoint::routes(config);
    sign_in::routes(config);
    join::routes(config);
    openings::routes(config);
    reference::routes(config);
    me_profile::routes(config);
    me_permissions::routes(config);
    me_contact::routes(config);
    me_alerts::routes(config);
    me_matches::routes(config);
    me_introductions::routes(config);
    me_ledger::routes(config);
    me_membership::routes(config);
    company::routes(config);
    company_openings::routes(config);
    company_introductions::routes(config);
    admin_queue::routes(config);
    admin_members::routes(config);
    admin_companies::routes(config);
    admin_openings::routes(config);
    admin_matches::routes(config);
    admin_mail::routes(config);
    admin_record::routes(config);
}

/// 200 with a body.
pub(crate) fn ok(body: &impl serde::Serialize) -> ApiResult {
    Ok(HttpResponse::Ok().json(body))
}

/// 204.
pub(crate) fn done() -> ApiResult {
    Ok(HttpResponse::NoContent().finish())
}
