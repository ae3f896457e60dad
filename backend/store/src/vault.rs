//! Keys that live outside the database: sealing of contacts, blind indexes, tokens of mail links, signatures.

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::StoreError;

const NONCE: usize = 24;
/// Sealed blobs are padded to a multiple of this, so that their length says little.
const PAD: usize = 256;

/// Why the master key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the master key file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Others on this machine can read it.
    #[error("the master key file can be read by others; set its mode to 0600")]
    Exposed,
    /// It does not hold versioned keys.
    #[error("the master key file is damaged: expected lines of the form `1:<64 hex digits>`")]
    Damaged,
    /// No randomness.
    #[error("the system gave no randomness")]
    Random,
}

/// What a derived token is for. The label is part of what is hashed, so one token never serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    /// One-time sign-in.
    SignIn,
    /// Stop alerts.
    Stop,
    /// Message-ID of a mail.
    MessageId,
}

impl TokenPurpose {
    const fn label(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in/v1",
            Self::Stop => "stop/v1",
            Self::MessageId => "message-id/v1",
        }
    }
}

struct Key {
    version: i32,
    wrap: Zeroizing<[u8; 32]>,
}

/// The keys in use. Cheap to share behind an `Arc`.
pub struct Vault {
    /// Newest first; the first seals, all open.
    keys: Vec<Key>,
    index: Zeroizing<[u8; 32]>,
    token: Zeroizing<[u8; 32]>,
    jwt_seed: Zeroizing<[u8; 32]>,
    checkpoint_seed: Zeroizing<[u8; 32]>,
    receipt_seed: Zeroizing<[u8; 32]>,
    reach: Zeroizing<[u8; 32]>,
}

impl Vault {
    /// Reads the master key file, or makes it (mode 0600) when it is missing.
    ///
    /// # Errors
    /// When it cannot be read, is readable by others, or is damaged.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        if !path.exists() {
            create(path)?;
        }
        refuse_exposed(path)?;
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        let mut masters = Vec::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (version, hex) = line.split_once(':').ok_or(KeyFileError::Damaged)?;
            let version: i32 = version.parse().map_err(|_| KeyFileError::Damaged)?;
            masters.push((version, unhex(hex).ok_or(KeyFileError::Damaged)?));
        }
        masters.sort_by_key(|(version, _)| *version);
        // Indexes and tokens hang on the oldest key, so that a rotation does not change them.
        let oldest = masters.first().ok_or(KeyFileError::Damaged)?;
        let (index, token, jwt_seed) =
            (subkey(&oldest.1, "blind-index"), subkey(&oldest.1, "token"), subkey(&oldest.1, "jwt"));
        let reach = subkey(&oldest.1, "reach-noise");
        let keys =
            masters.iter().rev().map(|(version, m)| Key { version: *version, wrap: subkey(m, "wrap") }).collect();
        let (checkpoint_seed, receipt_seed) = (subkey(&oldest.1, "ledger-checkpoint"), subkey(&oldest.1, "receipt"));
        Ok(Self { keys, index, token, jwt_seed, checkpoint_seed, receipt_seed, reach })
    }

    /// Seed of the key that signs access tokens.
    #[must_use]
    pub fn jwt_seed(&self) -> &[u8; 32] {
        &self.jwt_seed
    }

    /// What the noise of a name in one snapshot of the reach bands is drawn from. Whoever has the database and not the
    /// key cannot take the noise off again.
    #[must_use]
    pub fn noise_seed(&self, snapshot: &str, name: &str) -> [u8; 32] {
        mac(&self.reach, &[b"noise/v1", snapshot.as_bytes(), name.as_bytes()])
    }

    /// Seed of the key that signs checkpoints of the ledger and nothing else.
    #[must_use]
    pub fn checkpoint_seed(&self) -> &[u8; 32] {
        &self.checkpoint_seed
    }

    /// Seed of the key that signs receipts of introductions and nothing else.
    #[must_use]
    pub fn receipt_seed(&self) -> &[u8; 32] {
        &self.receipt_seed
    }

    /// The blind index of a canonical value: equality and nothing else.
    pub(crate) fn blind_index(&self, label: &str, value: &str) -> Vec<u8> {
        mac(&self.index, &[label.as_bytes(), value.as_bytes()]).to_vec()
    }

    /// A token made from an id: nobody without the key can make it, and it need not be stored.
    /// 32 bytes as 43 URL-safe characters.
    #[must_use]
    pub fn token(&self, purpose: TokenPurpose, id: &str) -> String {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .encode(mac(&self.token, &[purpose.label().as_bytes(), id.as_bytes()]))
    }

    /// Seals a document for one row: `(key version, wrapped data key, sealed document)`.
    pub(crate) fn seal(&self, row: &str, document: &[u8]) -> Result<(i32, Vec<u8>, Vec<u8>), StoreError> {
        let key = self.keys.first().ok_or(StoreError::Sealed)?;
        let data_key = Zeroizing::new(random::<32>()?);
        let wrapped = encrypt(&key.wrap, &aad(row, key.version, "key"), &*data_key)?;
        let sealed = encrypt(&data_key, &aad(row, key.version, "contact"), &pad(document))?;
        Ok((key.version, wrapped, sealed))
    }

    /// Opens what `seal` made for the same row.
    pub(crate) fn unseal(
        &self,
        row: &str,
        version: i32,
        wrapped: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let key = self.keys.iter().find(|k| k.version == version).ok_or(StoreError::Sealed)?;
        let data_key = decrypt(&key.wrap, &aad(row, version, "key"), wrapped)?;
        let data_key: [u8; 32] = data_key.as_slice().try_into().map_err(|_| StoreError::Sealed)?;
        let padded = decrypt(&data_key, &aad(row, version, "contact"), sealed)?;
        unpad(&padded).map(|d| Zeroizing::new(d.to_vec())).ok_or(StoreError::Sealed)
    }
}

/// SHA-256 of a token, which is all the database keeps of it.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn create(path: &Path) -> Result<(), KeyFileError> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let bytes = Zeroizing::new(random::<32>().map_err(|_| KeyFileError::Random)?);
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let mut file = options.open(path)?;
    file.write_all(
        format!("# Rosterline master keys. Keep a copy apart from the database; never commit it.\n1:{hex}\n")
            .as_bytes(),
    )?;
    Ok(file.sync_all()?)
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Exposed) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), KeyFileError> {
    Ok(())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.trim().chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}

#[expect(clippy::expect_used, reason = "the only cause of an error is a length far above 32 bytes")]
fn subkey(master: &[u8; 32], label: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, master)
        .expand(format!("rosterline/{label}").as_bytes(), &mut *out)
        .expect("32 bytes are below the limit of HKDF-SHA256");
    out
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length; a default here would be a hole")]
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
        mac.update(b"|");
    }
    mac.finalize().into_bytes().into()
}

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Sealed)?;
    Ok(bytes)
}

fn aad(row: &str, version: i32, part: &str) -> String {
    format!("contact/v1|{part}|{version}|{row}")
}

fn encrypt(key: &[u8; 32], aad: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>()?;
    let mut out = nonce.to_vec();
    let sealed = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: aad.as_bytes() })
        .map_err(|_| StoreError::Sealed)?;
    out.extend(sealed);
    Ok(out)
}

fn decrypt(key: &[u8; 32], aad: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(StoreError::Sealed)?;
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: aad.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| StoreError::Sealed)
}

/// Length as four bytes, the document, zeros up to the next multiple of `PAD`.
fn pad(document: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = u32::try_from(document.len()).unwrap_or(u32::MAX);
    let mut out = Zeroizing::new(length.to_be_bytes().to_vec());
    out.extend_from_slice(document);
    let whole = out.len().div_ceil(PAD) * PAD;
    out.resize(whole, 0);
    out
}

fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, Vault) {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::open(&dir.path().join("master.key")).unwrap();
        (dir, vault)
    }

    #[test]
    fn a_blob_opens_only_for_its_row_and_its_version() {
        let (_dir, vault) = vault();
        let (version, wrapped, sealed) = vault.seal("row-a", b"secret").unwrap();
        assert_eq!(&**vault.unseal("row-a", version, &wrapped, &sealed).unwrap(), b"secret");
        assert!(vault.unseal("row-b", version, &wrapped, &sealed).is_err());
        assert!(vault.unseal("row-a", version + 1, &wrapped, &sealed).is_err());
        let (_, other_wrapped, _) = vault.seal("row-a", b"secret").unwrap();
        assert!(vault.unseal("row-a", version, &other_wrapped, &sealed).is_err());
        let mut flipped = sealed.clone();
        if let Some(last) = flipped.last_mut() {
            *last ^= 1;
        }
        assert!(vault.unseal("row-a", version, &wrapped, &flipped).is_err());
    }

    #[test]
    fn noise_is_of_its_key_its_snapshot_and_its_name() {
        let ((_dir, vault), (_other_dir, other)) = (vault(), vault());
        let seed = vault.noise_seed("7", "a/b/c");
        assert_eq!(seed, vault.noise_seed("7", "a/b/c"));
        assert_ne!(seed, vault.noise_seed("8", "a/b/c"));
        assert_ne!(seed, vault.noise_seed("7", "a/b/d"));
        assert_ne!(seed, other.noise_seed("7", "a/b/c"));
    }

    #[test]
    fn lengths_say_little() {
        let (_dir, vault) = vault();
        let size = |n: usize| vault.seal("r", &vec![7; n]).unwrap().2.len();
        assert_eq!(size(1), size(200));
        assert_ne!(size(1), size(300));
    }

    #[test]
    fn the_key_file_is_private_and_stable() {
        let (dir, vault) = vault();
        let path = dir.path().join("master.key");
        let again = Vault::open(&path).unwrap();
        assert_eq!(vault.token(TokenPurpose::Stop, "x"), again.token(TokenPurpose::Stop, "x"));
        assert_ne!(vault.token(TokenPurpose::Stop, "x"), vault.token(TokenPurpose::SignIn, "x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Vault::open(&path), Err(KeyFileError::Exposed)));
        }
    }
}
