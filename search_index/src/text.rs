//! Words: how text and searches are cut into them, and the query a search makes.
//!
//! A search is never parsed as a query language. Its words are cut out here, so no text can be an error.

use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, Term};

use crate::openings_schema::Fields;

/// Name of the analysis of titles, descriptions and other names: English stems.
pub(crate) const STEMMED: &str = "stemmed";
/// Name of the analysis without stems, for words with a typing error.
pub(crate) const PLAIN: &str = "plain";

/// More words than this add nothing to a search; the rest is left out.
const MAX_WORDS: usize = 12;
/// A search is cut here before it is looked at.
const MAX_CHARS: usize = 400;
/// Longer words (bytes) are not indexed.
const MAX_WORD_BYTES: usize = 40;

/// Words that carry no meaning in a search, unless it has no others.
const STOP_WORDS: &[&str] =
    &["a", "an", "and", "around", "at", "by", "for", "from", "in", "near", "of", "on", "or", "the", "to", "with"];

/// One word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) plain: String,
    pub(crate) stem: String,
}

/// Makes both analyses known to an index.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(STEMMED, stemmed());
    index.tokenizers().register(PLAIN, plain());
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// Text as it is cut, in the index and in a search: `PM&R`, which would fall into two letters, becomes one word.
pub(crate) fn normalise(text: &str) -> String {
    let mut out = text.to_lowercase();
    for spelling in ["pm & r", "pm&amp;r", "pm&r"] {
        out = out.replace(spelling, "pmr");
    }
    out
}

/// The words of a search, each once, in their order.
pub(crate) fn words(search: &str) -> Vec<Word> {
    let text: String = search.chars().take(MAX_CHARS).collect();
    let text = normalise(&text);
    let mut all: Vec<Word> = Vec::new();
    // Both analyses cut at the same places and drop the same words, so they can be paired.
    for (plain, stem) in cut(&mut plain(), &text).into_iter().zip(cut(&mut stemmed(), &text)) {
        if !all.iter().any(|w| w.plain == plain) {
            all.push(Word { plain, stem });
        }
    }
    let mut telling: Vec<Word> = all.iter().filter(|w| !STOP_WORDS.contains(&w.plain.as_str())).cloned().collect();
    if telling.is_empty() {
        telling = all;
    }
    telling.truncate(MAX_WORDS);
    telling
}

fn cut(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    analyzer.token_stream(text).process(&mut |t| tokens.push(t.text.clone()));
    tokens
}

/// Every word in one of the fields; a hit in the title counts most, then other names.
pub(crate) fn exact(fields: &Fields, words: &[Word]) -> BooleanQuery {
    BooleanQuery::intersection(words.iter().map(|w| union(of_stem(fields, &w.stem))).collect())
}

/// As `exact`, and a word may have one typing error from 4 letters, two from 8.
pub(crate) fn forgiving(fields: &Fields, words: &[Word]) -> BooleanQuery {
    BooleanQuery::intersection(
        words
            .iter()
            .map(|w| {
                let mut ways = of_stem(fields, &w.stem);
                if let Some(distance) = typing_errors(&w.plain) {
                    let term = Term::from_field_text(fields.words, &w.plain);
                    ways.push(Box::new(FuzzyTermQuery::new(term, distance, true)));
                }
                union(ways)
            })
            .collect(),
    )
}

fn typing_errors(word: &str) -> Option<u8> {
    match word.chars().count() {
        0..=3 => None,
        4..=7 => Some(1),
        _ => Some(2),
    }
}

fn union(ways: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::union(ways))
}

fn of_stem(fields: &Fields, stem: &str) -> Vec<Box<dyn Query>> {
    let boosts: [(Field, f32); 4] =
        [(fields.title, 3.0), (fields.alias, 2.0), (fields.company, 1.0), (fields.description, 1.0)];
    boosts
        .into_iter()
        .map(|(field, boost)| -> Box<dyn Query> {
            let term = Term::from_field_text(field, stem);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(query), boost))
        })
        .collect()
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
        ] {
            assert_eq!(plain_words(search), want, "{search}");
        }
        let many: Vec<String> = (0..50).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), MAX_WORDS);
    }

    #[test]
    fn stems_are_paired_with_their_words() {
        let found = words("evaluations reviewing");
        assert_eq!(
            found.iter().map(|w| (w.plain.as_str(), w.stem.as_str())).collect::<Vec<_>>(),
            [("evaluations", "evalu"), ("reviewing", "review")]
        );
    }
}
