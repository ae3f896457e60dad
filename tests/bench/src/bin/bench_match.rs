//! Compares the indexes with what else could answer. `cargo bench-match --help`; docs/BENCHMARKS.md.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bench::generate::Generator;
use bench::options::{Options, Section};
use bench::report::{self, Report};
use bench::sections::compare::Differences;
#[cfg(feature = "product")]
use bench::sections::db;
use bench::sections::outcome::Outcome;
use bench::sections::{forward, growth, percolate, reverse, search, segments, updates};
use clap::Parser;

/// A section that is not the first.
type Run = fn(&Options, &Generator, &Path) -> Outcome;

const OTHERS: &[(Section, Run)] = &[
    (Section::Segments, segments::run),
    (Section::Growth, growth::run),
    (Section::Updates, updates::run),
    #[cfg(feature = "product")]
    (Section::Db, db::run),
    (Section::Reverse, reverse::run),
    (Section::Percolate, percolate::run),
    (Section::Search, search::run),
];

fn main() -> ExitCode {
    let options = Options::parse().settled();
    let made = Generator::new(options.seed);
    if let Some(dir) = &options.memory_of {
        println!("{}", forward::answer_and_weigh(&made, options.pool, dir));
        return ExitCode::SUCCESS;
    }
    let own = options.dir.is_none().then(|| tempfile::tempdir().expect("a folder"));
    let dir: PathBuf =
        own.as_ref().map_or_else(|| options.dir.clone().expect("a folder is given"), |dir| dir.path().to_path_buf());
    std::fs::create_dir_all(&dir).expect("a folder for the files");
    let mut report = Report::empty(options.n);
    let mut faults = 0;
    if options.runs(Section::Match) {
        let figures = forward::run(&options, &made, &dir);
        report = Report::of(&figures);
        report::print(&figures);
        faults += shown(&figures.differences);
    }
    for (section, run) in OTHERS {
        // Nothing that comes after a difference is worth the time.
        if faults == 0 && options.runs(*section) {
            let files = dir.join(format!("{section:?}").to_lowercase());
            std::fs::create_dir_all(&files).expect("a folder for the files");
            let outcome = run(&options, &made, &files);
            outcome.print();
            faults += shown(&outcome.differences);
            report.add_differences(outcome.differences.count);
            report.add(outcome.key, outcome.figures);
            std::fs::remove_dir_all(&files).expect("a section's files are removed");
        }
    }
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&report).expect("figures are plain numbers");
        std::fs::write(path, text).expect("the file is written");
    }
    println!("{faults} answers differ");
    if faults > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Shows what differs; returns how much.
fn shown(differences: &Differences) -> usize {
    differences.shown.iter().for_each(|fault| eprintln!("{fault}"));
    differences.count
}
