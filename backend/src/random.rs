//! The one place that makes ids and secrets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// A new id. Version 4: an id that people see must not tell when it was made.
#[must_use]
pub fn id<T>(wrap: impl FnOnce(Uuid) -> T) -> T {
    wrap(Uuid::new_v4())
}

/// A secret of 256 random bits, 43 URL-safe characters; `None` when the system gives no randomness.
#[must_use]
pub fn secret() -> Option<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}
