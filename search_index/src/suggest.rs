//! What to type next: names of specialties, places and companies, and words, that live openings answer to.
//!
//! Only the closed lists and public openings are looked at, so nothing here can speak of a member.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::place::{Market, State};
use domain::specialty::Specialty;

use crate::aliases;
use crate::correct::{is_known, near};
use crate::error::Result;
use crate::facets::Counts;
use crate::openings_reader::{OpeningsReader, count_live};
use crate::rows::{Columns, live};
use crate::text::{self, Analysis, Word};
use crate::view::View;

/// Shorter beginnings propose names and no words.
const LEAST_LETTERS: usize = 2;
/// How many words are counted for each one that can be shown; the most frequent of the index.
const COUNTED: usize = 3;

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuggestionKind {
    /// A specialty; the value is its slug.
    Specialty,
    /// A market; the value is its slug.
    Market,
    /// A state; the value is its code.
    State,
    /// A company with live openings; the value is its slug.
    Company,
    /// A text to search for, which is the value.
    Word,
}

impl SuggestionKind {
    /// Its one spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Specialty => "specialty",
            Self::Market => "market",
            Self::State => "state",
            Self::Company => "company",
            Self::Word => "word",
        }
    }
}

/// Something to search for that finds live openings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The name people read.
    pub text: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// What to filter by, or to search for.
    pub value: String,
    /// How many live openings that finds; of a company, how many it has.
    pub count: u64,
}

impl OpeningsReader {
    /// What begins like `prefix`: names first, then words, each with the most live openings first, then by
    /// name. Every word of the prefix must begin a word of the name; `prefix` may also begin a name run
    /// together (`obg`). A word takes the place of the last one typed. Nothing is suggested for blank text.
    ///
    /// # Errors
    /// `Damaged`, `Io` or `Tantivy` when the files cannot be read.
    pub fn suggest(&self, prefix: &str, limit: usize, now: DateTime<Utc>) -> Result<Vec<Suggestion>> {
        Ok(Source::open(&self.view(), now).suggest(prefix, limit)?)
    }

    /// For a search that finds nothing: what its first few words might mean, each taken for itself and with a
    /// typing error; everything here finds live openings. Names come before words.
    ///
    /// # Errors
    /// As `suggest`.
    pub fn did_you_mean(&self, text: &str, limit: usize, now: DateTime<Utc>) -> Result<Vec<Suggestion>> {
        const WORDS: usize = 4;
        const OF_EACH_WORD: usize = 2;
        let view = self.view();
        let source = Source::open(&view, now);
        let mut found = source.suggest(text, limit)?;
        for word in text::words(text).iter().take(WORDS) {
            let mut meant = source.suggest(&word.plain, OF_EACH_WORD)?;
            if meant.is_empty() {
                for nearest in near(&view, &word.plain, OF_EACH_WORD)? {
                    meant.extend(source.suggest(&nearest, 1)?);
                }
            }
            for new in meant {
                if !found.iter().any(|old| same(old, &new)) {
                    found.push(new);
                }
            }
        }
        found.sort_by_key(|f| f.kind == SuggestionKind::Word);
        found.truncate(limit);
        Ok(found)
    }
}

/// What suggestions are made from: one commit at one moment.
struct Source<'v> {
    view: &'v View<Columns>,
    /// Microseconds since 1970.
    now: i64,
    census: OnceCell<Census>,
}

impl<'v> Source<'v> {
    const fn open(view: &'v View<Columns>, now: DateTime<Utc>) -> Self {
        Self { view, now: now.timestamp_micros(), census: OnceCell::new() }
    }

    fn suggest(&self, prefix: &str, limit: usize) -> tantivy::Result<Vec<Suggestion>> {
        let typed = Typed::read(prefix);
        if typed.words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut found = self.names(&typed);
        found.truncate(limit);
        if found.len() < limit {
            let words = words(self.view, &typed, &found, limit - found.len(), self.now)?;
            found.extend(words);
        }
        Ok(found)
    }

    /// Names of the lists and of companies, sorted.
    fn names(&self, typed: &Typed) -> Vec<Suggestion> {
        let census = self.census.get_or_init(|| Census::take(self.view, self.now));
        let begun = NAMES.iter().filter(|name| name.names.iter().any(|words| typed.begins(words)));
        let of_list = |name: &Name| {
            let count = census.of(name)?;
            Some(Suggestion { text: name.text.clone(), kind: name.kind, value: name.value.to_owned(), count })
        };
        let mut all: Vec<Suggestion> = begun.filter_map(of_list).collect();
        let mut companies: HashMap<&str, (&str, u64)> = HashMap::new();
        for (part, counts) in self.view.parts.iter().zip(&census.company) {
            for (company, count) in part.kept.companies().iter().zip(counts) {
                if *count > 0 && typed.begins(&company.words) {
                    companies.entry(&company.slug).or_insert((&company.name, 0)).1 += count;
                }
            }
        }
        all.extend(companies.into_iter().map(|(slug, (name, count))| Suggestion {
            text: name.to_owned(),
            kind: SuggestionKind::Company,
            value: slug.to_owned(),
            count,
        }));
        most_first(&mut all);
        all
    }
}

fn plain(analysis: &mut Analysis, text: &str) -> Vec<String> {
    analysis.words(text).map(|(_, word)| word).collect()
}

/// The words of a name that someone would look for it by.
fn telling(analysis: &mut Analysis, name: &str) -> Vec<String> {
    let mut words = plain(analysis, name);
    words.retain(|word| !text::is_stop_word(word));
    words
}

fn same(a: &Suggestion, b: &Suggestion) -> bool {
    (a.kind, &a.value) == (b.kind, &b.value)
}

/// The words typed so far; the last one may not be finished.
struct Typed {
    words: Vec<String>,
    /// The same run together.
    run: String,
}

impl Typed {
    fn read(prefix: &str) -> Self {
        let mut words = plain(&mut Analysis::new(), &text::tidy(prefix));
        if words.iter().any(|word| !text::is_stop_word(word)) {
            words.retain(|word| !text::is_stop_word(word));
        }
        Self { run: words.concat(), words }
    }

    fn begins(&self, name: &[String]) -> bool {
        let begun = |typed: &String| name.iter().any(|word| word.starts_with(typed.as_str()));
        self.words.iter().all(begun) || name.iter().any(|word| word.starts_with(&self.run))
    }
}

/// A name of a closed list with its other names, each as plain words.
struct Name {
    kind: SuggestionKind,
    number: usize,
    text: String,
    value: &'static str,
    names: Vec<Vec<String>>,
}

static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    use SuggestionKind as K;
    let mut analysis = Analysis::new();
    let mut name = |kind, number, value, names: Vec<String>| Name {
        kind,
        number,
        text: names.first().cloned().unwrap_or_default(),
        value,
        names: names.iter().map(|name| telling(&mut analysis, name)).collect(),
    };
    let mut all = Vec::new();
    for s in Specialty::all() {
        all.push(name(K::Specialty, usize::from(s.number()), s.slug(), aliases::of_specialty(s)));
    }
    for m in Market::all() {
        all.push(name(K::Market, usize::from(m.number()), m.slug(), aliases::of_market(m)));
    }
    for s in State::all() {
        all.push(name(K::State, usize::from(s.number()), s.code(), aliases::of_state(s)));
    }
    all
});

/// How many live openings name what, by number.
struct Census {
    lists: Counts,
    /// By the companies of each segment.
    company: Vec<Vec<u64>>,
}

impl Census {
    fn take(view: &View<Columns>, now: i64) -> Self {
        let mut census = Self {
            lists: Counts::new(),
            company: view.parts.iter().map(|part| vec![0; part.kept.companies().len()]).collect(),
        };
        for (part, companies) in view.parts.iter().zip(&mut census.company) {
            for row in (0..part.kept.len()).filter_map(|doc| live(part, doc, now)) {
                census.lists.add(row, part.kept.numbers(row));
                if let Some(n) = usize::try_from(row.company).ok().and_then(|place| companies.get_mut(place)) {
                    *n += 1;
                }
            }
        }
        census
    }

    /// As many as the filter finds; nothing when no opening names it.
    fn of(&self, name: &Name) -> Option<u64> {
        let (counts, more) = match name.kind {
            SuggestionKind::Specialty => (&self.lists.specialty, self.lists.any_specialty),
            SuggestionKind::Market => (&self.lists.market, 0),
            _ => (&self.lists.state, 0),
        };
        counts.get(name.number).filter(|n| **n > 0).map(|n| u64::from(n + more))
    }
}

fn most_first(all: &mut [Suggestion]) {
    all.sort_by(|a, b| {
        (Reverse(a.count), &a.text, a.kind, &a.value).cmp(&(Reverse(b.count), &b.text, b.kind, &b.value))
    });
}

/// Words of live openings that finish the last one typed, those of the names already found left out.
fn words(
    view: &View<Columns>,
    typed: &Typed,
    names: &[Suggestion],
    limit: usize,
    now: i64,
) -> tantivy::Result<Vec<Suggestion>> {
    let Some((last, before)) = typed.words.split_last() else { return Ok(Vec::new()) };
    if last.chars().count() < LEAST_LETTERS {
        return Ok(Vec::new());
    }
    let mut analysis = Analysis::new();
    let mut named: Vec<String> = Vec::new();
    for name in names {
        let words = plain(&mut analysis, &name.text);
        named.extend(words.iter().map(|word| analysis.stem(word)));
    }
    let mut all = Vec::new();
    for word in frequent(view, last)? {
        let stem = analysis.stem(&word);
        // Forms of one word find the same openings, so only the most frequent one is shown. Words of the lists
        // are proposed by the name they belong to.
        if named.contains(&stem) || is_known(&word) {
            continue;
        }
        named.push(stem);
        let text = before.iter().map(String::as_str).chain([word.as_str()]).collect::<Vec<_>>().join(" ");
        let searched: Vec<Word> = text::words(&text);
        let count = count_live(view, &searched, now)?;
        if count > 0 {
            all.push(Suggestion { value: text.clone(), text, kind: SuggestionKind::Word, count });
        }
        if all.len() >= limit.saturating_mul(COUNTED) {
            break;
        }
    }
    most_first(&mut all);
    all.truncate(limit);
    Ok(all)
}

/// Words of the index that begin so, the most frequent first.
fn frequent(view: &View<Columns>, prefix: &str) -> tantivy::Result<Vec<String>> {
    let mut found: HashMap<String, u64> = HashMap::new();
    for part in &view.parts {
        let mut terms = part.kept.words.terms().range().ge(prefix).into_stream()?;
        while terms.advance() {
            let word = std::str::from_utf8(terms.key()).unwrap_or_default();
            if !word.starts_with(prefix) {
                break;
            }
            let tells = word.chars().any(char::is_alphabetic) && !text::is_stop_word(word);
            if tells {
                *found.entry(word.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    let mut found: Vec<(String, u64)> = found.into_iter().collect();
    found.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    Ok(found.into_iter().map(|(word, _)| word).collect())
}
