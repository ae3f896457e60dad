//! The open board: the list with its filters, one opening, and the companies behind them.

mod company;
mod filters;
mod find;
mod list;
mod search;
mod show;

pub(super) use find::find;
pub(super) use show::public as public_opening;

use crate::auth::Routes;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    list::routes(routes);
    show::routes(routes);
    company::routes(routes);
}
