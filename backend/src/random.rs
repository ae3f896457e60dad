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

/// A number from 0 to 1, for spreading what would come together; one half when the system gives no randomness.
#[must_use]
pub fn share() -> f64 {
    let mut bytes = [0_u8; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

/// A code people can read aloud: 20 letters and digits without those that look alike, in groups of five; 100 bits.
#[must_use]
pub fn code() -> Option<String> {
    grouped::<20>()
}

/// A shorter one, ten letters and digits: 50 bits, for where only few guesses are taken.
#[must_use]
pub fn short_code() -> Option<String> {
    grouped::<10>()
}

fn grouped<const N: usize>() -> Option<String> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).ok()?;
    let letters: Vec<char> =
        bytes.iter().filter_map(|b| LETTERS.get(usize::from(b % 32))).map(|l| char::from(*l)).collect();
    Some(letters.chunks(5).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}
