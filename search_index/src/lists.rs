//! The closed lists behind the numbers in an index.

use std::hash::Hasher;
use std::sync::LazyLock;

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

/// A number that changes when a list that an index refers to by number or by name changes. An index written
/// under another one is rebuilt.
pub(crate) fn fingerprint() -> u64 {
    static OF_LISTS: LazyLock<u64> = LazyLock::new(|| {
        let mut sum = Fnv::new();
        for kind in Kind::ALL {
            sum.word(kind.as_str());
        }
        for state in State::all() {
            sum.word(state.code());
        }
        for market in Market::all() {
            sum.word(market.slug());
            sum.word(market.state().code());
            sum.word(&market.label());
            market.aliases().iter().for_each(|a| sum.word(a));
        }
        for specialty in Specialty::all() {
            sum.word(specialty.slug());
            sum.word(specialty.name());
            specialty.row().synonyms.iter().for_each(|s| sum.word(s));
        }
        sum.finish()
    });
    *OF_LISTS
}

/// The number of a kind in keys and columns.
pub(crate) const fn kind_number(kind: Kind) -> u64 {
    match kind {
        Kind::Qme => 0,
        Kind::Ime => 1,
        Kind::ChartReview => 2,
    }
}

/// FNV-1a: the standard library's hashers promise no stable value, and this one is stored.
pub(crate) struct Fnv(u64);

impl Fnv {
    /// The hash of one word.
    pub(crate) fn of(word: &str) -> u64 {
        let mut sum = Self::new();
        sum.write(word.as_bytes());
        sum.finish()
    }

    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn word(&mut self, word: &str) {
        self.write(word.as_bytes());
        // A byte no UTF-8 text holds, so that two words never run into one.
        self.write(&[0xff]);
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
