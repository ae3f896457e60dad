//! Member -> openings: which live openings somebody fits, for the member's own page.

mod hash;

use std::path::Path;

use domain::candidate::{Candidate, Offer};
use domain::certification::Rulebook;
use domain::eligibility::check;
use rand::seq::SliceRandom;
use search_index::{OpeningDoc, OpeningsIndex, OpeningsReader, Seek};

use self::hash::{Hash, Seeker};
use super::outcome::{Outcome, us};
use crate::generate::{Generator, in_parallel, now};
use crate::measure::{Times, timed};
use crate::notices::{Notice, document};
use crate::options::Options;
use crate::report::bars::Bar;

/// Live openings; a smoke test has fewer.
const OPENINGS: u32 = 100_000;
const FEW_OPENINGS: u32 = 4000;
/// Members who ask, and how many of them the rule itself is asked about.
const MEMBERS: usize = 500;
const JUDGED: usize = 20;

/// A member in both forms.
struct Asker {
    who: Candidate,
    seek: Seek,
    seeker: Seeker,
}

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("reverse", "Member to openings");
    let rules = Rulebook::shipped();
    let count = if options.smoke { FEW_OPENINGS } else { OPENINGS };
    let offers = in_parallel(count, |number| made.offer(number));
    let (mut index, _) = OpeningsIndex::open(dir).expect("an index is opened");
    let plain = |offer: &Offer| document(&rules, offer, &Notice::default());
    index.rebuild(offers.iter().map(plain).collect::<Vec<OpeningDoc>>(), 1).expect("the index is built");
    let reader = index.reader();
    let mut hash = Hash::of(&rules, &offers);
    let asker = |who: Candidate| Asker { seek: Seek::of(&who, now()), seeker: hash.seeker(&who), who };
    let members = (0..).map(|pid| made.member(pid)).filter(|m| !m.doc().keys.is_empty());
    let askers: Vec<Asker> = members.take(MEMBERS).map(|m| asker(m.candidate)).collect();
    let hits = compare(&mut out, &reader, &mut hash, &askers);
    judge(&mut out, &rules, &offers, &reader, &askers);
    out.line(format!(
        "{count} live openings, {MEMBERS} members, {:.0} openings for each.\n",
        hits as f64 / MEMBERS as f64
    ));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let times = race(&reader, &mut hash, &askers, options.passes, made);
    out.line("| us p50/p95/p99 | index | hash in memory |\n| --- | --- | --- |");
    let [count_index, count_hash, ids_index, ids_hash, seek] = &times;
    out.line(format!("| how many | {} | {} |", us(count_index), us(count_hash)));
    out.line(format!("| ids, as text | {} | {} |", us(ids_index), us(ids_hash)));
    out.line(format!("| `Seek::of` | {} | |", us(seek)));
    for (key, times) in ["count_index", "count_hash", "ids_index", "ids_hash", "seek"].iter().zip(&times) {
        out.times(key, times);
    }
    for (what, index, hash) in [("count", count_index, count_hash), ("ids", ids_index, ids_hash)] {
        let ratio = index.us(0.5) / hash.us(0.5);
        out.bars.push(Bar::at_most(format!("reverse {what} p50: index / hash"), ratio, 1.5));
    }
    out
}

/// Every member, index against hash, both ways to ask; returns how many openings were found.
fn compare(out: &mut Outcome, reader: &OpeningsReader, hash: &mut Hash, askers: &[Asker]) -> usize {
    let mut hits = 0;
    for asker in askers {
        let mut want = hash.ids(&asker.seeker);
        let mut got = reader.fitting(&asker.seek);
        want.sort_unstable();
        got.sort_unstable();
        let count = reader.count_fitting(&asker.seek);
        if got != want || count != want.len() || hash.count(&asker.seeker) != want.len() {
            let id = asker.who.member.as_str();
            out.differences.say(format!("member {id}: index {} and {count}, hash {}", got.len(), want.len()));
        }
        hits += want.len();
    }
    hits
}

/// The rule itself about the first members.
fn judge(out: &mut Outcome, rules: &Rulebook, offers: &[Offer], reader: &OpeningsReader, askers: &[Asker]) {
    let judged = in_parallel(JUDGED.min(askers.len()) as u32, |n| {
        let who = &askers[n as usize].who;
        let fits = offers.iter().filter(|offer| check(rules, offer, who, now()).is_eligible());
        let mut ids: Vec<String> = fits.map(|offer| offer.opening.as_str().to_owned()).collect();
        ids.sort_unstable();
        ids
    });
    for (asker, want) in askers.iter().zip(judged) {
        let mut got = reader.fitting(&asker.seek);
        got.sort_unstable();
        if got != want {
            let id = asker.who.member.as_str();
            out.differences.say(format!("member {id}: index {}, the rule {}", got.len(), want.len()));
        }
    }
}

/// All ways in random order for each member and pass, one round untimed.
fn race(reader: &OpeningsReader, hash: &mut Hash, askers: &[Asker], passes: usize, made: &Generator) -> [Times; 5] {
    let mut times: [Times; 5] = std::array::from_fn(|_| Times::default());
    let mut order = [0, 1, 2, 3, 4];
    let mut rng = made.other(20);
    for Asker { who, seek, seeker } in askers {
        for pass in 0..=passes {
            order.shuffle(&mut rng);
            for way in order {
                let time = match way {
                    0 => timed(|| reader.count_fitting(seek)).1,
                    1 => timed(|| hash.count(seeker)).1,
                    2 => of(timed(|| reader.fitting(seek))),
                    3 => of(timed(|| hash.ids(seeker))),
                    _ => of(timed(|| Seek::of(who, now()))),
                };
                if pass > 0 {
                    times[way].add(time);
                }
            }
        }
    }
    times
}

/// The time alone; what was made goes here, outside it.
fn of<T>((made, time): (T, std::time::Duration)) -> std::time::Duration {
    drop(made);
    time
}
