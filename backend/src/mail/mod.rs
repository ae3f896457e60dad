//! Mail: what is queued, how it is rendered, the gate before it leaves, and the way to the mail server.
//!
//! A mail is a row of ids until a worker takes it. The worker renders it, passes it through the gate, sends it
//! and writes what became of it, one row and one commit at a time.

mod cards;
pub mod compose;
mod folder;
mod gate;
pub mod mailbox;
pub mod queue;
mod render;
pub mod reply;
mod settlement;
pub mod smtp;
pub mod wire;
mod worker;

use crate::config::{Config, MailRoute};

pub use worker::run;

/// Reads the settings of mail once, so that a fault stops the start and not the first mail.
///
/// # Errors
/// A sentence that says what is wrong; it quotes no password.
pub fn check(config: &Config, route: &MailRoute) -> Result<(), String> {
    compose::Sender::parse(&config.mail_from)?;
    if let MailRoute::Smtp(server) = route {
        smtp::Relay::new(server)?;
    }
    Ok(())
}
