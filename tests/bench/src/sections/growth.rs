//! Ten times the members, the same number of hits: how much longer one answer takes.

use std::path::Path;

use super::outcome::{Outcome, us};
use crate::community::Community;
use crate::engines::csr::Csr;
use crate::engines::index::Index;
use crate::engines::{Answer, Engine, Mode};
use crate::generate::Generator;
use crate::measure::{Times, timed};
use crate::options::Options;
use crate::report::bars::Bar;
use crate::workload::Question;

/// Bounds of hits.
const BINS: [(usize, usize); 3] = [(10, 100), (100, 1000), (1000, 10_000)];
/// Pairs in a bin at most; fewer than `LEAST` say nothing.
const MOST: usize = 200;
const LEAST: usize = 30;
/// A pair's hits differ by less than one part in so many.
const NEAR: usize = 10;

/// One community with its questions.
struct Side {
    questions: Vec<Question>,
    index: Index,
}

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("growth", "Ten times the members, equal hits");
    let sizes = [options.n / 10, options.n];
    let mut sides = sizes.map(|n| side(made, n, options.pool, &dir.join(format!("growth-{n}")), &mut out));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let [small, large] = sizes;
    out.line(format!("| hits | pairs | {small} members, us | {large} members, us | p50 | candidates per hit |"));
    out.line("| --- | --- | --- | --- | --- | --- |");
    for (from, to) in BINS {
        let pairs = pairs(&sides, from, to);
        if pairs.len() < LEAST {
            out.line(format!("| {from} to {to} | {} | too few | | | |", pairs.len()));
            continue;
        }
        let times = race(&mut sides, &pairs, options.passes);
        let [a, b] = &times;
        let grown = b.us(0.5) / a.us(0.5);
        let walked = [0, 1].map(|n| {
            let of = |pair: &[usize; 2]| &sides[n].questions[pair[n]];
            let sum = |count: &dyn Fn(&Question) -> usize| pairs.iter().map(|p| count(of(p))).sum::<usize>();
            sum(&|q| q.candidates) as f64 / sum(&|q| q.hits) as f64
        });
        let (a, b) = (us(a), us(b));
        let [w0, w1] = walked;
        out.line(format!("| {from} to {to} | {} | {a} | {b} | {grown:.2} | {w0:.2}, {w1:.2} |", pairs.len()));
        out.times(&format!("hits_{from}_to_{to}_small"), &times[0]);
        out.times(&format!("hits_{from}_to_{to}_large"), &times[1]);
        out.bars.push(Bar::at_most(format!("growth at {from} to {to} hits, p50"), grown, 2.5));
    }
    out
}

/// Builds an index, counts the pool, and holds every answer of the index against the count's own.
fn side(made: &Generator, n: u32, pool: u32, dir: &Path, out: &mut Outcome) -> Side {
    let community = Community::of(made, n);
    let (built, _) = community.index(dir);
    let mut index = Index::new(built.reader());
    let mut questions = Question::pool(made, pool);
    let mut csr = Csr::new(&community.docs, &community.lists, &community.pack);
    for question in &mut questions {
        question.count(&mut csr);
        let want = Answer::Ids(csr.ids(question)).sorted();
        if index.answer(question, Mode::Ids).sorted() != want {
            out.differences.say(format!("{n} members: index differs from csr: {:?}", question.offer.terms));
        }
    }
    drop(csr);
    Side { questions, index }
}

/// Questions of both with nearly as many hits, each once.
fn pairs(sides: &[Side; 2], from: usize, to: usize) -> Vec<[usize; 2]> {
    let sorted = |side: &Side| {
        let within = |n: &usize| (from..to).contains(&side.questions[*n].hits);
        let mut all: Vec<usize> = (0..side.questions.len()).filter(within).collect();
        all.sort_by_key(|n| side.questions[*n].hits);
        all
    };
    let hits = |side: usize, n: usize| sides[side].questions[n].hits;
    let (small, large) = (sorted(&sides[0]), sorted(&sides[1]));
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    while let (Some(a), Some(b)) = (small.get(i), large.get(j)) {
        let (x, y) = (hits(0, *a), hits(1, *b));
        if x.abs_diff(y) * NEAR <= x {
            all.push([*a, *b]);
            (i, j) = (i + 1, j + 1);
        } else if x < y {
            i += 1;
        } else {
            j += 1;
        }
    }
    let every = all.len().div_ceil(MOST).max(1);
    all.into_iter().step_by(every).collect()
}

/// Both sides of a pair in turn; one untimed round of each, as everywhere.
fn race(sides: &mut [Side; 2], pairs: &[[usize; 2]], passes: usize) -> [Times; 2] {
    let mut times = [Times::default(), Times::default()];
    for pair in pairs {
        for pass in 0..=passes {
            for side in if pass % 2 == 0 { [0, 1] } else { [1, 0] } {
                let Side { questions, index } = &mut sides[side];
                let (answer, time) = timed(|| index.answer(&questions[pair[side]], Mode::Ids));
                drop(answer);
                if pass > 0 {
                    times[side].add(time);
                }
            }
        }
    }
    times
}
