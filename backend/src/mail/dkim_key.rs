//! Keys for DKIM: PEM files for their owner's eyes alone, and the records that publish their public halves.

use std::io::Write;
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The least bits of an RSA key that receivers still trust.
const LEAST_BITS: usize = 2048;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or written.
    #[error("it cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Others on this machine can read it.
    #[error("others can read it; set its mode to 0600")]
    Exposed,
    /// It holds no key of this kind.
    #[error("it holds no {0} key in PEM form; `rosterline dkim key FILE` makes one")]
    Damaged(&'static str),
    /// An RSA key that is too short.
    #[error("its key is too short; receivers want 2048 bits or more")]
    Short,
    /// It is there already.
    #[error("it is there already; nothing was written")]
    Taken,
    /// No key could be made.
    #[error("no key could be made")]
    Made,
}

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with 2048 bits, which every receiver knows.
    Rsa,
    /// Ed25519, which some know.
    Ed25519,
}

/// Reads an RSA key.
///
/// # Errors
/// What is wrong with the file.
pub fn read_rsa(path: &Path) -> Result<RsaKeyPair, KeyError> {
    let (label, der) = pem(path, "RSA")?;
    let pair = match label.as_str() {
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der),
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der),
        _ => return Err(KeyError::Damaged("RSA")),
    };
    let pair = pair.map_err(|error| match error.to_string().as_str() {
        "TooSmall" => KeyError::Short,
        _ => KeyError::Damaged("RSA"),
    })?;
    if pair.public_modulus_len() * 8 < LEAST_BITS { Err(KeyError::Short) } else { Ok(pair) }
}

/// Reads an Ed25519 key.
///
/// # Errors
/// What is wrong with the file.
pub fn read_ed25519(path: &Path) -> Result<Ed25519KeyPair, KeyError> {
    let (_, der) = pem(path, "Ed25519")?;
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::Damaged("Ed25519"))
}

/// Makes a key, writes it to a new file with mode 0600, and gives the record that publishes it.
///
/// # Errors
/// `Taken` when the file is there already.
pub fn create(path: &Path, kind: KeyKind) -> Result<String, KeyError> {
    let (der, record) = match kind {
        KeyKind::Rsa => {
            let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Made)?;
            let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| KeyError::Made)?.as_ref().to_vec();
            let record = rsa_record(&pair);
            (der, record)
        }
        KeyKind::Ed25519 => {
            let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Made)?;
            let der = pair.to_pkcs8v1().map_err(|_| KeyError::Made)?.as_ref().to_vec();
            (der, record("ed25519", pair.public_key().as_ref()))
        }
    };
    let lines: Vec<String> =
        STANDARD.encode(&der).into_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let text = zeroize::Zeroizing::new(format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    ));
    write_new(path, &text)?;
    Ok(record)
}

/// The record of an RSA key.
pub(super) fn rsa_record(pair: &RsaKeyPair) -> String {
    let public: Result<PublicKeyX509Der<'_>, _> = pair.public_key().as_der();
    // Of a key that was read, so there is nothing to fail.
    public.map(|der| record("rsa", der.as_ref())).unwrap_or_default()
}

/// The record of a public key.
pub(super) fn record(kind: &str, public: &[u8]) -> String {
    format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public))
}

/// The first block of a PEM file, with its label.
fn pem(path: &Path, kind: &'static str) -> Result<(String, zeroize::Zeroizing<Vec<u8>>), KeyError> {
    refuse_exposed(path)?;
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(path)?);
    let (_, rest) = text.split_once("-----BEGIN ").ok_or(KeyError::Damaged(kind))?;
    let (label, rest) = rest.split_once("-----").ok_or(KeyError::Damaged(kind))?;
    let (body, _) = rest.split_once("-----END ").ok_or(KeyError::Damaged(kind))?;
    let body: zeroize::Zeroizing<String> = zeroize::Zeroizing::new(body.split_whitespace().collect());
    let der = STANDARD.decode(body.as_bytes()).map_err(|_| KeyError::Damaged(kind))?;
    Ok((label.to_owned(), zeroize::Zeroizing::new(der)))
}

fn write_new(path: &Path, text: &str) -> Result<(), KeyError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => KeyError::Taken,
        _ => error.into(),
    })?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), KeyError> {
    Ok(())
}
