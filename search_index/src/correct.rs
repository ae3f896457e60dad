//! Typing errors: what a search that finds nothing was meant to say.
//!
//! Only a word that stands in no live opening and in no list of ours is taken for an error: the name of a
//! specialty or a place that nothing is open for is spelt right. It may be one error away from what was meant
//! when it has 4 letters or more, two from 8.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::aliases;
use crate::openings_reader::count_live;
use crate::rows::Columns;
use crate::text::{self, Analysis, Word};
use crate::view::View;

/// The text with its typing errors put right; nothing when there are none or it would find nothing either.
/// The nearest words come first, of those as near the more frequent.
pub(crate) fn corrected(view: &View<Columns>, text: &str, now: DateTime<Utc>) -> tantivy::Result<Option<String>> {
    let now = now.timestamp_micros();
    let words = text::words(text);
    let mut missing = Vec::new();
    for word in &words {
        if !is_known(&word.plain) && count_live(view, std::slice::from_ref(word), now)? == 0 {
            missing.push(word.plain.as_str());
        }
    }
    // So that a search full of errors is not tried in hundreds of ways.
    let each = match missing.len() {
        0 => return Ok(None),
        1 => 4,
        2 => 3,
        3 => 2,
        _ => 1,
    };
    let choices = missing.iter().map(|word| near(view, word, each)).collect::<tantivy::Result<Vec<_>>>()?;
    let mut analysis = Analysis::new();
    for chosen in ways(&choices) {
        let meant: HashMap<&str, &str> = missing.iter().copied().zip(chosen).collect();
        let tried: Vec<Word> = words.iter().map(|word| instead(word, &meant, &mut analysis)).collect();
        if count_live(view, &tried, now)? > 0 {
            return Ok(Some(rewrite(text, &meant, &mut analysis)));
        }
    }
    Ok(None)
}

/// Words of the index that a misspelt word may mean, the likeliest first.
pub(crate) fn near(view: &View<Columns>, word: &str, limit: usize) -> tantivy::Result<Vec<String>> {
    let typed: Vec<char> = word.chars().collect();
    let Some(most) = errors(&typed) else { return Ok(Vec::new()) };
    let mut found: HashMap<String, (usize, u64)> = HashMap::new();
    let mut chars = Vec::new();
    for part in &view.parts {
        let mut terms = part.kept.words.terms().stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            chars.clear();
            chars.extend(term.chars());
            if let Some(distance) = distance(&typed, &chars, most).filter(|d| *d > 0) {
                let openings = &mut found.entry(term.to_owned()).or_insert((distance, 0)).1;
                *openings += u64::from(terms.value().doc_freq);
            }
        }
    }
    let mut found: Vec<(String, (usize, u64))> = found.into_iter().collect();
    found.sort_unstable_by(|(a, (near_a, n_a)), (b, (near_b, n_b))| {
        (near_a, Reverse(n_a), a).cmp(&(near_b, Reverse(n_b), b))
    });
    Ok(found.into_iter().take(limit).map(|(word, _)| word).collect())
}

/// How many errors a word may have; a number has none.
fn errors(typed: &[char]) -> Option<usize> {
    match typed.len() {
        _ if typed.iter().any(|c| c.is_numeric()) => None,
        0..=3 => None,
        4..=7 => Some(1),
        _ => Some(2),
    }
}

/// One of each, those with the best choices first.
fn ways(choices: &[Vec<String>]) -> Vec<Vec<&str>> {
    let mut all: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for words in choices {
        all = all
            .iter()
            .flat_map(|(cost, chosen)| {
                words
                    .iter()
                    .enumerate()
                    .map(move |(more, word)| (cost + more, chosen.iter().copied().chain([word.as_str()]).collect()))
            })
            .collect();
    }
    all.sort_by_key(|(cost, _)| *cost);
    all.into_iter().map(|(_, chosen)| chosen).collect()
}

fn instead(word: &Word, meant: &HashMap<&str, &str>, analysis: &mut Analysis) -> Word {
    meant
        .get(word.plain.as_str())
        .map_or_else(|| word.clone(), |plain| Word { plain: (*plain).to_owned(), stem: analysis.stem(plain) })
}

/// The text with other words in their places.
fn rewrite(text: &str, meant: &HashMap<&str, &str>, analysis: &mut Analysis) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (range, plain) in analysis.words(text) {
        if let Some(better) = meant.get(plain.as_str()) {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(better);
            from = range.end;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// True for the words of the names in the closed lists.
pub(crate) fn is_known(plain: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let mut analysis = Analysis::new();
        let specialties = Specialty::all().flat_map(aliases::of_specialty);
        let markets = Market::all().flat_map(aliases::of_market);
        let states = State::all().flat_map(aliases::of_state);
        let kinds = Kind::ALL.iter().flat_map(|kind| aliases::of_kind(*kind));
        let names = specialties.chain(markets).chain(states).chain(kinds);
        names.flat_map(|name| analysis.words(&name).map(|(_, word)| word).collect::<Vec<_>>()).collect()
    });
    KNOWN.contains(plain)
}

/// How many letters must be put in, left out, changed or swapped with their neighbour, when that is at most
/// `most` (each letter is touched once: "optimal string alignment").
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most || differ(a, b) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut swapped_a = None;
    for (row, letter) in (1..).zip(a) {
        let mut next = Vec::with_capacity(last.len());
        next.push(row);
        let mut swapped_b = None;
        for (column, other) in b.iter().enumerate() {
            let at = |list: &[usize], place: usize| list.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut cost = at(&last, column) + usize::from(letter != other);
            cost = cost.min(at(&last, column + 1) + 1).min(at(&next, column) + 1);
            if swapped_a == Some(other) && swapped_b == Some(letter) && column > 0 {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            next.push(cost);
            swapped_b = Some(other);
        }
        if next.iter().min().is_none_or(|least| *least > most) {
            return None;
        }
        swapped_a = Some(letter);
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|cost| *cost <= most)
}

/// A lower bound of the distance that is quick to find: how many letters of one are nowhere in the other.
/// Letters that share a bit only make it lower.
fn differ(a: &[char], b: &[char]) -> usize {
    let letters = |word: &[char]| word.iter().fold(0u64, |bits, c| bits | 1 << (u32::from(*c) % 64));
    let (a, b) = (letters(a), letters(b));
    let more = (a & !b).count_ones().max((b & !a).count_ones());
    usize::try_from(more).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_up_to_a_limit() {
        let chars = |word: &str| word.chars().collect::<Vec<_>>();
        for (a, b, want) in [
            ("spine", "spine", Some(0)),
            ("ortopedic", "orthopedic", Some(1)),
            ("bakersfeild", "bakersfield", Some(1)),
            ("spien", "spine", Some(1)),
            ("deposton", "deposition", Some(2)),
            ("psain", "spine", None),
            ("über", "uber", Some(1)),
            ("", "ab", Some(2)),
            ("ab", "ba", Some(1)),
            ("abc", "ca", None),
            ("cardiology", "radiology", Some(2)),
        ] {
            assert_eq!(distance(&chars(a), &chars(b), 2), want, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a), 2), want, "{b} {a}");
        }
    }

    #[test]
    fn the_best_choices_are_tried_first() {
        let choices = [vec!["a".to_owned(), "b".to_owned()], vec!["c".to_owned(), "d".to_owned()]];
        assert_eq!(ways(&choices), [["a", "c"], ["a", "d"], ["b", "c"], ["b", "d"]]);
        assert!(ways(&[vec!["a".to_owned()], Vec::new()]).is_empty());
    }

    #[test]
    fn names_of_the_lists_are_spelt_right() {
        for word in ["cardiology", "pmr", "orthopedic", "bakersfield", "nevada", "qme", "fm"] {
            assert!(is_known(word), "{word}");
        }
        assert!(!is_known("ortopedic") && !is_known("deposition"));
    }
}
