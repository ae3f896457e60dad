//! The open board: the list with its filters, one opening, and the companies behind them.

mod company;
mod filters;
mod find;
mod list;
mod search;
mod show;

use actix_web::web::ServiceConfig;

pub(super) use find::find;
pub(super) use show::public as public_opening;

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    list::routes(config);
    show::routes(config);
    company::routes(config);
}
