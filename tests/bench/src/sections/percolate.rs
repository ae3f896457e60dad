//! An opening arrives: whose saved alerts it fires.

mod brute;

use std::collections::HashSet;
use std::path::Path;

use domain::alert::Wish;
use domain::candidate::Offer;
use rand::seq::SliceRandom;
use search_index::{AlertsIndex, AlertsReader, Arrival, SearchError};

use self::brute::{Brute, Opening};
use super::outcome::{Outcome, us};
use crate::generate::{Generator, in_parallel};
use crate::measure::{Times, disk_bytes, timed};
use crate::notices::Notice;
use crate::options::Options;
use crate::report::bars::Bar;

/// Saved alerts; members have one to four. A smoke test has fewer.
const ALERTS: usize = 1_000_000;
const FEW_ALERTS: usize = 20_000;
/// Openings that arrive, and how many of them the rule itself is asked about.
const ARRIVALS: u32 = 200;
const JUDGED: usize = 5;
/// Arriving openings stand behind all those of other sections.
const FIRST: u32 = 1_000_000;

/// An opening in every form.
struct Case {
    offer: Offer,
    notice: Notice,
    arrival: Arrival,
    opening: Opening,
}

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("percolate", "Opening to saved alerts");
    let most = if options.smoke { FEW_ALERTS } else { ALERTS };
    let all = wishes(made, most);
    let (mut index, _) = AlertsIndex::open(dir).expect("an index is opened");
    let members = (0..).zip(&all).map(|(pid, wishes)| Ok::<_, SearchError>((pid, wishes.clone())));
    let (built, build) = timed(|| index.rebuild(members, 1));
    built.expect("the index is built");
    let reader = index.reader();
    let brute = Brute::of(&all);
    let cases: Vec<Case> = (FIRST..FIRST + ARRIVALS).map(|number| case(made, &brute, number)).collect();
    let fired = compare(&mut out, &reader, &brute, &cases);
    judge(&mut out, &all, &reader, &cases);
    let candidates: u64 = cases.iter().map(|case| reader.candidates(&case.arrival)).sum();
    out.line(format!(
        "{most} alerts of {} members, {:.0} MB, built in {:.1} s; {ARRIVALS} openings, {:.0} members told of each, {:.2} \
         alerts looked at for each member told.\n",
        all.len(),
        disk_bytes(dir) as f64 / 1e6,
        build.as_secs_f64(),
        fired as f64 / f64::from(ARRIVALS),
        candidates as f64 / fired.max(1) as f64
    ));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let times = race(&reader, &brute, &cases, options.passes, made);
    out.line("| engine | us p50/p95/p99 | against the index, p50 |\n| --- | --- | --- |");
    let names = ["index", "brute", "columns", "arrival"];
    for (name, times_of) in names.iter().zip(&times) {
        out.line(format!("| {name} | {} | {:.1} |", us(times_of), times_of.us(0.5) / times[0].us(0.5)));
        out.times(name, times_of);
    }
    out.line("\n`brute` looks at each alert's 32 bytes; `columns` first at nine of them, without a branch; `arrival` is what it \
              takes to cut an opening's words and make its keys.");
    let faster = times[1].us(0.5) / times[0].us(0.5);
    out.bars.push(Bar::at_least("percolate p50: brute / index", faster, 8.0));
    out
}

/// Members' alerts until there are so many.
fn wishes(made: &Generator, most: usize) -> Vec<Vec<Wish>> {
    // Two and a half each; the generator makes the same for a member's number however many are asked for.
    let mut all = in_parallel((most / 2) as u32, |pid| made.wishes(pid));
    let mut left = most;
    for wishes in &mut all {
        wishes.truncate(left);
        left -= wishes.len();
    }
    assert_eq!(left, 0, "members have two and a half alerts");
    all.retain(|wishes| !wishes.is_empty());
    all
}

fn case(made: &Generator, brute: &Brute, number: u32) -> Case {
    let mut offer = made.offer(number);
    let notice = made.notice(number, &offer);
    offer.terms.title.clone_from(&notice.title);
    offer.terms.description.clone_from(&notice.description);
    let arrival = Arrival::of(&offer.terms, &notice.company);
    let texts = [&notice.title, &notice.description, &notice.company];
    // Alerts ask only for made-up words, which stand between spaces and have no other forms.
    let words: HashSet<String> = texts.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
    let opening = brute.opening(&offer.terms, &words);
    Case { offer, notice, arrival, opening }
}

/// Every opening, index against both yardsticks; returns how many members were told.
fn compare(out: &mut Outcome, reader: &AlertsReader, brute: &Brute, cases: &[Case]) -> usize {
    let mut fired = 0;
    for case in cases {
        let want = brute.fires(&case.opening);
        let mut got = reader.fires(&case.arrival);
        got.sort_unstable();
        if got != want || brute.fires_by_columns(&case.opening) != want {
            out.differences.say(format!("index {} members, brute {}: {:?}", got.len(), want.len(), case.offer.terms));
        }
        fired += want.len();
    }
    fired
}

/// The rule itself about the first openings.
fn judge(out: &mut Outcome, all: &[Vec<Wish>], reader: &AlertsReader, cases: &[Case]) {
    for Case { offer, arrival, notice, .. } in &cases[..JUDGED] {
        let words = search_index::OpeningWords::of(&offer.terms, &notice.company);
        let wanted = |wish: &Wish| wish.wants(&offer.terms, |word| words.has(word));
        let told = (0..).zip(all).filter(|(_, wishes)| wishes.iter().any(wanted));
        let want: Vec<u32> = told.map(|(pid, _)| pid).collect();
        let mut got = reader.fires(arrival);
        got.sort_unstable();
        if got != want {
            out.differences.say(format!("index {} members, the rule {}: {:?}", got.len(), want.len(), offer.terms));
        }
    }
}

/// All ways in random order for each opening and pass, one round untimed.
fn race(reader: &AlertsReader, brute: &Brute, cases: &[Case], passes: usize, made: &Generator) -> [Times; 4] {
    let mut times: [Times; 4] = std::array::from_fn(|_| Times::default());
    let (mut order, mut rng) = ([0, 1, 2, 3], made.other(30));
    for Case { offer, notice, arrival, opening } in cases {
        for pass in 0..=passes {
            order.shuffle(&mut rng);
            for way in order {
                let (found, time) = match way {
                    0 => timed(|| reader.fires(arrival)),
                    1 => timed(|| brute.fires(opening)),
                    2 => timed(|| brute.fires_by_columns(opening)),
                    _ => {
                        let (made, time) = timed(|| Arrival::of(&offer.terms, &notice.company));
                        drop(made);
                        (Vec::new(), time)
                    }
                };
                drop(found);
                if pass > 0 {
                    times[way].add(time);
                }
            }
        }
    }
    times
}
