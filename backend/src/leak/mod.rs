//! The search for contact values where they must not be: database, write-ahead log, index, logs. A finding says where
//! and whose, and never what.

mod forms;
mod matcher;
mod places;

use std::collections::BTreeMap;

use store::Zeroizing;

pub use places::{Places, search};

/// A value to be looked for shorter than this would be found everywhere.
pub const SHORTEST: usize = 4;

/// One value, and what a finding says of it.
pub struct Canary {
    /// Whose it is, in words that may be shown.
    pub label: String,
    /// The value.
    pub value: Zeroizing<String>,
    /// True when its words alone, apart from each other, are a finding in an index. Not so for names: two common words
    /// may both stand in texts of others.
    pub by_words: bool,
}

/// Where values were found, each place and value once.
#[derive(Default)]
pub struct Findings(BTreeMap<(String, String), Found>);

struct Found {
    at: String,
    form: &'static str,
    times: usize,
}

impl Findings {
    fn add(&mut self, place: &str, label: &str, form: &'static str, at: impl FnOnce() -> String) {
        let key = (place.to_owned(), label.to_owned());
        self.0.entry(key).and_modify(|found| found.times += 1).or_insert_with(|| Found { at: at(), form, times: 1 });
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each as a line for the operator.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|((place, label), found)| {
            let times = if found.times == 1 { String::new() } else { format!(", {} times", found.times) };
            format!("{place}, {}: a value of {label}, {}{times}", found.at, found.form)
        })
    }
}
