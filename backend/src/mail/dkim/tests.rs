//! The forms of RFC 6376 and that a signature covers what it must. tests/mail_check.py verifies whole mails with another
//! program.

use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::*;
use crate::mail::dkim_key::KeyKind;

const MAIL: &str = "From: Rosterline <no-reply@board.example>\r\nTo: jane@clinic.example\r\nSubject: One\r\n two\r\n\
    Date: Mon, 02 Mar 2026 18:00:00 +0000\r\nMessage-ID: <a@board.example>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative;\r\n boundary=\"x\"\r\n\r\nHello  there \r\n\r\n";

/// A folder that goes with the test.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn folder() -> Folder {
    let path = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&path).unwrap();
    Folder(path)
}

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn signer(dir: &Path) -> (Signer, Config) {
    let mut config = Config::new(dir.to_path_buf());
    let (rsa, ed) = (dir.join("rsa.pem"), dir.join("ed.pem"));
    dkim_key::create(&rsa, KeyKind::Rsa).unwrap();
    dkim_key::create(&ed, KeyKind::Ed25519).unwrap();
    config.dkim_key_file = Some(rsa);
    config.dkim_ed25519_key_file = Some(ed);
    (Signer::of(&config, "Board.Example").unwrap().unwrap(), config)
}

#[test]
fn headers_and_bodies_are_relaxed_as_the_rfc_says() {
    // RFC 6376, 3.4.5.
    assert_eq!(relaxed_header("A", " X"), "a:X");
    assert_eq!(relaxed_header("B ", " Y\t\r\n\tZ  "), "b:Y Z");
    assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    assert_eq!(relaxed_body(""), "");
    assert_eq!(relaxed_body("\r\n\r\n"), "");
    assert_eq!(relaxed_body("a\r\n\r\nb"), "a\r\n\r\nb\r\n");
    let found = headers("A: 1\r\nB: 2\r\n 3\r\n\t4\r\nC:5");
    assert_eq!(found, [("A", " 1"), ("B", " 2\r\n 3\r\n\t4"), ("C", "5")]);
}

/// The text that RFC 6376, 3.7 says is signed, put together a second time from the header of the signature alone.
fn signed_text(message: &str, signature: &str) -> (String, Vec<u8>) {
    let compact: String = signature.split_whitespace().collect();
    let tag = |name: &str| {
        compact
            .split(';')
            .find_map(|t| t.split_once('=').filter(|(n, _)| n.ends_with(name)).map(|(_, v)| v.to_owned()))
            .unwrap()
    };
    let head = message.split("\r\n\r\n").next().unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut text = String::new();
    let mut seen = std::collections::HashMap::new();
    for name in tag("h").split(':') {
        let all: Vec<&str> =
            unfolded.split("\r\n").filter(|l| l.split(':').next().unwrap().eq_ignore_ascii_case(name)).collect();
        let nth = seen.entry(name.to_ascii_lowercase()).and_modify(|n| *n += 1).or_insert(0_usize);
        if let Some(line) = all.iter().rev().nth(*nth) {
            let (name, value) = line.split_once(':').unwrap();
            text.push_str(&format!(
                "{}:{}\r\n",
                name.to_ascii_lowercase(),
                value.split_whitespace().collect::<Vec<_>>().join(" ")
            ));
        }
    }
    let (before, b) = signature.rsplit_once(";\r\n b=").unwrap();
    let value = before.split_whitespace().collect::<Vec<_>>().join(" ");
    text.push_str(&format!("dkim-signature:{value}; b="));
    let b: String = b.split_whitespace().collect();
    (text, STANDARD.decode(b).unwrap())
}

#[test]
fn both_keys_sign_and_every_try_gives_the_same_bytes() {
    let dir = folder();
    let (signer, _) = signer(&dir.0);
    let signed = signer.sign(MAIL.as_bytes(), at()).unwrap();
    assert_eq!(signed, signer.sign(MAIL.as_bytes(), at()).unwrap());
    let signed = String::from_utf8(signed).unwrap();
    assert!(signed.ends_with(MAIL) && signed.split("\r\n").all(|line| line.len() < 100), "{signed}");
    let signatures: Vec<&str> = signed.strip_suffix(MAIL).unwrap().split("DKIM-Signature:").skip(1).collect();
    assert_eq!(signatures.len(), 2);
    for (signature, (name, record)) in signatures.iter().zip(signer.records()) {
        let public = STANDARD.decode(record.rsplit_once("p=").unwrap().1).unwrap();
        let (text, made) = signed_text(MAIL, signature.trim_end());
        if record.contains("k=rsa") {
            assert_eq!(name, "rosterline._domainkey.board.example");
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(text.as_bytes(), &made).unwrap();
        } else {
            assert_eq!(name, "rosterline-ed25519._domainkey.board.example");
            let hash = digest::digest(&digest::SHA256, text.as_bytes());
            UnparsedPublicKey::new(&ED25519, public).verify(hash.as_ref(), &made).unwrap();
        }
        assert!(
            signature.contains("d=board.example;")
                && signature.contains("c=relaxed/relaxed;")
                && signature.contains("t=0;")
        );
        let names = signature.split_once("h=").unwrap().1.split(';').next().unwrap();
        let names: Vec<&str> = names.split(':').map(str::trim).collect();
        for twice in OVERSIGNED {
            assert_eq!(names.iter().filter(|name| **name == twice).count(), 2, "{twice}");
        }
        for once in ["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Content-Type", "Message-ID"] {
            assert!(names.contains(&once), "{once}");
        }
    }
}

#[test]
fn a_key_that_is_short_open_or_none_is_refused_in_words() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let (_, mut config) = signer(&dir.0);
    let rsa = config.dkim_key_file.clone().unwrap();
    assert!(matches!(dkim_key::create(&rsa, KeyKind::Rsa), Err(KeyError::Taken)));
    std::fs::set_permissions(&rsa, std::fs::Permissions::from_mode(0o644)).unwrap();
    let told = |config: &Config| Signer::of(config, "board.example").err().unwrap();
    assert!(told(&config).contains("set its mode to 0600"), "{}", told(&config));
    config.dkim_key_file = config.dkim_ed25519_key_file.clone();
    assert!(told(&config).contains("holds no RSA key"), "{}", told(&config));
    config.dkim_key_file = None;
    assert!(told(&config).contains("needs ROSTERLINE_DKIM_KEY_FILE"), "{}", told(&config));
    config.dkim_ed25519_key_file = None;
    assert!(Signer::of(&config, "board.example").unwrap().is_none());
}
