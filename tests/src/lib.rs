//! What the tests of Rosterline stand on: an SMTP peer, a throw-away PostgreSQL, a browser, HTTP
//! clients for each role, and builders for the data of a story. It knows the product by its
//! configuration, its addresses and its mails; it never reaches into the product's tables.

pub mod app;
pub mod authenticator;
pub mod beside;
pub mod browser;
pub mod canary;
pub mod client;
pub mod crash_mail;
pub mod crowd;
pub mod database;
pub mod encoding;
pub mod factory;
pub mod hostile;
pub mod html;
pub mod journeys;
pub mod letter;
pub mod logs;
pub mod long_story;
pub mod mail_node;
pub mod page_client;
pub mod pg;
pub mod settings;
pub mod smtp_peer;
mod smtp_session;

#[cfg(test)]
mod smtp_peer_tests;
