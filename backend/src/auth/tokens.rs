//! Access tokens: short JWTs (Ed25519) that name a session; the session row decides.

use chrono::{DateTime, Utc};
use domain::SessionId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{ACCESS_LIFE, Jwk, SigningKey};
use crate::error::AppError;

const ISSUER: &str = "rosterline";
const AUDIENCE: &str = "rosterline-api";
/// RFC 9068: no other token of ours can be taken for an access token.
const TYPE: &str = "at+jwt";
/// How far the clocks of two nodes may be apart, in seconds.
const SKEW: i64 = 30;

/// All of them are required, each with its type: a token with `"exp": "9999999999"` is none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Makes and reads access tokens.
pub struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Jwk,
}

impl AccessTokens {
    /// From the seed of the signing key.
    ///
    /// # Errors
    /// When the seed is not a key.
    pub fn new(seed: &[u8; 32]) -> Result<Self, AppError> {
        let key = SigningKey::new(seed, "access-1")?;
        let public = key.public().clone();
        let bytes = public.public().ok_or_else(|| AppError::internal("a key that is not one"))?;
        Ok(Self {
            encoding: EncodingKey::from_ed_der(&key.pkcs8()?),
            decoding: DecodingKey::from_ed_der(&bytes),
            public,
        })
    }

    /// A token for a session, good for `ACCESS_LIFE`.
    ///
    /// # Errors
    /// When signing fails.
    pub fn make(&self, session: &SessionId, now: DateTime<Utc>) -> Result<String, AppError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sid: session.as_str().to_owned(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + ACCESS_LIFE).timestamp(),
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(AppError::internal)
    }

    /// The session a token names, when it is ours and has not run out.
    #[must_use]
    pub fn session(&self, token: &str, now: DateTime<Utc>) -> Option<SessionId> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        // Time is judged by the application's clock, below.
        validation.validate_exp = false;
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok()?;
        let now = now.timestamp();
        let holds = read.claims.nbf.saturating_sub(SKEW) <= now && now < read.claims.exp;
        (holds && read.header.typ.as_deref() == Some(TYPE)).then(|| SessionId::parse(&read.claims.sid))?
    }

    /// The public half of the key.
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_session_for_five_minutes_and_for_one_key() {
        let (ours, theirs) = (AccessTokens::new(&[7; 32]).unwrap(), AccessTokens::new(&[8; 32]).unwrap());
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let id = SessionId::parse("00000000-0000-4000-8000-000000000001").unwrap();
        let token = ours.make(&id, now).unwrap();
        assert_eq!(ours.session(&token, now), Some(id.clone()));
        assert_eq!(ours.session(&token, now + ACCESS_LIFE), None);
        assert_eq!(theirs.session(&token, now), None);
        assert_eq!(ours.session("not.a.token", now), None);
    }

    /// T07: the public key is known to everyone; it must not work as the secret of another algorithm.
    #[test]
    fn the_public_key_is_nobodys_secret() {
        let ours = AccessTokens::new(&[7; 32]).unwrap();
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let id = "00000000-0000-4000-8000-000000000001";
        let claims = || Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sid: id.to_owned(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: now.timestamp() + 60,
        };
        let header = |algorithm| Header { typ: Some(TYPE.to_owned()), ..Header::new(algorithm) };
        let real = jsonwebtoken::encode(&header(Algorithm::EdDSA), &claims(), &ours.encoding).unwrap();
        assert!(ours.session(&real, now).is_some(), "the test makes tokens as the server does");
        let secret = EncodingKey::from_secret(&ours.public.public().unwrap());
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let forged = jsonwebtoken::encode(&header(algorithm), &claims(), &secret).unwrap();
            assert_eq!(ours.session(&forged, now), None, "{algorithm:?}");
        }
    }
}
