//! The words of alerts in their compact form: written into a column as stems, and numbered for each segment.
//!
//! Written: demands between spaces, a minus before what is refused, `|` between the words of one demand, `+`
//! between the stems of one word. The dictionary of the column holds each text once, so what many alerts ask is
//! read once. Words are compared as text, never as hashes: a refused word that only shares a hash with one of the
//! opening would silence an alert.

use std::collections::HashMap;

use domain::alert::{Clause, Words};

use crate::arrival::{OpeningWords, stems};
use crate::text::Analysis;

/// Bits of a first demand, above its number: there are others, and it must not be there.
const OTHERS: u32 = 1 << 23;
const NOT: u32 = 1 << 22;
/// Bit of another demand: it must not be there.
const REFUSED: u32 = 1 << 31;

/// Writes the words of an alert; empty when it asks for none, nothing when no opening can meet it.
pub(crate) fn write(words: &Words) -> Option<String> {
    if words.is_empty() {
        return Some(String::new());
    }
    let mut analysis = Analysis::new();
    let mut word = |word: &str| Some(stems(&mut analysis, word).join("+")).filter(|w| !w.is_empty());
    let mut demands = Vec::new();
    for clause in words.clauses() {
        match clause {
            Clause::OneOf(named) => {
                let found: Vec<String> = named.iter().filter_map(|w| word(w)).collect();
                if found.is_empty() {
                    return None;
                }
                demands.push(found.join("|"));
            }
            // What no opening can have need not be refused.
            Clause::Without(refused) => demands.extend(word(refused).map(|w| format!("-{w}"))),
        }
    }
    Some(demands.join(" "))
}

/// Judges written words by the stems of an opening.
pub(crate) fn hold(written: &str, has: impl Fn(&str) -> bool) -> bool {
    let has_word = |word: &str| word.split('+').all(&has);
    written.split(' ').filter(|demand| !demand.is_empty()).all(|demand| match demand.strip_prefix('-') {
        Some(word) => !has_word(word),
        None => demand.split('|').any(has_word),
    })
}

/// What an alert asks of words, in numbers of a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The first demand, in 24 bits: 0 asks for nothing.
    pub(crate) first: u32,
    /// Where the other demands begin, if there are others.
    pub(crate) others: u32,
}

/// What a segment's alerts demand, numbered from 1: a word, or one of several words. Number 0 is always met.
#[derive(Default)]
pub(crate) struct Book {
    words: HashMap<Box<str>, Word>,
    /// The demands for one of several words, by each of these words.
    choices: HashMap<u32, Vec<u32>>,
    count: u32,
    /// The other demands of alerts, one alert after the other, each followed by a 0.
    others: Vec<u32>,
}

/// What begins with a stem.
#[derive(Default)]
struct Word {
    /// The stem alone; 0 when it is only the beginning of others.
    alone: u32,
    /// Words of several stems: the other ones, and the number.
    longer: Vec<(Box<str>, u32)>,
}

/// Fills a book.
#[derive(Default)]
pub(crate) struct BookWriter {
    book: Book,
    numbers: HashMap<Box<str>, u32>,
}

impl BookWriter {
    /// Takes in what an alert asks, as written.
    pub(crate) fn add(&mut self, written: &str) -> Asked {
        let mut demands: Vec<(bool, &str)> = written
            .split(' ')
            .filter(|demand| !demand.is_empty())
            .map(|demand| demand.strip_prefix('-').map_or((false, demand), |word| (true, word)))
            .collect();
        // What is asked for is mostly missing and what is refused mostly too, so the first decides most often.
        demands.sort_by_key(|(refused, _)| *refused);
        let mut demands = demands.into_iter().map(|(refused, words)| (refused, self.number(words)));
        let Some((refused, number)) = demands.next() else { return Asked::default() };
        let others: Vec<u32> = demands.map(|(refused, number)| number | if refused { REFUSED } else { 0 }).collect();
        let begin = u32::try_from(self.book.others.len());
        let (Ok(begin), true) = (begin, number < NOT) else {
            // More than four million words: what is beyond them fires too often, which the check of the row ends.
            return Asked::default();
        };
        let first = number | if refused { NOT } else { 0 };
        if others.is_empty() {
            return Asked { first, others: 0 };
        }
        self.book.others.extend(others);
        self.book.others.push(0);
        Asked { first: first | OTHERS, others: begin }
    }

    /// The number of a demand.
    fn number(&mut self, words: &str) -> u32 {
        if let Some(number) = self.numbers.get(words) {
            return *number;
        }
        let choice: Vec<u32> =
            if words.contains('|') { words.split('|').map(|word| self.number(word)).collect() } else { Vec::new() };
        self.book.count += 1;
        let number = self.book.count;
        self.numbers.insert(words.into(), number);
        if choice.is_empty() {
            let (first, others) = words.split_once('+').unwrap_or((words, ""));
            let word = self.book.words.entry(first.into()).or_default();
            if others.is_empty() {
                word.alone = number;
            } else {
                word.longer.push((others.into(), number));
            }
        }
        for word in choice {
            self.book.choices.entry(word).or_default().push(number);
        }
        number
    }

    pub(crate) fn finish(mut self) -> Book {
        self.book.others.shrink_to_fit();
        self.book
    }
}

impl Book {
    /// Every stem in it.
    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        let others = self.words.values().flat_map(|w| w.longer.iter().flat_map(|(others, _)| others.split('+')));
        self.words.keys().map(AsRef::as_ref).chain(others)
    }

    /// True when there is more to an alert than its first demand.
    #[inline]
    pub(crate) const fn has_others(first: u32) -> bool {
        first & OTHERS != 0
    }

    /// Judges the other demands of an alert.
    pub(crate) fn others_hold(&self, begin: u32, said: &Said) -> bool {
        let demands = self.others.get(usize::try_from(begin).unwrap_or(usize::MAX)..).unwrap_or_default();
        demands.iter().take_while(|d| **d != 0).all(|d| said.has(d & !REFUSED) != (d & REFUSED != 0))
    }
}

/// Which demands of a book an opening has words for; used again for the next one.
#[derive(Default)]
pub(crate) struct Said {
    bits: Vec<u64>,
    set: Vec<u32>,
}

impl Said {
    /// Looks the opening's words up.
    pub(crate) fn fill(&mut self, book: &Book, words: &OpeningWords) {
        for number in self.set.drain(..) {
            if let Some(word) = self.bits.get_mut(place(number).0) {
                *word = 0;
            }
        }
        self.bits.resize(self.bits.len().max(place(book.count).0 + 1), 0);
        self.put(0);
        if book.words.is_empty() {
            return;
        }
        for stem in words.stems() {
            let Some(word) = book.words.get(stem) else { continue };
            self.put_word(book, word.alone);
            for (others, number) in &word.longer {
                if others.split('+').all(|other| words.has_stem(other)) {
                    self.put_word(book, *number);
                }
            }
        }
    }

    fn put_word(&mut self, book: &Book, number: u32) {
        self.put(number);
        book.choices.get(&number).into_iter().flatten().for_each(|choice| self.put(*choice));
    }

    fn put(&mut self, number: u32) {
        let (at, bit) = place(number);
        if let Some(word) = self.bits.get_mut(at) {
            *word |= bit;
            self.set.push(number);
        }
    }

    #[expect(clippy::indexing_slicing, reason = "there is a bit for every number of the book it was filled from")]
    #[inline]
    fn has(&self, number: u32) -> bool {
        let (at, bit) = place(number);
        self.bits[at] & bit != 0
    }

    /// Judges the first demand of an alert.
    #[inline]
    pub(crate) fn first_holds(&self, first: u32) -> bool {
        self.has(first & (NOT - 1)) != (first & NOT != 0)
    }
}

/// Where the bit of a number stands.
#[inline]
fn place(number: u32) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}
