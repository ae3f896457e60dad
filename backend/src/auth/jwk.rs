//! Ed25519 keys: the private one that signs, and the public one as the key set shows it (RFC 8037).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

const KIND: [&str; 4] = ["OKP", "Ed25519", "EdDSA", "sig"];

/// A public Ed25519 key as a JSON Web Key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    kty: String,
    crv: String,
    alg: String,
    #[serde(rename = "use")]
    usage: String,
    /// Its name in the key set.
    pub kid: String,
    x: String,
}

impl Jwk {
    /// From the 32 bytes of a public key.
    #[must_use]
    pub fn new(kid: &str, public: &[u8]) -> Self {
        let [kty, crv, alg, usage] = KIND.map(str::to_owned);
        Self { kty, crv, alg, usage, kid: kid.to_owned(), x: URL_SAFE_NO_PAD.encode(public) }
    }

    /// The bytes of the key, when this is an Ed25519 key for signatures.
    #[must_use]
    pub fn public(&self) -> Option<Vec<u8>> {
        let kind = [&self.kty, &self.crv, &self.alg, &self.usage];
        let bytes = URL_SAFE_NO_PAD.decode(&self.x).ok()?;
        (kind == KIND && bytes.len() == 32).then_some(bytes)
    }

    /// Its thumbprint (RFC 7638), by which people compare keys.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let members = format!("{{\"crv\":\"{}\",\"kty\":\"{}\",\"x\":\"{}\"}}", self.crv, self.kty, self.x);
        URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes()))
    }

    /// True when a signature (base64url) over a text was made with the private half.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let (Some(public), Ok(signature)) = (self.public(), URL_SAFE_NO_PAD.decode(signature)) else {
            return false;
        };
        UnparsedPublicKey::new(&ED25519, public).verify(text, &signature).is_ok()
    }
}

/// A JSON Web Key Set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

/// A private key for one purpose.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: Jwk,
}

impl SigningKey {
    /// From the seed of the key and its name in the key set.
    ///
    /// # Errors
    /// When the seed is not a key.
    pub fn new(seed: &[u8; 32], kid: &str) -> Result<Self, AppError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(AppError::internal)?;
        let public = Jwk::new(kid, pair.public_key().as_ref());
        Ok(Self { pair, public })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }

    /// The private half as tokens need it (PKCS #8).
    ///
    /// # Errors
    /// When the key cannot be written.
    pub(crate) fn pkcs8(&self) -> Result<Vec<u8>, AppError> {
        Ok(self.pair.to_pkcs8v1().map_err(AppError::internal)?.as_ref().to_vec())
    }

    /// A signature over a text, in base64url.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.sign(text).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_rfc_8037_signs_as_it_says() {
        // RFC 8037, appendices A.1, A.3 and A.4.
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SigningKey::new(&seed.try_into().unwrap(), "a").unwrap();
        assert_eq!(key.public().x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.public().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let text = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = key.sign(text);
        assert_eq!(signature, "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        assert!(key.public().verifies(text, &signature));
        assert!(!key.public().verifies(b"other", &signature));
        let other = Jwk { alg: "ES256".to_owned(), ..key.public().clone() };
        assert!(!other.verifies(text, &signature));
    }
}
