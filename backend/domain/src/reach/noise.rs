//! Discrete two-sided geometric noise with b = 2, in whole numbers alone: floating point would leave marks of the true
//! count in the low bits (Mironov 2012), and whole numbers are the same on every machine.

/// What noise is drawn from: 32 bytes that nobody without the key can foresee, of one cell in one snapshot. The true
/// count is no part of it; noise that followed the count would tell it.
pub type Seed = [u8; 32];

/// `exp(-1/b)` for b = 2, as a fraction of 2^64.
const ALPHA: u128 = 0x9b45_97e3_7cb0_4ff4;

/// One draw: n with probability `(1 - a) / (1 + a) * a^|n|`, a = `exp(-1/2)`; standard deviation 2.8.
#[must_use]
pub fn noise(seed: &Seed) -> i64 {
    let (words, _) = seed.as_chunks::<8>();
    let [up, down, ..] = words else { return 0 };
    geometric(u64::from_be_bytes(*up)) - geometric(u64::from_be_bytes(*down))
}

/// The number of failures before a success, from a uniform number: at least n with probability a^n.
fn geometric(uniform: u64) -> i64 {
    let (mut n, mut edge) = (0, ALPHA);
    while u128::from(uniform) < edge {
        n += 1;
        edge = (edge * ALPHA) >> 64;
    }
    n
}
