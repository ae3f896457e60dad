//! DKIM (RFC 6376, RFC 8463): signs the bytes that leave, relaxed/relaxed, with RSA and, beside it, Ed25519.
//!
//! The time of a signature is when the mail was written, so a mail that is sent again is the same to the last byte.

use std::path::Path;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::dkim_key::{self, KeyError};
use crate::config::Config;
use crate::error::AppError;

/// What is signed; what a mail does not have is signed as missing, so that nobody can add it.
const SIGNED: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
    "Auto-Submitted",
    "Feedback-ID",
];
/// Signed once more, so that a second one added on the way breaks the signature.
const OVERSIGNED: [&str; 5] = ["From", "To", "Subject", "Date", "Reply-To"];
/// Characters of a folded line.
const LINE: usize = 72;

/// One key with the name it is published under.
struct Key {
    selector: String,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Signs mails of one domain.
pub struct Signer {
    domain: String,
    keys: Vec<Key>,
}

impl Signer {
    /// The signer that the settings ask for; `None` when they leave signing to the mail server.
    ///
    /// # Errors
    /// A sentence that says which file is wrong and why.
    pub fn of(config: &Config, domain: &str) -> Result<Option<Self>, String> {
        let Some(rsa) = &config.dkim_key_file else {
            return match &config.dkim_ed25519_key_file {
                None => Ok(None),
                Some(_) => Err("ROSTERLINE_DKIM_ED25519_KEY_FILE needs ROSTERLINE_DKIM_KEY_FILE beside it: the large \
                                hosts know RSA alone"
                    .to_owned()),
            };
        };
        let mut signer = Self { domain: domain.to_ascii_lowercase(), keys: Vec::new() };
        let told = |path: &Path, error: KeyError| format!("the DKIM key file {}: {error}", path.display());
        let pair = Pair::Rsa(dkim_key::read_rsa(rsa).map_err(|error| told(rsa, error))?);
        signer.keys.push(Key { selector: config.dkim_selector.clone(), pair });
        if let Some(path) = &config.dkim_ed25519_key_file {
            let pair = Pair::Ed25519(dkim_key::read_ed25519(path).map_err(|error| told(path, error))?);
            signer.keys.push(Key { selector: second_selector(&config.dkim_selector), pair });
        }
        Ok(Some(signer))
    }

    /// The message with a signature of each key in front.
    ///
    /// # Errors
    /// Internal, when the message has no head or a key does not sign.
    pub fn sign(&self, message: &[u8], at: DateTime<Utc>) -> Result<Vec<u8>, AppError> {
        let text = std::str::from_utf8(message).map_err(|_| AppError::internal("a mail is not ASCII"))?;
        let (head, body) =
            text.split_once("\r\n\r\n").ok_or_else(|| AppError::internal("a mail without a head cannot be signed"))?;
        let headers = headers(head);
        let body_hash = STANDARD.encode(digest::digest(&digest::SHA256, relaxed_body(body).as_bytes()));
        let mut signed = String::with_capacity(text.len() + 1024);
        for key in &self.keys {
            signed.push_str(&self.signature(key, &headers, &body_hash, at)?);
        }
        signed.push_str(text);
        Ok(signed.into_bytes())
    }

    /// The names, domains and records under which the public keys must be found.
    #[must_use]
    pub fn records(&self) -> Vec<(String, String)> {
        let record = |key: &Key| match &key.pair {
            Pair::Rsa(pair) => dkim_key::rsa_record(pair),
            Pair::Ed25519(pair) => dkim_key::record("ed25519", pair.public_key().as_ref()),
        };
        self.keys.iter().map(|key| (format!("{}._domainkey.{}", key.selector, self.domain), record(key))).collect()
    }

    fn signature(
        &self,
        key: &Key,
        headers: &[(&str, &str)],
        body_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<String, AppError> {
        let names: Vec<&str> = SIGNED.iter().chain(&OVERSIGNED).copied().collect();
        let algorithm = match &key.pair {
            Pair::Rsa(_) => "rsa-sha256",
            Pair::Ed25519(_) => "ed25519-sha256",
        };
        let unsigned = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.domain,
            key.selector,
            at.timestamp(),
            folded(&names.join(":"), ':'),
        );
        let mut text = String::new();
        let mut left: Vec<&(&str, &str)> = headers.iter().collect();
        for name in &names {
            // From the bottom up, and each instance once (RFC 6376, 5.4.2).
            if let Some(at) = left.iter().rposition(|(other, _)| other.eq_ignore_ascii_case(name)) {
                let (name, value) = left.remove(at);
                text.push_str(&relaxed_header(name, value));
                text.push_str("\r\n");
            }
        }
        let (name, value) = unsigned.split_once(':').unwrap_or_default();
        // The signature's own header stands last, without a line end (RFC 6376, 3.7).
        text.push_str(&relaxed_header(name, value));
        let made = sign(&key.pair, text.as_bytes())?;
        Ok(format!("{unsigned}{}\r\n", folded_text(&STANDARD.encode(made))))
    }
}

/// The name of the second key beside that of the first.
#[must_use]
pub fn second_selector(first: &str) -> String {
    format!("{first}-ed25519")
}

fn sign(pair: &Pair, text: &[u8]) -> Result<Vec<u8>, AppError> {
    match pair {
        Pair::Rsa(pair) => {
            let mut made = vec![0; pair.public_modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut made)
                .map_err(|_| AppError::internal("the DKIM key does not sign"))?;
            Ok(made)
        }
        // RFC 8463 signs the hash.
        Pair::Ed25519(pair) => Ok(pair.sign(digest::digest(&digest::SHA256, text).as_ref()).as_ref().to_vec()),
    }
}

/// Name and value of each header, the value with its folds.
fn headers(head: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        // A header ends at the first line end that no space follows.
        let end = rest
            .match_indices("\r\n")
            .map(|(at, _)| at)
            .find(|at| !rest.get(at + 2..).is_some_and(|next| next.starts_with([' ', '\t'])))
            .unwrap_or(rest.len());
        let (line, next) = (rest.get(..end).unwrap_or(rest), rest.get(end + 2..).unwrap_or_default());
        if let Some(header) = line.split_once(':') {
            found.push(header);
        }
        rest = next;
    }
    found
}

/// RFC 6376, 3.4.2.
fn relaxed_header(name: &str, value: &str) -> String {
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.trim_end().to_ascii_lowercase(), words.join(" "))
}

/// RFC 6376, 3.4.4.
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut blank = 0_usize;
    for line in body.split("\r\n") {
        let line = line.trim_end_matches([' ', '\t']);
        if line.is_empty() {
            blank += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut blank) {
            out.push_str("\r\n");
        }
        let mut space = false;
        for c in line.chars() {
            let is_space = matches!(c, ' ' | '\t');
            if !is_space {
                out.push(c);
            } else if !space {
                out.push(' ');
            }
            space = is_space;
        }
        out.push_str("\r\n");
    }
    out
}

/// Broken after a separator, so that no line grows long.
fn folded(text: &str, separator: char) -> String {
    let mut out = String::new();
    let mut length = 0;
    for part in text.split_inclusive(separator) {
        if length + part.len() > LINE {
            out.push_str("\r\n  ");
            length = 0;
        }
        out.push_str(part);
        length += part.len();
    }
    out
}

/// Broken anywhere: space inside a signature does not count.
fn folded_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(LINE).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("\r\n  ")
}

#[cfg(test)]
mod tests;
