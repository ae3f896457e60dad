//! What turns a rendered mail into the bytes that leave: composed, and signed when there is a key.

use domain::contact::EmailAddress;
use store::Vault;
use store::outbox::Claimed;

use super::compose::{self, Head, Sender, compose};
use super::dkim::Signer;
use super::render::Draft;
use crate::config::Config;
use crate::error::AppError;

/// Shared by all workers.
pub(super) struct Press {
    sender: Sender,
    signer: Option<Signer>,
}

impl Press {
    /// Reads sender and keys.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub(super) fn new(config: &Config) -> Result<Self, String> {
        let sender = Sender::parse(&config.mail_from)?;
        let signer = Signer::of(config, sender.address().domain())?;
        Ok(Self { sender, signer })
    }

    /// Who every mail is from.
    pub(super) const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The message; the same bytes at every try.
    ///
    /// # Errors
    /// Internal, without anything of the mail.
    pub(super) fn message(
        &self,
        vault: &Vault,
        mail: &Claimed,
        draft: &Draft,
        to: &EmailAddress,
    ) -> Result<Vec<u8>, AppError> {
        let head = Head {
            id: &mail.id,
            message_id: self.sender.message_id(vault, &mail.id),
            created_at: mail.created_at,
            stop_link: draft.stop_link.as_deref(),
        };
        let message = compose(&self.sender, &compose::recipient(to)?, &head, &draft.mail)?;
        match &self.signer {
            Some(signer) => signer.sign(&message, mail.created_at),
            None => Ok(message),
        }
    }
}
