//! What turns a rendered mail into the bytes that leave: composed, and signed when there is a key.

use domain::MailId;
use domain::contact::EmailAddress;
use lettre::Address;
use store::Vault;
use store::outbox::Claimed;

use super::compose::{self, Head, Sender, compose};
use super::dkim::Signer;
use super::inbound::return_token;
use super::render::Draft;
use crate::config::Config;
use crate::error::AppError;

/// Shared by all workers.
pub(super) struct Press {
    sender: Sender,
    /// Name and host of the address for reports.
    returns: Option<(String, String)>,
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
        let returns = config.bounce_address.as_ref().and_then(|address| {
            let (name, host) = address.reveal().rsplit_once('@')?;
            Some((name.to_owned(), host.to_owned()))
        });
        Ok(Self { sender, returns, signer })
    }

    /// Where mail servers send reports about a mail: with a mark that says which, when there is an address for that.
    pub(super) fn returns_to(&self, vault: &Vault, mail: &MailId) -> Address {
        let marked = self
            .returns
            .as_ref()
            .and_then(|(name, host)| Address::new(format!("{name}+{}", return_token(vault, mail)), host).ok());
        marked.unwrap_or_else(|| self.sender.address().clone())
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
            kind: mail.kind,
        };
        let message = compose(&self.sender, &compose::recipient(to)?, &head, &draft.mail)?;
        match &self.signer {
            Some(signer) => signer.sign(&message, mail.created_at),
            None => Ok(message),
        }
    }
}
