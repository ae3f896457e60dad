//! Keys that live outside the database: sealing of contacts, blind indexes, tokens of mail links, signatures.

mod key_file;
mod sealed;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::StoreError;
use key_file::{Master, Stamp};

pub use key_file::KeyFileError;
pub(crate) use sealed::Sealed;

const NONCE: usize = 24;
/// Sealed documents are padded to a multiple of this. The longest contact there is fits into one, but for one made of
/// characters that JSON escapes, so a length tells nothing.
const PAD: usize = 2048;

/// What a derived token is for. The label is part of what is hashed, so one token never serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    /// One-time sign-in.
    SignIn,
    /// Stop alerts.
    Stop,
    /// Confirm an address.
    Confirm,
    /// Mail is still wanted.
    Still,
    /// Which mail came back.
    Return,
    /// Stop what the community team writes.
    StopOutreach,
    /// Ask a new address whether it is theirs.
    NewAddress,
    /// Message-ID of a mail.
    MessageId,
}

impl TokenPurpose {
    const fn label(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in/v1",
            Self::Stop => "stop/v1",
            Self::Confirm => "confirm/v1",
            Self::Still => "still/v1",
            Self::Return => "return/v1",
            Self::StopOutreach => "stop-outreach/v1",
            Self::NewAddress => "new-address/v1",
            Self::MessageId => "message-id/v1",
        }
    }
}

struct Key {
    version: i32,
    wrap: Zeroizing<[u8; 32]>,
    /// What the database remembers of this version, to know it again.
    mark: [u8; 32],
}

/// The versions of the key as the file held them at a moment, newest first; the first seals, all open.
struct Ring {
    stamp: Stamp,
    keys: Vec<Key>,
}

impl Ring {
    fn of(stamp: Stamp, masters: &[Master]) -> Self {
        let key = |m: &Master| Key {
            version: m.version,
            wrap: subkey(&m.secret, "wrap"),
            mark: mac(&subkey(&m.secret, "mark"), &[b"mark/v1"]),
        };
        Self { stamp, keys: masters.iter().rev().map(key).collect() }
    }

    fn newest(&self) -> Result<&Key, StoreError> {
        self.keys.first().ok_or(StoreError::Sealed)
    }

    fn key(&self, version: i32) -> Result<&Key, StoreError> {
        self.keys.iter().find(|k| k.version == version).ok_or(StoreError::Sealed)
    }
}

/// The keys in use. Cheap to share behind an `Arc`.
pub struct Vault {
    path: PathBuf,
    ring: RwLock<Arc<Ring>>,
    index: Zeroizing<[u8; 32]>,
    token: Zeroizing<[u8; 32]>,
    jwt_seed: Zeroizing<[u8; 32]>,
    checkpoint_seed: Zeroizing<[u8; 32]>,
    receipt_seed: Zeroizing<[u8; 32]>,
    reach: Zeroizing<[u8; 32]>,
}

/// Shows nothing.
impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(redacted)")
    }
}

/// Held while a rotation is at work on a key file.
#[derive(Debug)]
pub struct RotationLock {
    _file: std::fs::File,
}

impl Vault {
    /// Reads the master key file, or makes it (mode 0600) when it is missing.
    ///
    /// # Errors
    /// When it cannot be read, is readable by others, or is damaged.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        if !path.exists() {
            key_file::create(path)?;
        }
        Self::open_existing(path)
    }

    /// Reads the master key file of a database that was sealed before.
    ///
    /// # Errors
    /// As `open`, and `Missing`.
    pub fn open_existing(path: &Path) -> Result<Self, KeyFileError> {
        if !path.exists() {
            return Err(KeyFileError::Missing);
        }
        let stamp = Stamp::of(path)?;
        let masters = key_file::read(path)?;
        // Indexes and tokens hang on the oldest key, so that a rotation does not change them.
        let oldest = &masters.first().ok_or(KeyFileError::Damaged)?.secret;
        Ok(Self {
            path: path.to_owned(),
            ring: RwLock::new(Arc::new(Ring::of(stamp, &masters))),
            index: subkey(oldest, "blind-index"),
            token: subkey(oldest, "token"),
            jwt_seed: subkey(oldest, "jwt"),
            checkpoint_seed: subkey(oldest, "ledger-checkpoint"),
            receipt_seed: subkey(oldest, "receipt"),
            reach: subkey(oldest, "reach-noise"),
        })
    }

    /// The versions of the key and what the database remembers of each, newest first.
    pub(crate) fn marks(&self) -> Vec<(i32, [u8; 32])> {
        self.ring().keys.iter().map(|k| (k.version, k.mark)).collect()
    }

    /// The version that seals.
    ///
    /// # Errors
    /// Never: a key file without a version is not opened.
    pub fn newest(&self) -> Result<i32, StoreError> {
        Ok(self.ring().newest()?.version)
    }

    /// Takes the lock of a rotation.
    ///
    /// # Errors
    /// `Rotating` when another one runs.
    pub fn lock(&self) -> Result<RotationLock, KeyFileError> {
        Ok(RotationLock { _file: key_file::lock(&self.path)? })
    }

    /// Adds a new version to the key file, which seals from now on: here at once, in other processes as soon as they
    /// seal or open the next contact.
    ///
    /// # Errors
    /// When the file cannot be written; it is as before then.
    pub fn add_version(&self, _lock: &RotationLock) -> Result<i32, KeyFileError> {
        let newest = key_file::read(&self.path)?.last().map_or(0, |m| m.version);
        let version = newest.checked_add(1).ok_or(KeyFileError::Damaged)?;
        key_file::add(&self.path, version)?;
        self.reload()?;
        Ok(version)
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reload(&self) -> Result<(), KeyFileError> {
        let stamp = Stamp::of(&self.path)?;
        let ring = Ring::of(stamp, &key_file::read(&self.path)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    /// The versions as they are now. `keys rotate` runs beside the server, and what the server seals after it has begun
    /// must not need another pass. A file that cannot be read just now leaves the known ones in force.
    fn fresh_ring(&self) -> Arc<Ring> {
        let known = self.ring();
        if Stamp::of(&self.path).is_ok_and(|stamp| stamp != known.stamp) && self.reload().is_ok() {
            return self.ring();
        }
        known
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

    /// What a limit counts somebody under. Counts of one act say nothing about those of another.
    pub(crate) fn limit_key(&self, act: &str, who: &str) -> Vec<u8> {
        mac(&self.index, &[b"limit/v1", act.as_bytes(), who.as_bytes()]).to_vec()
    }

    /// What a request with an Idempotency-Key is found under. The parts may hold anything, so they are hashed first.
    pub(crate) fn request_key(&self, label: &str, parts: &[&[u8]]) -> Vec<u8> {
        let hashed: Vec<u8> = parts.iter().flat_map(Sha256::digest).collect();
        mac(&self.index, &[b"request/v1", label.as_bytes(), &hashed]).to_vec()
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
    pub(crate) fn seal(&self, what: Sealed, row: &str, document: &[u8]) -> Result<(i32, Vec<u8>, Vec<u8>), StoreError> {
        let ring = self.fresh_ring();
        let key = ring.newest()?;
        let data_key = Zeroizing::new(random::<32>()?);
        let wrapped = encrypt(&key.wrap, &what.key_aad(row, key.version), &*data_key)?;
        let sealed = encrypt(&data_key, &what.document_aad(row), &pad(document)?)?;
        Ok((key.version, wrapped, sealed))
    }

    /// Opens what `seal` made for the same row.
    pub(crate) fn unseal(
        &self,
        what: Sealed,
        row: &str,
        version: i32,
        wrapped: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let data_key = self.unwrap_key(what, row, version, wrapped)?;
        let padded = decrypt(&data_key, &what.document_aad(row), sealed)?;
        unpad(&padded).map(|d| Zeroizing::new(d.to_vec())).ok_or(StoreError::Sealed)
    }

    /// Wraps the data key of a row anew with the newest version; the sealed document stays as it is.
    pub(crate) fn rewrap(
        &self,
        what: Sealed,
        row: &str,
        version: i32,
        wrapped: &[u8],
    ) -> Result<(i32, Vec<u8>), StoreError> {
        let data_key = self.unwrap_key(what, row, version, wrapped)?;
        let ring = self.ring();
        let key = ring.newest()?;
        Ok((key.version, encrypt(&key.wrap, &what.key_aad(row, key.version), &*data_key)?))
    }

    fn unwrap_key(
        &self,
        what: Sealed,
        row: &str,
        version: i32,
        wrapped: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let known = self.ring();
        // A version that is not known may have been added meanwhile.
        let ring = if known.key(version).is_ok() { known } else { self.fresh_ring() };
        let bytes = decrypt(&ring.key(version)?.wrap, &what.key_aad(row, version), wrapped)?;
        Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| StoreError::Sealed)?))
    }
}

/// SHA-256 of a token, which is all the database keeps of it.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
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
fn pad(document: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let length = u32::try_from(document.len()).map_err(|_| StoreError::Sealed)?;
    let whole = (document.len() + size_of::<u32>()).div_ceil(PAD) * PAD;
    // As large as it will be from the start: a buffer that grows leaves the document behind unwiped.
    let mut out = Zeroizing::new(Vec::with_capacity(whole));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(document);
    out.resize(whole, 0);
    Ok(out)
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
        let (version, wrapped, sealed) = vault.seal(Sealed::Contact, "row-a", b"secret").unwrap();
        assert_eq!(&**vault.unseal(Sealed::Contact, "row-a", version, &wrapped, &sealed).unwrap(), b"secret");
        assert!(vault.unseal(Sealed::Contact, "row-b", version, &wrapped, &sealed).is_err());
        assert!(vault.unseal(Sealed::SecondFactor, "row-a", version, &wrapped, &sealed).is_err(), "another sort");
        assert!(vault.unseal(Sealed::Contact, "row-a", version + 1, &wrapped, &sealed).is_err());
        let (_, other_wrapped, _) = vault.seal(Sealed::Contact, "row-a", b"secret").unwrap();
        assert!(vault.unseal(Sealed::Contact, "row-a", version, &other_wrapped, &sealed).is_err());
        let mut flipped = sealed.clone();
        if let Some(last) = flipped.last_mut() {
            *last ^= 1;
        }
        assert!(vault.unseal(Sealed::Contact, "row-a", version, &wrapped, &flipped).is_err());
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
        let size = |n: usize| vault.seal(Sealed::Contact, "r", &vec![7; n]).unwrap().2.len();
        // A name of 120 letters of four bytes, the longest address and the longest link.
        assert_eq!(size(1), size(480 + 254 + 500 + 100));
        assert_ne!(size(1), size(PAD));
    }

    #[test]
    fn a_new_version_seals_and_both_open_here_and_in_another_process() {
        let (dir, vault) = vault();
        let other = Vault::open(&dir.path().join("master.key")).unwrap();
        let (version, wrapped, sealed) = vault.seal(Sealed::Contact, "row", b"secret").unwrap();
        assert_eq!((version, vault.token(TokenPurpose::Stop, "x")), (1, other.token(TokenPurpose::Stop, "x")));
        let lock = vault.lock().unwrap();
        assert!(matches!(other.lock(), Err(KeyFileError::Rotating)));
        assert_eq!(vault.add_version(&lock).unwrap(), 2);
        assert_eq!(&**other.unseal(Sealed::Contact, "row", version, &wrapped, &sealed).unwrap(), b"secret");
        let (newer, rewrapped) = vault.rewrap(Sealed::Contact, "row", version, &wrapped).unwrap();
        assert_eq!((newer, vault.marks().len()), (2, 2));
        assert_eq!(&**other.unseal(Sealed::Contact, "row", newer, &rewrapped, &sealed).unwrap(), b"secret");
        assert!(other.unseal(Sealed::Contact, "row", version, &rewrapped, &sealed).is_err());
        assert_eq!(other.seal(Sealed::Contact, "row", b"secret").unwrap().0, 2, "the other process follows the file");
        assert_eq!(vault.token(TokenPurpose::Stop, "x"), other.token(TokenPurpose::Stop, "x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("master.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_or_missing_file_is_refused_and_left_alone() {
        let (dir, _) = vault();
        let path = dir.path().join("master.key");
        let whole = std::fs::read_to_string(&path).unwrap();
        let key = whole.lines().last().unwrap();
        for text in ["", "1:", "x:00", &key[..40], &format!("{key}0"), &format!("{key}\n{key}")] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Vault::open(&path), Err(KeyFileError::Damaged)), "{} bytes", text.len());
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(Vault::open_existing(&path), Err(KeyFileError::Missing)));
        assert!(!path.exists());
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
