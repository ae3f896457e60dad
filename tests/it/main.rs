//! Stories of the product, told over HTTP and mail, each on both databases.

mod alerts;
mod canaries;
mod desk_pages;
mod introductions;
mod mail_transport;
mod main_story;
mod matching;
mod outbox;
mod pages;
mod refusals;
mod sign_in;
