//! The product's own start on an empty data folder: every member read from its database, and the indexes built.

mod fill;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rosterline::index::Index as Indexes;
use search_index::ProfileDoc;
use store::{Db, StoreError};

use super::compare;
use super::outcome::Outcome;
use crate::community::Community;
use crate::engines::Engine;
use crate::engines::csr::Csr;
use crate::engines::index::Index;
use crate::generate::{Generator, now};
use crate::measure::{disk_bytes, timed};
use crate::options::Options;
use crate::report::bars::Bar;
use crate::workload::Workload;

/// Members in a second.
const LEAST: f64 = 50_000.0;
/// Members of a page, as the product reads them.
const PAGE: i64 = 2000;

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("db", "Rebuild from the product's database");
    let file = dir.join("rosterline.sqlite");
    let url = format!("sqlite://{}", file.display());
    let db = Db::open(&url, 4).expect("a database is opened");
    let ((), filling) = timed(|| fill::fill(&file, made, options.n));
    let (indexes, opening) = timed(|| Indexes::open(&dir.join("data"), &db, now()).expect("the indexes are built"));
    {
        let community = Community::of(made, options.n);
        let mut csr = Csr::new(&community.docs, &community.lists, &community.pack);
        let work = Workload::counted(made, &mut csr, options.pool, options.n, options.per_class);
        let mut engines: Vec<Box<dyn Engine + '_>> =
            vec![Box::new(Index::new(indexes.profiles().clone())), Box::new(csr)];
        compare::engines(&mut engines, &work, &mut out.differences);
    }
    let megabytes = disk_bytes(dir) as f64 / 1e6;
    out.line(format!(
        "{} members, filled in {:.0} s; {megabytes:.0} MB with the indexes.\n",
        options.n,
        filling.as_secs_f64()
    ));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let per_second = f64::from(options.n) / opening.as_secs_f64();
    out.line("| part | s | members/s |\n| --- | --- | --- |");
    part(&mut out, options, "start", "start on an empty folder", opening);
    parts(&mut out, options, &indexes, &db);
    out.bars.push(Bar::at_least("members a second, from start to ready", per_second, LEAST));
    out
}

fn part(out: &mut Outcome, options: &Options, key: &str, name: &str, time: Duration) {
    let seconds = time.as_secs_f64();
    out.line(format!("| {name} | {seconds:.2} | {:.0} |", f64::from(options.n) / seconds));
    out.figure(&format!("{key}_s"), seconds);
}

/// Where the time goes: the same work again, and each part of it alone.
fn parts(out: &mut Outcome, options: &Options, indexes: &Indexes, db: &Db) {
    let begun = Instant::now();
    let last_page = AtomicU64::new(0);
    let heard = |_: u64, _: u64| {
        last_page.store(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    };
    indexes.rebuild(db, now(), &heard).expect("the indexes are built anew");
    let whole = begun.elapsed();
    let pages = Duration::from_micros(last_page.load(Ordering::Relaxed));
    part(out, options, "rebuild", "the same while running (`Index::rebuild`)", whole);
    part(out, options, "rebuild_pages", "– of it until the last page of members was taken", pages);
    part(out, options, "rebuild_rest", "– of it the rest: last commit, merge, openings, alerts", whole - pages);
    let (docs, reading, making) = read_alone(db);
    part(out, options, "read", "reading alone, one thread (`members`, `profiles`)", reading);
    part(out, options, "of", "`ProfileDoc::of` alone, one thread", making);
    let community = Community::with(docs);
    let files = tempfile::tempdir().expect("a folder");
    let (_, building) = community.index(files.path());
    part(out, options, "build", "`ProfilesIndex::rebuild` alone, from memory", building);
}

/// Reads every member as the product does, and makes the documents, each by itself.
fn read_alone(db: &Db) -> (Vec<ProfileDoc>, Duration, Duration) {
    let (mut reading, mut making) = (Duration::ZERO, Duration::ZERO);
    let (mut after, mut docs) = (String::new(), Vec::new());
    loop {
        let (page, time) = timed(|| {
            db.read::<_, StoreError>(|conn| {
                let members = store::members::after_id(conn, &after, PAGE)?;
                let candidates = store::profiles::candidates_after(conn, &after, &members)?;
                Ok(members.into_iter().zip(candidates).collect::<Vec<_>>())
            })
            .expect("a page of members")
        });
        reading += time;
        let Some((last, _)) = page.last() else { return (docs, reading, making) };
        last.id.as_str().clone_into(&mut after);
        let matched = page.iter().filter(|(member, _)| rosterline::index::may_be_matched(member));
        let (made, time) = timed(|| matched.map(|(_, who)| ProfileDoc::of(who)).collect::<Vec<_>>());
        making += time;
        docs.extend(made);
    }
}
