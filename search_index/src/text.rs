//! Words: how text and searches become the words of the index.
//!
//! A search is never parsed as a query language. Its words are cut out here, so no text can be an error.

use std::ops::Range;

use tantivy::Index;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

use crate::cutter::cut;

/// Name of the reading of the scored field.
pub(crate) const WEIGHTED: &str = "weighted";
/// Name of the reading of words that stand between spaces; the library's own.
pub(crate) const SPACED: &str = "whitespace";

/// More words than this add nothing to a search; the rest is left out.
const MAX_WORDS: usize = 12;
/// A search is cut here before it is looked at.
const MAX_CHARS: usize = 400;
/// Longer words (bytes) are not indexed.
const MAX_WORD_BYTES: usize = 40;

/// Words that carry no meaning in a search, unless it has no others.
const STOP_WORDS: &[&str] =
    &["a", "an", "and", "around", "at", "by", "for", "from", "in", "near", "of", "on", "or", "the", "to", "with"];

/// Spellings of one beginning: the second is the one kept.
const BEGINNINGS: &[(&str, &str)] = &[("centre", "center"), ("licence", "license"), ("practise", "practice")];
/// The same anywhere in a word that has `ae`.
const WITH_AE: &[(&str, &str)] = &[("anaesth", "anesth"), ("gynaec", "gynec"), ("haem", "hem"), ("paed", "ped")];

/// One word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) plain: String,
    pub(crate) stem: String,
}

/// Folds and stems words; keep one for many words.
pub(crate) struct Analysis {
    fold: TextAnalyzer,
    stem: TextAnalyzer,
}

impl Analysis {
    pub(crate) fn new() -> Self {
        Self {
            fold: TextAnalyzer::builder(RawTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build(),
            stem: TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build(),
        }
    }

    /// The word in small letters without accents, in its one spelling; nothing for one too long to be indexed.
    pub(crate) fn plain(&mut self, word: &str) -> Option<String> {
        if word.len() > MAX_WORD_BYTES {
            return None;
        }
        let mut plain = if word.is_ascii() { word.to_ascii_lowercase() } else { only(&mut self.fold, word) };
        // Folding may leave marks that belong to no word.
        plain.retain(char::is_alphanumeric);
        for (other, ours) in BEGINNINGS {
            if let Some(rest) = plain.strip_prefix(other) {
                plain = format!("{ours}{rest}");
            }
        }
        if plain.contains("ae") {
            plain = WITH_AE.iter().fold(plain, |plain, (other, ours)| plain.replace(other, ours));
        }
        (!plain.is_empty()).then_some(plain)
    }

    /// The English stem of a plain word.
    pub(crate) fn stem(&mut self, plain: &str) -> String {
        only(&mut self.stem, plain)
    }

    /// The plain words of a text with their places.
    pub(crate) fn words<'a>(&'a mut self, text: &'a str) -> impl Iterator<Item = (Range<usize>, String)> + 'a {
        cut(text).filter_map(|piece| Some((piece.range, self.plain(&piece.word)?)))
    }
}

fn only(analyzer: &mut TextAnalyzer, word: &str) -> String {
    let mut stream = analyzer.token_stream(word);
    if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { String::new() }
}

/// The part of a search that is looked at, white space folded.
pub(crate) fn tidy(search: &str) -> String {
    let text: String = search.chars().take(MAX_CHARS).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The telling words of a search, each once, in their order.
pub(crate) fn words(search: &str) -> Vec<Word> {
    let mut analysis = Analysis::new();
    let mut all: Vec<String> = Vec::new();
    for (_, plain) in analysis.words(&tidy(search)) {
        if !all.contains(&plain) {
            all.push(plain);
        }
    }
    if all.iter().any(|plain| !is_stop_word(plain)) {
        all.retain(|plain| !is_stop_word(plain));
    }
    all.truncate(MAX_WORDS);
    all.into_iter().map(|plain| Word { stem: analysis.stem(&plain), plain }).collect()
}

/// True for words that carry no meaning in a search.
pub(crate) fn is_stop_word(plain: &str) -> bool {
    STOP_WORDS.contains(&plain)
}

/// Makes our readings known to an index.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(WEIGHTED, Weighted::default());
}

/// The base of the digit before a word of the scored field, which says how often the word counts.
const DIGITS: u32 = 36;

/// Writes the scored field: every stem with a number below 36.
pub(crate) fn weighted<'a>(words: impl Iterator<Item = (&'a str, u32)>) -> String {
    let mut text = String::new();
    for (stem, times) in words {
        if let Some(digit) = char::from_digit(times.min(DIGITS - 1), DIGITS) {
            text.extend([digit]);
            text.push_str(stem);
            text.push(' ');
        }
    }
    text
}

/// Reads the scored field: gives each word as many times as its number says, so that its frequency in the
/// posting list is that number.
#[derive(Clone, Default)]
struct Weighted {
    token: Token,
}

/// See [`Weighted`].
struct WeightedStream<'a> {
    words: std::str::SplitAsciiWhitespace<'a>,
    left: u32,
    token: &'a mut Token,
}

impl Tokenizer for Weighted {
    type TokenStream<'a> = WeightedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WeightedStream<'a> {
        self.token.reset();
        // Positions are not indexed.
        self.token.position = 0;
        WeightedStream { words: text.split_ascii_whitespace(), left: 0, token: &mut self.token }
    }
}

impl TokenStream for WeightedStream<'_> {
    fn advance(&mut self) -> bool {
        while self.left == 0 {
            let Some(next) = self.words.next() else { return false };
            let mut chars = next.chars();
            self.left = chars.next().and_then(|digit| digit.to_digit(DIGITS)).unwrap_or(0);
            self.token.text.clear();
            self.token.text.push_str(chars.as_str());
        }
        self.left -= 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_words(search: &str) -> Vec<String> {
        words(search).into_iter().map(|w| w.plain).collect()
    }

    #[test]
    fn a_search_is_cut_into_its_telling_words() {
        for (search, want) in [
            ("PM&R", vec!["pmr"]),
            ("pm & r in Los Angeles", vec!["pmr", "los", "angeles"]),
            ("the", vec!["the"]),
            (" \t\n", vec![]),
            ("!!! ++ -- \"", vec![]),
            ("title:x AND (y OR", vec!["title", "x", "y"]),
            ("Ångström ångström", vec!["angstrom"]),
            ("orthopaedic Haematology", vec!["orthopedic", "hematology"]),
            ("licences Centre reaped", vec!["licenses", "center", "reaped"]),
        ] {
            assert_eq!(plain_words(search), want, "{search}");
        }
        let many: Vec<String> = (0..50).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), MAX_WORDS);
        assert!(words(&"x".repeat(MAX_WORD_BYTES + 1)).is_empty());
    }

    #[test]
    fn stems_are_paired_with_their_words() {
        let found = words("evaluations reviewing");
        assert_eq!(
            found.iter().map(|w| (w.plain.as_str(), w.stem.as_str())).collect::<Vec<_>>(),
            [("evaluations", "evalu"), ("reviewing", "review")]
        );
    }

    #[test]
    fn a_weighted_word_counts_as_often_as_it_says() {
        let text = weighted([("spine", 3), ("über", 1), ("none", 0), ("most", 35)].into_iter());
        let mut tokenizer = Weighted::default();
        let mut stream = tokenizer.token_stream(&text);
        let mut counts = std::collections::BTreeMap::<String, u32>::new();
        stream.process(&mut |t| *counts.entry(t.text.clone()).or_default() += 1);
        let want = [("most", 35), ("spine", 3), ("über", 1)].map(|(w, n)| (w.to_owned(), n));
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), want);
    }
}
