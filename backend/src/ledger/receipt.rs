//! Receipts: what a member agreed to, as a signed token that anyone can check against the key set. No contact value.

use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::{IntroductionId, LedgerId, OpeningId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::auth::{Jwk, Jwks, SigningKey};
use crate::error::AppError;

/// The `typ` of the header: a receipt is no other token, whatever reads it.
const TYPE: &str = "introduction-receipt+jwt";
/// The audience.
const AUDIENCE: &str = "rosterline-receipt";

/// A company as the receipt names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Where the yes stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerPlace {
    /// Id of the entry.
    pub entry: LedgerId,
    /// Place of its leaf.
    pub leaf: u64,
    /// Hash of its leaf, in hex.
    pub leaf_hash: String,
}

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Address of the instance.
    pub iss: String,
    /// Always the receipts' own audience, so that it passes for no other token.
    pub aud: String,
    /// The introduction.
    pub sub: IntroductionId,
    /// When the yes was given, in seconds.
    pub iat: i64,
    /// The opening.
    pub opening_id: OpeningId,
    /// Its revision.
    pub opening_revision: i32,
    /// The company.
    pub company: Company,
    /// What may be seen.
    pub fields: Vec<ContactField>,
    /// Version of the text that was agreed to.
    pub text_version: String,
    /// SHA-256 of its words, in hex.
    pub text_sha256: String,
    /// When the yes was given.
    pub created_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Where it stands in the ledger.
    pub ledger: LedgerPlace,
}

impl Receipt {
    /// The audience of every receipt.
    #[must_use]
    pub fn audience() -> String {
        AUDIENCE.to_owned()
    }
}

/// The key that signs receipts and nothing else.
pub struct ReceiptKey {
    encoding: EncodingKey,
    public: Jwk,
}

impl ReceiptKey {
    pub(super) fn new(seed: &[u8; 32]) -> Result<Self, AppError> {
        let key = SigningKey::new(seed, "receipt-1")?;
        Ok(Self { encoding: EncodingKey::from_ed_der(&key.pkcs8()?), public: key.public().clone() })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }

    /// The receipt as a compact token. The same receipt always has the same token.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, receipt: &Receipt) -> Result<String, AppError> {
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(self.public.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, receipt, &self.encoding).map_err(AppError::internal)
    }
}

/// Reads a receipt that one of these keys signed; `None` for anything else.
#[must_use]
pub fn read_receipt(token: &str, keys: &Jwks) -> Option<Receipt> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.typ.as_deref() != Some(TYPE) {
        return None;
    }
    let key = keys.keys.iter().find(|key| Some(key.kid.as_str()) == header.kid.as_deref())?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "iss", "sub"]);
    // It is a record of what was agreed and does not run out.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, &DecodingKey::from_ed_der(&key.public()?), &validation).ok().map(|read| read.claims)
}
