//! The part of a description that shows best why an opening was found, with its words marked.
//!
//! Plain pieces of text, never markup: whoever shows them escapes them. The index stores no description; the
//! text comes from the database.

use std::ops::Range;

use crate::text::{self, Analysis};

/// About how much is shown, in characters.
const LENGTH: usize = 160;
/// How much of it may stand before the first marked word.
const LEAD: usize = 40;

/// A piece of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Plain text, not escaped.
    pub text: String,
    /// It answers a word of the search.
    pub is_match: bool,
}

/// A word of the description: where it stands, and which word of the search it is.
struct Token {
    range: Range<usize>,
    of: Option<usize>,
}

/// About 160 characters of the description around the words of the search, those words marked; nothing when
/// none of them stands in it. Words are compared by their stems, as in the index. Cut ends show an ellipsis.
#[must_use]
pub fn snippet(description: &str, search_text: &str) -> Vec<Fragment> {
    let wanted: Vec<String> = text::words(search_text).into_iter().map(|word| word.stem).collect();
    let tokens = tokens(description, &wanted);
    let Some(window) = best_window(description, &tokens, wanted.len()) else { return Vec::new() };
    fragments(description, &tokens, &window)
}

fn tokens(description: &str, wanted: &[String]) -> Vec<Token> {
    let (mut words, mut stems) = (Analysis::new(), Analysis::new());
    let mut found = |plain: &str| {
        // A stem begins like its word, so most words need not be stemmed.
        let alike = wanted.iter().any(|stem| stem.chars().next() == plain.chars().next());
        let stem = alike.then(|| stems.stem(plain))?;
        wanted.iter().position(|wanted| *wanted == stem)
    };
    words.words(description).map(|(range, plain)| Token { range, of: found(&plain) }).collect()
}

/// The stretch that begins at a marked word and holds the most different ones, then the most, then comes first;
/// with a little of what stands before it.
fn best_window(text: &str, tokens: &[Token], wanted: usize) -> Option<Range<usize>> {
    let mut best: Option<((usize, usize), usize)> = None;
    for (at, first) in tokens.iter().enumerate().filter(|(_, token)| token.of.is_some()) {
        let end = forward(text, first.range.start, LENGTH - LEAD);
        let mut seen = vec![false; wanted];
        let mut marked = 0;
        let inside = tokens.iter().skip(at).take_while(|token| token.range.end <= end);
        for of in inside.filter_map(|token| token.of) {
            marked += 1;
            if let Some(seen) = seen.get_mut(of) {
                *seen = true;
            }
        }
        let worth = (seen.iter().filter(|seen| **seen).count(), marked);
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, first.range.start));
        }
    }
    let (_, first) = best?;
    let start = match backward(text, first, LEAD) {
        0 => text.len() - text.trim_start().len(),
        earliest => tokens.iter().map(|token| token.range.start).find(|start| *start >= earliest)?,
    };
    let latest = forward(text, start, LENGTH);
    let ends = tokens.iter().map(|token| token.range.end).filter(|end| *end <= latest);
    let end = if latest == text.len() { latest } else { ends.max().unwrap_or(latest) };
    Some(start..end)
}

/// So many characters on, or the end.
fn forward(text: &str, from: usize, chars: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}

/// So many characters back, or the beginning.
fn backward(text: &str, from: usize, chars: usize) -> usize {
    let head = text.get(..from).unwrap_or_default();
    head.char_indices().rev().nth(chars.saturating_sub(1)).map_or(0, |(at, _)| at)
}

fn fragments(text: &str, tokens: &[Token], window: &Range<usize>) -> Vec<Fragment> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    if text.get(..window.start).is_some_and(|before| !before.trim().is_empty()) {
        plain.push('…');
    }
    let mut from = window.start;
    let inside =
        |token: &&Token| token.of.is_some() && window.start <= token.range.start && token.range.end <= window.end;
    for token in tokens.iter().filter(inside) {
        push_folded(&mut plain, text.get(from..token.range.start).unwrap_or_default());
        push(&mut pieces, std::mem::take(&mut plain), false);
        let mut word = String::new();
        push_folded(&mut word, text.get(token.range.clone()).unwrap_or_default());
        push(&mut pieces, word, true);
        from = token.range.end;
    }
    push_folded(&mut plain, text.get(from..window.end).unwrap_or_default());
    if text.get(window.end..).is_some_and(|rest| !rest.trim().is_empty()) {
        plain.push_str(" …");
    }
    push(&mut pieces, plain, false);
    pieces
}

fn push(pieces: &mut Vec<Fragment>, text: String, is_match: bool) {
    if !text.is_empty() {
        pieces.push(Fragment { text, is_match });
    }
}

/// White space and control characters of any length become one space.
fn push_folded(out: &mut String, text: &str) {
    for c in text.chars() {
        if !(c.is_whitespace() || c.is_control()) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
}
