//! One writer, changes until every reader sees them.

use std::path::Path;

use rand::Rng;
use search_index::{ProfileChange, ProfileDoc, ProfilesIndex, ProfilesReader};

use super::compare;
use super::outcome::{Outcome, ms};
use crate::community::Community;
use crate::engines::Engine;
use crate::engines::csr::Csr;
use crate::engines::index::Index;
use crate::generate::Generator;
use crate::measure::{Times, timed};
use crate::options::Options;
use crate::report::bars::Bar;
use crate::workload::Workload;

/// Changes in a batch, and batches that are timed.
const BATCHES: [(u32, usize); 3] = [(1, 200), (100, 40), (1000, 20)];
/// Rounds of each before anything is timed.
const TRIALS: usize = 3;
/// What a batch of one may take at p99: 250 ms until the next commit and half a second on top.
const VISIBLE_MS: f64 = 750.0;

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("updates", "Changes until they are visible");
    let community = Community::of(made, options.n);
    let (index, _) = community.index(&dir.join("updates"));
    let Community { docs, .. } = community;
    let mut world = World { reader: index.reader(), index, docs, seq: 1, made };
    for (size, _) in BATCHES {
        world.rounds(size, TRIALS, &mut out);
    }
    world.compare(options, &mut out);
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    out.line(
        "One writer, on this machine's disk with fsync: from the call to the moment in which every reader has it. The \
         product has no fixed interval between commits: what comes in while one runs makes the next batch. A change \
         waits at most one commit for its turn, so what is asked of a batch of one includes room for 250 ms of waiting.\n",
    );
    out.line("| changes | batches | ms p50/p95/p99 | changes/s | segments after |\n| --- | --- | --- | --- | --- |");
    for (size, rounds) in BATCHES {
        let times = world.rounds(size, rounds, &mut out);
        let per_second = f64::from(size) / (times.us(0.5) / 1e6);
        let segments = world.reader.segments();
        out.line(format!("| {size} | {rounds} | {} | {per_second:.0} | {segments} |", ms(&times)));
        out.times(&format!("batch_of_{size}"), &times);
        if size == 1 {
            out.bars.push(Bar::at_most("ms until a batch of 1 is visible, p99", times.us(0.99) / 1e3, VISIBLE_MS));
        }
    }
    // What all these batches have left behind answers right too.
    world.compare(options, &mut out);
    out
}

/// The index, and what it must hold.
struct World<'a> {
    index: ProfilesIndex,
    reader: ProfilesReader,
    docs: Vec<ProfileDoc>,
    seq: i64,
    made: &'a Generator,
}

impl World<'_> {
    /// Applies batches of random changes: members who look like another member from now on, who may be nobody to match.
    fn rounds(&mut self, size: u32, rounds: usize, out: &mut Outcome) -> Times {
        let mut times = Times::default();
        for _ in 0..rounds {
            self.seq += 1;
            let mut rng = self.made.other(1000 + self.seq as u64);
            let n = self.docs.len();
            let mut changes = Vec::with_capacity(size as usize);
            for _ in 0..size {
                let (pid, like) = (rng.random_range(0..n), rng.random_range(0..n));
                let doc = self.docs[like].clone();
                self.docs[pid] = doc.clone();
                changes.push(ProfileChange::Put { pid: pid as u32, doc: Box::new(doc) });
            }
            let (applied, time) = timed(|| self.index.apply(&changes, self.seq));
            applied.expect("a batch goes in");
            times.add(time);
            if rounds == TRIALS {
                self.compare_count(out);
            }
        }
        self.compare_count(out);
        times
    }

    fn compare_count(&self, out: &mut Outcome) {
        let want = self.docs.iter().filter(|doc| !doc.keys.is_empty()).count() as u64;
        let got = self.reader.count();
        if got != want {
            out.differences.say(format!("after batch {} the reader counts {got} members of {want}", self.seq));
        }
    }

    /// Every question against the yardstick made anew from what the members look like now.
    fn compare(&mut self, options: &Options, out: &mut Outcome) {
        let community = Community::with(std::mem::take(&mut self.docs));
        let mut csr = Csr::new(&community.docs, &community.lists, &community.pack);
        let work = Workload::counted(self.made, &mut csr, options.pool, options.n, options.per_class);
        let mut engines: Vec<Box<dyn Engine + '_>> = vec![Box::new(Index::new(self.reader.clone())), Box::new(csr)];
        compare::engines(&mut engines, &work, &mut out.differences);
        drop(engines);
        self.docs = community.docs;
    }
}
