//! How well an opening answers a search: a whole number that depends on the opening and the search alone.
//!
//! No statistics of the whole index go in, so a score never changes because other openings come and go, and a
//! list sorted by it can be paged through while they do. For each word of the search the opening gets what
//! `Place` says; one whose title has every word gets `ALL_IN_TITLE` on top.

use std::collections::HashMap;

use crate::aliases;
use crate::openings::OpeningDoc;
use crate::text::{Analysis, weighted};

/// A word in the title.
const TITLE: u32 = 6;
/// A word among other names of the kind, the specialties and the places.
const ALIAS: u32 = 4;
/// A word in the name of the company.
const COMPANY: u32 = 2;
/// A word in the description counts one for each time, up to this.
const DESCRIPTION_AT_MOST: u32 = 3;
/// Every word of the search is in the title.
const ALL_IN_TITLE: u32 = 6;

/// Where a word stands in one opening.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    title: bool,
    alias: bool,
    company: bool,
    described: u32,
}

impl Place {
    fn score(self) -> u32 {
        u32::from(self.title) * TITLE
            + u32::from(self.alias) * ALIAS
            + u32::from(self.company) * COMPANY
            + self.described.min(DESCRIPTION_AT_MOST)
    }

    /// As it is kept in the posting list: the frequency of the word. The lowest bit says "in the title". The
    /// largest is 31.
    fn frequency(self) -> u32 {
        self.score() * 2 + u32::from(self.title)
    }
}

/// Adds up what the words of a search give one opening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum {
    score: u32,
    all_in_title: u32,
}

impl Sum {
    pub(crate) const NOTHING: Self = Self { score: 0, all_in_title: 1 };

    /// With one more word, by its frequency in the scored field.
    pub(crate) const fn with(self, frequency: u32) -> Self {
        Self { score: self.score + frequency / 2, all_in_title: self.all_in_title & frequency }
    }

    pub(crate) const fn score(self) -> u32 {
        self.score + self.all_in_title * ALL_IN_TITLE
    }
}

/// The texts of the two fields that are searched.
pub(crate) struct Texts {
    /// Stems, each with its frequency.
    pub(crate) scored: String,
    /// Every word once, without stems.
    pub(crate) words: String,
}

/// Reads the words of an opening.
pub(crate) fn texts(opening: &OpeningDoc) -> Texts {
    let mut words = Words { analysis: Analysis::new(), places: HashMap::new() };
    words.read(&opening.title, |place| place.title = true);
    for name in aliases::of_opening(opening.kind, &opening.specialties, &opening.markets, opening.remote) {
        words.read(&name, |place| place.alias = true);
    }
    words.read(&opening.company_name, |place| place.company = true);
    words.read(&opening.company_slug, |place| place.company = true);
    words.read(&opening.description, |place| place.described = place.described.saturating_add(1));
    words.texts()
}

/// Plain words with their stem and, by the stem, where they stand.
struct Words {
    analysis: Analysis,
    places: HashMap<String, (String, Place)>,
}

impl Words {
    fn read(&mut self, text: &str, mark: impl Fn(&mut Place)) {
        let plain: Vec<String> = self.analysis.words(text).map(|(_, plain)| plain).collect();
        for plain in plain {
            match self.places.get_mut(&plain) {
                Some((_, place)) => mark(place),
                None => {
                    let mut place = Place::default();
                    mark(&mut place);
                    self.places.insert(plain.clone(), (self.analysis.stem(&plain), place));
                }
            }
        }
    }

    fn texts(&self) -> Texts {
        let mut stems: HashMap<&str, Place> = HashMap::new();
        for (stem, place) in self.places.values() {
            let all = stems.entry(stem).or_default();
            all.title |= place.title;
            all.alias |= place.alias;
            all.company |= place.company;
            all.described = all.described.saturating_add(place.described);
        }
        let mut words: Vec<&str> = self.places.keys().map(String::as_str).collect();
        words.sort_unstable();
        Texts { scored: weighted(stems.iter().map(|(stem, place)| (*stem, place.frequency()))), words: words.join(" ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequency_says_score_and_title() {
        let place = |title, alias, company, described| Place { title, alias, company, described };
        for (places, want) in [
            (vec![place(false, false, false, 1)], 1),
            (vec![place(false, false, false, 9)], 3),
            (vec![place(true, false, false, 0)], 12),
            (vec![place(false, true, true, 0)], 6),
            (vec![place(true, true, true, 9)], 21),
            (vec![place(true, false, false, 0), place(false, false, false, 2)], 8),
            (vec![place(true, false, false, 0), place(true, false, false, 2)], 20),
        ] {
            let sum = places.iter().fold(Sum::NOTHING, |sum, p| sum.with(p.frequency()));
            assert_eq!(sum.score(), want, "{places:?}");
            assert!(places.iter().all(|p| p.frequency() < 36));
        }
    }
}
