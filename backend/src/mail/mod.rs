//! Mail: what is queued, how it is rendered, the gate before it leaves, and the way to the mail server.
//!
//! A mail is a row of ids until a worker takes it. The worker renders it, passes it through the gate, sends it
//! and writes what became of it, one row and one commit at a time.

mod address;
mod alert;
pub mod arming;
pub mod breaker;
mod cards;
pub mod compose;
pub(crate) mod conversation;
mod delivery;
mod desk;
mod dkim;
pub mod dkim_key;
pub mod dns;
mod folder;
mod follow;
mod gate;
pub mod inbound;
mod judge;
pub mod mailbox;
pub(crate) mod notices;
pub(crate) mod outreach;
pub mod pace;
mod plan;
pub mod post;
mod press;
mod preview;
pub mod queue;
mod render;
pub mod reply;
mod settlement;
pub mod smtp;
mod suppressed;
pub mod wire;
mod worker;

use crate::config::{Config, MailRoute};

pub(crate) use address::{Standing, standing};
pub(crate) use cards::view as card_view;
pub use dkim::second_selector;
pub(crate) use follow::strike;
pub(crate) use judge::{Fate, Judge, Judged, Shown};
pub(crate) use plan::Planner;
pub use preview::letter;
pub use worker::run;

/// Reads the settings of mail once, so that a fault stops the start and not the first mail.
///
/// # Errors
/// A sentence that says what is wrong; it quotes no password.
pub fn check(config: &Config, route: &MailRoute) -> Result<(), String> {
    press::Press::new(config)?;
    if let MailRoute::Smtp(server) = route {
        smtp::Relay::new(server)?;
    }
    Ok(())
}
