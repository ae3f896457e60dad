//! Pages of community admins. No page here shows a contact.

mod changes;
mod companies;
mod company;
mod home;
mod labels;
mod mail;
mod matches;
mod member;
mod members;
mod opening;
pub(super) mod paging;
mod queue;
pub(super) mod rules;

use actix_web::web::ServiceConfig;

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    home::routes(config);
    queue::routes(config);
    opening::routes(config);
    members::routes(config);
    member::routes(config);
    companies::routes(config);
    company::routes(config);
    matches::routes(config);
    mail::routes(config);
}
