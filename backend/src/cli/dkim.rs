//! `dkim key FILE`: makes a key that signs mail and prints the record that publishes it.

use std::path::Path;

use crate::config::Config;
use crate::mail::compose::Sender;
use crate::mail::dkim_key::{self, KeyKind};
use crate::mail::second_selector;
use crate::server::StartError;

/// Makes the key and says what to do with it.
///
/// # Errors
/// When the file is there already or cannot be written.
pub fn key(config: &Config, file: &Path, ed25519: bool) -> Result<(), StartError> {
    let sender = Sender::parse(&config.mail_from).map_err(StartError::Config)?;
    let (kind, setting, selector) = if ed25519 {
        (KeyKind::Ed25519, "ROSTERLINE_DKIM_ED25519_KEY_FILE", second_selector(&config.dkim_selector))
    } else {
        (KeyKind::Rsa, "ROSTERLINE_DKIM_KEY_FILE", config.dkim_selector.clone())
    };
    let record = dkim_key::create(file, kind)
        .map_err(|error| StartError::Config(format!("the DKIM key file {}: {error}", file.display())))?;
    super::say(&format!("The key is in {}. Publish this TXT record:", file.display()));
    super::say(&format!("{selector}._domainkey.{}", sender.address().domain()));
    super::say(&record);
    super::say(&format!("Once it can be looked up, set {setting}={} and start the server anew.", file.display()));
    Ok(())
}
