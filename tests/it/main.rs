//! Stories of the product, told over HTTP and mail, each on both databases.

mod alert_wishes;
mod alerts;
mod authz;
mod canaries;
mod desk_pages;
mod erasure;
mod export;
mod index;
mod introductions;
mod leakcheck;
mod ledger;
mod mail_transport;
mod main_story;
mod matching;
mod outbox;
mod pages;
mod privacy_sim;
mod reach;
mod refusals;
mod search;
mod sign_in;
mod tokens;
mod vault;
