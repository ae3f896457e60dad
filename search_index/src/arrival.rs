//! An opening as the alerts are asked about it: what it is found by, what it pays, and the words it has.

use std::collections::HashSet;

use domain::alert::{is_only_remote, stated_cents};
use domain::markup::plain;
use domain::opening::Terms;

use crate::alert_doc::{ANY_KIND, Place, WHATEVER_SPECIALTY, cents, key};
use crate::aliases;
use crate::keys::ANY_SPECIALTY;
use crate::lists::kind_number;
use crate::text::Analysis;

/// The words an opening has: those of its title, its description and its company's name, and every name of its
/// kind, specialties and places that a search finds it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpeningWords(HashSet<String>);

impl OpeningWords {
    /// Reads the words of an opening.
    #[must_use]
    pub fn of(terms: &Terms, company_name: &str) -> Self {
        let mut analysis = Analysis::new();
        let names = aliases::of_opening(terms.kind, &terms.specialties, &terms.markets, terms.remote);
        let description = plain(&terms.description);
        let texts = [terms.title.as_str(), &description, company_name];
        let mut plain: HashSet<String> = HashSet::new();
        for text in texts.into_iter().chain(names.iter().map(String::as_str)) {
            plain.extend(analysis.words(text).map(|(_, word)| word));
        }
        Self(plain.iter().map(|word| analysis.stem(word)).collect())
    }

    /// True when the opening has the word in any of its forms; of one that is cut into several, such as `x-ray`,
    /// when it has them all.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        let stems = stems(&mut Analysis::new(), word);
        !stems.is_empty() && stems.iter().all(|s| self.0.contains(s))
    }

    pub(crate) fn has_stem(&self, stem: &str) -> bool {
        self.0.contains(stem)
    }

    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The stems a word is cut into; none for one that no opening can have.
pub(crate) fn stems(analysis: &mut Analysis, word: &str) -> Vec<String> {
    let plain: Vec<String> = analysis.words(word).map(|(_, plain)| plain).collect();
    plain.iter().map(|p| analysis.stem(p)).collect()
}

/// An opening that may fire alerts, made once for a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// An alert can fire only when it has one of these.
    pub(crate) keys: Vec<u64>,
    /// The best amount in cents; the largest number when none is stated, since what is not known does not block.
    pub(crate) best: u32,
    pub(crate) words: OpeningWords,
}

impl Arrival {
    /// What the opening is found by.
    #[must_use]
    pub fn of(terms: &Terms, company_name: &str) -> Self {
        let kinds = [kind_number(terms.kind), ANY_KIND];
        let specialties: Vec<u64> = if terms.specialties.is_empty() {
            vec![WHATEVER_SPECIALTY]
        } else {
            terms.specialties.iter().map(|s| u64::from(s.number())).chain([ANY_SPECIALTY]).collect()
        };
        let places = places(terms);
        let mut keys = Vec::with_capacity(kinds.len() * specialties.len() * places.len());
        for kind in kinds {
            for specialty in &specialties {
                keys.extend(places.iter().map(|place| key(kind, *specialty, *place)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Self {
            keys,
            best: stated_cents(&terms.pay).map_or(u32::MAX, cents),
            words: OpeningWords::of(terms, company_name),
        }
    }

    /// The words it has.
    #[must_use]
    pub const fn words(&self) -> &OpeningWords {
        &self.words
    }
}

fn places(terms: &Terms) -> Vec<Place> {
    let mut all = vec![Place::ANYWHERE];
    if !is_only_remote(terms) {
        all.push(Place::ON_SITE);
    }
    if terms.remote {
        all.push(Place::REMOTE);
    }
    all.extend(terms.markets.iter().flat_map(|m| [Place::market(*m), Place::state(m.state())]));
    all
}
