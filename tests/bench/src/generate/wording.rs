//! Made-up words. All end in a letter that no English stemmer touches, so every engine cuts and keeps them alike.

use rand::Rng;

const CONSONANTS: &[u8] = b"bdfgklmnprtvz";
const VOWELS: &[u8] = b"aeiou";
/// Words that everybody uses, by how often: the nth as often as one in n.
const COMMON: usize = 4000;
/// Words that stand in a few openings each.
pub const RARE: usize = 20_000;
/// One word of a text in so many is a rare one.
const RARELY: u32 = 20;

/// The words of texts.
pub struct Wording {
    common: Vec<String>,
    rare: Vec<String>,
    sums: Vec<f64>,
}

impl Wording {
    pub(super) fn new() -> Self {
        let mut total = 0.0;
        let weight = |n: usize| {
            total += 1.0 / (n as f64 + 3.0);
            total
        };
        Self {
            common: (0..COMMON).map(|n| word(n, b'k')).collect(),
            rare: (0..RARE).map(|n| word(n, b'p')).collect(),
            sums: (0..COMMON).map(weight).collect(),
        }
    }

    /// A word as often as texts have it.
    pub fn any(&self, rng: &mut impl Rng) -> &str {
        if rng.random_ratio(1, RARELY) {
            return self.rare(rng.random_range(0..RARE));
        }
        let at = rng.random::<f64>() * self.sums[COMMON - 1];
        &self.common[self.sums.partition_point(|sum| *sum <= at).min(COMMON - 1)]
    }

    /// The word of this number among the common ones, most frequent first.
    #[must_use]
    pub fn common(&self, number: usize) -> &str {
        &self.common[number % COMMON]
    }

    /// The word of this number among the rare ones.
    #[must_use]
    pub fn rare(&self, number: usize) -> &str {
        &self.rare[number % RARE]
    }

    /// A text of 50 to 140 words.
    pub fn text(&self, rng: &mut impl Rng) -> String {
        let words: Vec<&str> = (0..rng.random_range(50..=140)).map(|_| self.any(rng)).collect();
        words.join(" ")
    }
}

/// Three syllables and an end; no two numbers make the same word.
fn word(number: usize, end: u8) -> String {
    // Spread, so that words used alike do not begin alike. 65 syllables, three times.
    let mut rest = number * 7919 % 65usize.pow(3);
    let mut word = String::new();
    for _ in 0..3 {
        let syllable = rest % 65;
        word.push(char::from(CONSONANTS[syllable / 5]));
        word.push(char::from(VOWELS[syllable % 5]));
        rest /= 65;
    }
    word.push(char::from(end));
    word
}
