//! Stories of the product, told over HTTP and mail, each on both databases.

mod alerts;
mod desk_pages;
mod mail_transport;
mod main_story;
mod pages;
mod refusals;
mod sign_in;
