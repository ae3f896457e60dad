//! Words -> openings, as the job board asks: the best twenty and the counts beside them.

mod corpus;
mod pg;
mod sqlite;

use std::collections::BTreeMap;
use std::path::Path;

use domain::certification::Rulebook;
use rand::seq::SliceRandom;
use search_index::{OpeningPage, OpeningQuery, OpeningsIndex, OpeningsReader};

use self::corpus::{Corpus, QueryKind};
use super::outcome::{Outcome, us};
use crate::generate::{Generator, now};
use crate::measure::{Times, disk_bytes, timed};
use crate::notices::document;
use crate::options::{EngineName, Options};
use crate::report::bars::Bar;

/// Openings; a smoke test has fewer.
const OPENINGS: u32 = 100_000;
const FEW_OPENINGS: u32 = 4000;
/// Words whose openings are compared one by one.
const COMPARED: usize = 200;
/// Openings of a page.
const PAGE: usize = 20;

/// A page: ids of the best, and how many counts there were beside them.
pub(super) struct Page {
    /// Best first.
    pub(super) ids: Vec<String>,
    /// Rows of all facets.
    pub(super) facets: usize,
}

/// What can be asked.
pub(super) trait Searcher {
    fn name(&self) -> &'static str;
    /// Every opening with this word.
    fn with_word(&mut self, word: &str) -> Vec<String>;
    /// The best twenty with facets.
    fn page(&mut self, text: &str) -> Page;
}

/// What ships.
struct Index(OpeningsReader);

impl Index {
    fn ask(&self, text: &str, limit: usize) -> OpeningPage {
        let query = OpeningQuery { text: Some(text.to_owned()), limit, ..OpeningQuery::new(now()) };
        self.0.search(&query).expect("the index reads its files")
    }
}

impl Searcher for Index {
    fn name(&self) -> &'static str {
        "index"
    }

    fn with_word(&mut self, word: &str) -> Vec<String> {
        let page = self.ask(word, OPENINGS as usize);
        if page.corrected.is_some() { Vec::new() } else { page.ids }
    }

    fn page(&mut self, text: &str) -> Page {
        let OpeningPage { ids, facets: f, .. } = self.ask(text, PAGE);
        let facets = [f.kind, f.specialty, f.market, f.state, f.pay_band].iter().map(Vec::len).sum();
        Page { ids, facets }
    }
}

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("search", "Words to openings");
    let corpus = Corpus::of(made, if options.smoke { FEW_OPENINGS } else { OPENINGS });
    let mut searchers = searchers(options, &corpus, dir, &mut out);
    let compared = compare(&mut out, &mut searchers, &corpus, made);
    out.line(format!(
        "\n{} openings with 50 to 140 words. Only words that every engine cuts and keeps alike are compared: {COMPARED} \
         rare ones, {compared} openings. Stems, synonyms and ranks differ, so other answers are not.\n",
        corpus.openings.len()
    ));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let queries = corpus.queries(made);
    let times = race(&mut searchers, &queries, options.passes, made);
    out.line("| us p50/p95/p99, top 20 and five facets | all | specialty, city | synonym | a word | two words | kind, specialty | kind, word |");
    out.line("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for searcher in &searchers {
        let (name, none) = (searcher.name(), Times::default());
        let of = |kind: Option<QueryKind>| us(times.get(&(name, kind)).unwrap_or(&none));
        let cells: Vec<String> = QueryKind::ALL.iter().map(|kind| of(Some(*kind))).collect();
        out.line(format!("| {name} | {} | {} |", of(None), cells.join(" | ")));
    }
    for ((name, kind), of) in &times {
        out.times(&format!("{name}_{}", kind.map_or("all", QueryKind::name)), of);
    }
    let Some(index) = times.get(&("index", None)) else { return out };
    for (name, least) in [("pg", 20.0), ("sqlite", 10.0)] {
        if let Some(other) = times.get(&(name, None)) {
            out.bars.push(Bar::at_least(format!("search p50: {name} / index"), other.us(0.5) / index.us(0.5), least));
        }
    }
    out
}

fn searchers(options: &Options, corpus: &Corpus, dir: &Path, out: &mut Outcome) -> Vec<Box<dyn Searcher>> {
    let rules = Rulebook::shipped();
    let (mut index, _) = OpeningsIndex::open(dir).expect("an index is opened");
    let documents: Vec<_> = corpus.openings.iter().map(|(offer, notice)| document(&rules, offer, notice)).collect();
    let (built, time) = timed(|| index.rebuild(documents, 1));
    built.expect("the index is built");
    let mut all: Vec<Box<dyn Searcher>> = vec![Box::new(Index(index.reader()))];
    let mut say = |name: &str, bytes: u64, seconds: f64| {
        out.line(format!("- {name}: {:.0} MB, filled in {seconds:.1} s", bytes as f64 / 1e6));
    };
    say("index", disk_bytes(dir), time.as_secs_f64());
    if options.wants(EngineName::Sqlite) {
        let file = dir.join("search.sqlite");
        let (engine, time) = timed(|| sqlite::Sqlite::fill(&file, corpus));
        say("sqlite", std::fs::metadata(&file).map_or(0, |meta| meta.len()), time.as_secs_f64());
        all.push(Box::new(engine));
    }
    if let Some(url) = options.pg.as_deref().filter(|_| options.wants(EngineName::Pg)) {
        let ((engine, bytes), time) = timed(|| pg::Pg::fill(url, corpus));
        say("pg", bytes, time.as_secs_f64());
        all.push(Box::new(engine));
    }
    all
}

/// Every engine finds the openings that have a rare word, and no others; returns how many there were.
fn compare(out: &mut Outcome, searchers: &mut [Box<dyn Searcher>], corpus: &Corpus, made: &Generator) -> usize {
    let mut compared = 0;
    for number in 0..COMPARED {
        let word = made.wording().rare(number);
        let mut want: Vec<String> = corpus.with_word(word);
        want.sort_unstable();
        for searcher in &mut *searchers {
            let mut got = searcher.with_word(word);
            got.sort_unstable();
            if got != want {
                let (name, got, want) = (searcher.name(), got.len(), want.len());
                out.differences.say(format!("{word}: {name} finds {got} openings of {want}"));
            }
        }
        compared += want.len();
    }
    compared
}

/// Times by engine and kind of query; none for all kinds together.
type Board = BTreeMap<(&'static str, Option<QueryKind>), Times>;

/// All engines in random order for each query and pass, one round untimed.
fn race(
    searchers: &mut [Box<dyn Searcher>],
    queries: &[(QueryKind, String)],
    passes: usize,
    made: &Generator,
) -> Board {
    let mut board = Board::new();
    let mut order: Vec<usize> = (0..searchers.len()).collect();
    let mut rng = made.other(40);
    for (kind, text) in queries {
        for pass in 0..=passes {
            order.shuffle(&mut rng);
            for n in &order {
                let searcher = &mut searchers[*n];
                let (page, time) = timed(|| searcher.page(text));
                assert!(page.ids.len() <= PAGE && (page.ids.is_empty() || page.facets > 0), "a page with its counts");
                if pass > 0 {
                    for of in [None, Some(*kind)] {
                        board.entry((searcher.name(), of)).or_default().add(time);
                    }
                }
            }
        }
    }
    board
}
