//! Opening -> members: every engine, every class.

use std::path::Path;

use domain::certification::Rulebook;
use search_index::Ask;

use super::compare::{self, Differences};
use super::race::{self, Board};
use crate::community::Community;
use crate::engines::csr::Csr;
use crate::engines::index::Index;
use crate::engines::naive::Naive;
use crate::engines::pg::{self, Form, Pg};
use crate::engines::roaring::Roaring;
use crate::engines::sqlite::{self, Dedupe, Sqlite};
use crate::engines::{Decider, Engine, Mode};
use crate::generate::{Generator, in_parallel, now};
use crate::measure::{Times, disk_bytes, rss_bytes, timed};
use crate::options::{EngineName, Options};
use crate::report::{Figures, Sizes};
use crate::workload::{Class, Question, Workload};

/// Questions of each class that the rule itself is asked.
const NAIVE_PER_CLASS: usize = 10;

/// Runs it; stops before any timing when answers differ.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Figures {
    let community = Community::of(made, options.n);
    let mut csr = Csr::new(&community.docs, &community.lists, &community.pack);
    let work = Workload::counted(made, &mut csr, options.pool, options.n, options.per_class);
    let index_dir = dir.join("index");
    let (index, build) = community.index(&index_dir);
    let reader = index.reader();
    let mut sizes = Sizes {
        members: options.n,
        matchable: community.matchable(),
        keys: community.lists.total(),
        segments: reader.segments(),
        disk_bytes: disk_bytes(&index_dir),
        build_s: build.as_secs_f64(),
        rss_bytes: memory_of(options, &index_dir),
        ..Sizes::default()
    };
    let mut engines: Vec<Box<dyn Engine + '_>> = vec![Box::new(Index::new(reader)), Box::new(csr)];
    add_others(options, &community, dir, &mut engines, &mut sizes);
    let mut differences = Differences::default();
    compare::engines(&mut engines, &work, &mut differences);
    let mut board = Board::new();
    let mut naive =
        options.wants(EngineName::Naive).then(|| Naive::new(in_parallel(options.n, |pid| made.member(pid))));
    if let Some(naive) = &naive {
        compare::rule(naive, engines[0].as_mut(), &work, NAIVE_PER_CLASS, &mut differences);
    }
    if differences.count == 0 && options.passes > 0 {
        board = race::run(&mut engines, &work, options.passes, &mut made.other(1));
        if let Some(naive) = &mut naive {
            time_naive(naive, &work, &mut board);
        }
    }
    Figures { work: crate::report::Questions::of(&work), differences, board, compile: compile(&work), sizes }
}

/// Fills the databases side by side, and adds every engine wanted.
fn add_others<'a>(
    options: &Options,
    community: &'a Community,
    dir: &Path,
    engines: &mut Vec<Box<dyn Engine + 'a>>,
    sizes: &mut Sizes,
) {
    let Community { docs, pack, lists } = community;
    let decider = Decider::new(docs, pack);
    let n = docs.len();
    if options.wants(EngineName::Roaring) {
        engines.push(Box::new(Roaring::new(lists, pack, decider)));
    }
    let file = dir.join("keys.sqlite");
    let url = options.pg.as_deref().filter(|_| options.wants(EngineName::Pg));
    std::thread::scope(|scope| {
        let filling = url.map(|url| scope.spawn(|| timed(|| pg::fill(url, docs))));
        if options.wants(EngineName::Sqlite) {
            let ((), time) = timed(|| sqlite::fill(&file, lists, pack));
            sizes.others.push(("sqlite".to_owned(), disk_bytes_of(&file), time.as_secs_f64()));
        }
        if let Some(((covering, gin), time)) = filling.map(|f| f.join().expect("PostgreSQL is filled")) {
            sizes.others.push(("pg covering".to_owned(), covering, time.as_secs_f64()));
            sizes.others.push(("pg gin".to_owned(), gin, time.as_secs_f64()));
        }
    });
    if options.wants(EngineName::Sqlite) {
        for dedupe in [Dedupe::Sql, Dedupe::Client] {
            engines.push(Box::new(Sqlite::open(&file, dedupe, decider, n)));
        }
    }
    if let Some(url) = url {
        for form in [Form::Distinct, Form::App, Form::Gin] {
            engines.push(Box::new(Pg::open(url, form, decider, n)));
        }
    }
}

fn disk_bytes_of(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |meta| meta.len())
}

fn time_naive(naive: &mut Naive, work: &Workload, board: &mut Board) {
    for class in Class::ALL {
        for question in work.classes[class as usize].iter().take(NAIVE_PER_CLASS) {
            let (_, time) = timed(|| naive.answer(question, Mode::Ids));
            board.entry((class, naive.name().to_owned(), Mode::Ids)).or_default().add(time);
        }
    }
}

/// What it takes to make of an opening what the engines are asked.
fn compile(work: &Workload) -> Vec<(Class, Times)> {
    let rules = Rulebook::shipped();
    Class::ALL
        .into_iter()
        .map(|class| {
            let mut times = Times::default();
            for question in &work.classes[class as usize] {
                let (ask, time) = timed(|| Ask::of(&rules, &question.offer, now()));
                assert_eq!(ask, question.ask, "an opening always asks the same");
                times.add(time);
            }
            (class, times)
        })
        .collect()
}

/// Memory of a process that holds nothing but the index, after it has answered the whole pool.
fn memory_of(options: &Options, index_dir: &Path) -> u64 {
    let this = std::env::current_exe().expect("this program has a path");
    let mut child = std::process::Command::new(this);
    child.args(["--seed", &options.seed.to_string(), "--pool", &options.pool.to_string(), "--memory-of"]);
    let output = child.arg(index_dir).output().expect("this program starts");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of bytes")
}

/// The other side of it.
///
/// # Panics
/// When there is no index.
#[must_use]
pub fn answer_and_weigh(made: &Generator, pool: u32, index_dir: &Path) -> u64 {
    let (reader, _) = search_index::ProfilesReader::open(index_dir).expect("an index is there");
    let rules = Rulebook::shipped();
    for number in 0..pool {
        let question = Question::of(made, &rules, number);
        drop(reader.eligible(&question.ask).expect("the index reads its files"));
    }
    rss_bytes()
}
