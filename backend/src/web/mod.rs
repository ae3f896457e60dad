//! Pages: thin handlers that call the same use cases as the API and shape what people see.

mod form;
mod shell;
mod words;

mod account;
mod admin;
mod company;
mod confirm_you;
mod dev_mailbox;
mod dispute_words;
mod join;
mod mail_inbound;
mod mail_links;
mod member;
mod openings;
mod outreach_link;
mod second_step;
mod sign_in;
mod statics;
mod texts;
mod thread_words;

use actix_web::web::ServiceConfig;

use crate::auth::Routes;

/// Every page's route, for the server.
pub fn routes(config: &mut ServiceConfig) {
    every().install(config);
}

/// Every page's route, for the list.
#[must_use]
pub fn every() -> Routes {
    let mut all = Routes::default();
    let routes = &mut all;
    texts::routes(routes);
    statics::routes(routes);
    openings::routes(routes);
    join::routes(routes);
    sign_in::routes(routes);
    mail_links::routes(routes);
    mail_inbound::routes(routes);
    member::routes(routes);
    company::routes(routes);
    admin::routes(routes);
    account::routes(routes);
    second_step::routes(routes);
    confirm_you::routes(routes);
    dev_mailbox::routes(routes);
    all
}

/// What a page handler gives.
pub(crate) type WebResult = Result<actix_web::HttpResponse, crate::error::AppError>;

pub(crate) use form::Form;
pub(crate) use member::ledger_csv;
pub use shell::{error_page, set_session_cookie};
