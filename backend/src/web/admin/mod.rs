//! Pages of community admins. No page here shows a contact, but for the answer to a look that is recorded.

mod audit;
mod changes;
mod companies;
mod company;
mod contact;
mod dispute;
mod facts;
mod home;
mod labels;
mod mail;
mod mail_dns;
mod mail_one;
mod mail_words;
mod matches;
mod member;
mod members;
mod opening;
mod outreach;
pub(super) mod paging;
mod queue;
pub(super) mod rules;
mod why;

use crate::auth::Routes;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    home::routes(routes);
    queue::routes(routes);
    opening::routes(routes);
    outreach::routes(routes);
    why::routes(routes);
    members::routes(routes);
    member::routes(routes);
    contact::routes(routes);
    companies::routes(routes);
    company::routes(routes);
    dispute::routes(routes);
    matches::routes(routes);
    mail::routes(routes);
    mail_one::routes(routes);
    mail_dns::routes(routes);
    audit::routes(routes);
    facts::routes(routes);
}
