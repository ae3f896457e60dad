//! Tables for people, a file for programs.

pub mod bars;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::engines::Mode;
use crate::measure::Times;
use crate::sections::compare::Differences;
use crate::sections::race::Board;
use crate::workload::{Class, Workload};

pub use tables::print;

/// What the match section found.
pub struct Figures {
    /// Of each class.
    pub work: Questions,
    /// Answers that were not alike.
    pub differences: Differences,
    /// Times.
    pub board: Board,
    /// Times of `Ask::of`.
    pub compile: Vec<(Class, Times)>,
    /// Sizes and build times.
    pub sizes: Sizes,
}

/// How many questions there were, and how much they walk.
#[derive(Debug, Clone, Default)]
pub struct Questions(pub BTreeMap<Class, ClassSums>);

/// Sums over a class.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClassSums {
    /// Questions.
    pub questions: usize,
    /// Members who fit, all questions together.
    pub hits: usize,
    /// Members in the lists walked.
    pub candidates: usize,
}

impl ClassSums {
    /// Members walked for each who fits.
    #[must_use]
    pub fn candidates_per_hit(self) -> f64 {
        self.candidates as f64 / self.hits.max(1) as f64
    }
}

impl Questions {
    /// Of this workload.
    #[must_use]
    pub fn of(work: &Workload) -> Self {
        let mut all = BTreeMap::<Class, ClassSums>::new();
        for (class, question) in work.all() {
            let sums = all.entry(class).or_default();
            sums.questions += 1;
            sums.hits += question.hits;
            sums.candidates += question.candidates;
        }
        Self(all)
    }
}

/// Sizes and build times.
#[derive(Debug, Clone, Default)]
pub struct Sizes {
    /// Members made.
    pub members: u32,
    /// Members with a document.
    pub matchable: usize,
    /// Keys of all of them.
    pub keys: usize,
    /// Segments after the build.
    pub segments: usize,
    /// Of the index.
    pub disk_bytes: u64,
    /// Seconds to build the index from documents in memory.
    pub build_s: f64,
    /// Memory of a process with nothing but the index.
    pub rss_bytes: u64,
    /// Name, bytes and seconds of the others.
    pub others: Vec<(String, u64, f64)>,
}

/// One line of the file.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `narrow`, `medium`, `broad`.
    pub class: &'static str,
    /// Engine.
    pub engine: String,
    /// `ids`, `count`, `top100`.
    pub mode: &'static str,
    /// Microseconds.
    pub p50_us: f64,
    /// Microseconds.
    pub p95_us: f64,
    /// Microseconds.
    pub p99_us: f64,
    /// Members walked for each who fits.
    pub candidates_per_hit: f64,
}

/// The file.
#[derive(Debug, Serialize)]
pub struct Report {
    set_differences: usize,
    n: u32,
    rows: Vec<Row>,
    disk_bytes: u64,
    build_docs_per_s: f64,
    rss_bytes: u64,
    /// Other sections.
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

impl Report {
    /// Of the match section; more is added section by section.
    #[must_use]
    pub fn of(figures: &Figures) -> Self {
        let sizes = &figures.sizes;
        let mut extra = BTreeMap::new();
        let compile: BTreeMap<&str, f64> = figures.compile.iter().map(|(c, t)| (c.name(), t.us(0.5))).collect();
        extra.insert("compile_p50_us".to_owned(), serde_json::json!(compile));
        extra.insert("segments".to_owned(), sizes.segments.into());
        extra.insert("matchable".to_owned(), sizes.matchable.into());
        Self {
            set_differences: figures.differences.count,
            n: sizes.members,
            rows: rows(figures),
            disk_bytes: sizes.disk_bytes,
            build_docs_per_s: sizes.matchable as f64 / sizes.build_s,
            rss_bytes: sizes.rss_bytes,
            extra,
        }
    }

    /// Of other sections alone.
    #[must_use]
    pub fn empty(n: u32) -> Self {
        let figures = Figures {
            work: Questions::default(),
            differences: Differences::default(),
            board: Board::new(),
            compile: Vec::new(),
            sizes: Sizes { members: n, build_s: 1.0, ..Sizes::default() },
        };
        Self::of(&figures)
    }

    /// Adds the differences of a section.
    pub const fn add_differences(&mut self, count: usize) {
        self.set_differences += count;
    }

    /// Adds a section.
    pub fn add(&mut self, name: &str, section: Value) {
        self.extra.insert(name.to_owned(), section);
    }
}

/// Every row, and for each database with several forms one more under its bare name: that of the faster form.
#[must_use]
pub fn rows(figures: &Figures) -> Vec<Row> {
    let row = |(class, engine, mode): (Class, &str, Mode), times: &Times| Row {
        class: class.name(),
        engine: engine.to_owned(),
        mode: mode.name(),
        p50_us: times.us(0.5),
        p95_us: times.us(0.95),
        p99_us: times.us(0.99),
        candidates_per_hit: figures.work.0.get(&class).copied().unwrap_or_default().candidates_per_hit(),
    };
    let mut all: Vec<Row> = figures.board.iter().map(|((c, e, m), times)| row((*c, e, *m), times)).collect();
    for (name, forms) in [("sqlite", ["sqlite_distinct", "sqlite_app"]), ("pg_covering", ["pg_distinct", "pg_app"])] {
        for class in Class::ALL {
            let forms = forms.iter().filter_map(|f| figures.board.get(&(class, (*f).to_owned(), Mode::Ids)));
            if let Some(faster) = forms.min_by(|a, b| a.us(0.5).total_cmp(&b.us(0.5))) {
                all.push(row((class, name, Mode::Ids), faster));
            }
        }
    }
    all
}
