//! Pages: thin handlers that call the same use cases as the API and shape what people see.

mod form;
mod shell;
mod words;

mod account;
mod admin;
mod company;
mod dev_mailbox;
mod join;
mod mail_links;
mod member;
mod openings;
mod sign_in;
mod statics;
mod texts;

use actix_web::web::ServiceConfig;

/// Every page's route.
pub fn routes(config: &mut ServiceConfig) {
    texts::routes(config);
    statics::routes(config);
    openings::routes(config);
    join::routes(config);
    sign_in::routes(config);
    mail_links::routes(config);
    member::routes(config);
    company::routes(config);
    admin::routes(config);
    account::routes(config);
    dev_mailbox::routes(config);
}

/// What a page handler gives.
pub(crate) type WebResult = Result<actix_web::HttpResponse, crate::error::AppError>;

pub(crate) use member::ledger_csv;
pub use shell::{error_page, set_session_cookie};
