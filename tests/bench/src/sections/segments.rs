//! An index that has been lived in: a rebuilt segment and nine that came after it, five members in a hundred deleted,
//! against one segment that holds the same members. And two threads that ask at once, against one.

use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use rand::seq::SliceRandom;
use search_index::{ProfileChange, ProfileDoc, ProfilesIndex, ProfilesReader, SearchError};

use super::compare;
use super::outcome::{Outcome, us};
use super::race;
use crate::community::Community;
use crate::engines::csr::Csr;
use crate::engines::index::Index;
use crate::engines::{Answer, Engine, Mode};
use crate::generate::Generator;
use crate::measure::{Times, timed};
use crate::options::Options;
use crate::report::bars::Bar;
use crate::workload::{Class, Question, Workload};

/// Members of the segments that come after the rebuilt one, in thousandths. Eight of one size would be merged, and a
/// batch that is much larger does not fit the writer's memory, so that it becomes several.
const AFTER_REBUILD: [usize; 9] = [42, 42, 42, 42, 42, 12, 12, 12, 12];
/// What is small counts as one size.
const AFTER_REBUILD_OF_FEW: [usize; 5] = [50; 5];
/// From so many members on there are two sizes.
const MANY: usize = 900_000;

fn after_rebuild(n: usize) -> &'static [usize] {
    if n < MANY { &AFTER_REBUILD_OF_FEW } else { &AFTER_REBUILD }
}

/// One in so many is deleted.
const DELETED: u32 = 20;
/// How long each reader is asked at a time.
const SPELL: Duration = Duration::from_millis(700);
/// Classes whose time is compared.
const CLASSES: [Class; 2] = [Class::Medium, Class::Broad];

/// Runs it.
#[must_use]
pub fn run(options: &Options, made: &Generator, dir: &Path) -> Outcome {
    let mut out = Outcome::new("lived_in", "An index that has been lived in");
    let mut docs = made.docs(options.n);
    let (lived_in, deleted) = lived_in(&mut docs, made, &dir.join("lived-in"));
    let community = Community::with(docs);
    let (fresh, _) = community.index(&dir.join("fresh"));
    let (many, one) = (lived_in.reader(), fresh.reader());
    assert_eq!(
        (many.segments(), one.segments()),
        (1 + after_rebuild(community.docs.len()).len(), 1),
        "the layout this section is about"
    );
    let mut csr = Csr::new(&community.docs, &community.lists, &community.pack);
    let work = Workload::counted(made, &mut csr, options.pool, options.n, options.per_class);
    let mut engines: Vec<Box<dyn Engine + '_>> = vec![
        Box::new(Named("one", Index::new(one.clone()))),
        Box::new(Named("ten", Index::new(many.clone()))),
        Box::new(csr),
    ];
    compare::engines(&mut engines, &work, &mut out.differences);
    out.line(format!("{} segments, {deleted} members of {} deleted.\n", many.segments(), options.n));
    if out.is_faulty() || options.passes == 0 {
        return out;
    }
    let board = race::run(&mut engines, &work, options.passes, &mut made.other(2));
    out.line("| us p50/p95/p99 | one segment | ten segments | csr |\n| --- | --- | --- | --- |");
    for class in Class::ALL {
        for mode in Mode::ALL {
            let cell = |engine: &str| board.get(&(class, engine.to_owned(), mode));
            let (Some(one), Some(ten), Some(csr)) = (cell("one"), cell("ten"), cell("csr")) else { continue };
            out.line(format!("| {} {} | {} | {} | {} |", class.name(), mode.name(), us(one), us(ten), us(csr)));
            out.times(&format!("{}_{}_one", class.name(), mode.name()), one);
            out.times(&format!("{}_{}_ten", class.name(), mode.name()), ten);
            if mode == Mode::Ids && CLASSES.contains(&class) {
                let what = format!("{} p50: ids of ten segments / one", class.name());
                out.bars.push(Bar::at_most(what, ten.us(0.5) / one.us(0.5), 1.5));
            }
        }
    }
    drop(engines);
    threads(&mut out, &community, &one, &work, made);
    out
}

/// Builds most of it at once and the rest in commits, then deletes; the deleted are taken out of `docs`, which the yardstick is made from.
fn lived_in(docs: &mut [ProfileDoc], made: &Generator, dir: &Path) -> (ProfilesIndex, usize) {
    std::fs::create_dir_all(dir).expect("a folder for the index");
    let (mut index, _) = ProfilesIndex::open(dir).expect("an index is opened");
    let n = docs.len();
    let later = after_rebuild(n);
    let mut from = n - later.iter().map(|share| n * share / 1000).sum::<usize>();
    let first = (0..).zip(docs[..from].iter()).map(|(pid, doc)| Ok::<_, SearchError>((pid, doc.clone())));
    index.rebuild(first, 1).expect("the index is built");
    let mut seq = 1;
    for share in later {
        let to = from + n * share / 1000;
        let put = |pid: usize| ProfileChange::Put { pid: pid as u32, doc: Box::new(docs[pid].clone()) };
        seq += 1;
        index.apply(&(from..to).map(put).collect::<Vec<_>>(), seq).expect("a batch goes in");
        from = to;
    }
    let mut all: Vec<u32> = (0..n as u32).collect();
    all.shuffle(&mut made.other(3));
    all.truncate(n / DELETED as usize);
    let deletes: Vec<ProfileChange> = all.iter().map(|pid| ProfileChange::Delete { pid: *pid }).collect();
    index.apply(&deletes, seq + 1).expect("members are deleted");
    all.iter().for_each(|pid| docs[*pid as usize] = ProfileDoc::default());
    (index, all.len())
}

/// The same engine under another name.
struct Named(&'static str, Index);

impl Engine for Named {
    fn name(&self) -> &'static str {
        self.0
    }

    fn modes(&self) -> &'static [Mode] {
        self.1.modes()
    }

    fn answer(&mut self, question: &Question, mode: Mode) -> Answer {
        self.1.answer(question, mode)
    }
}

/// What threads asking at once have seen.
#[derive(Default)]
struct Crowd {
    times: Times,
    answers: u64,
    seconds: f64,
}

impl Crowd {
    fn per_second(&self) -> f64 {
        self.answers as f64 / self.seconds
    }
}

fn threads(out: &mut Outcome, community: &Community, reader: &ProfilesReader, work: &Workload, made: &Generator) {
    let make_index = || Box::new(Index::new(reader.clone())) as Box<dyn Engine + '_>;
    let make_csr = || Box::new(Csr::new(&community.docs, &community.lists, &community.pack)) as Box<dyn Engine + '_>;
    out.line(
        "\n| ids | 1 thread, us | 2 threads, us each | answers/s: 1 | 2 | 2/1 |\n| --- | --- | --- | --- | --- | --- |",
    );
    for class in CLASSES {
        let questions = &work.classes[class as usize];
        let (index1, csr1) = (crowd(1, &make_index, questions, made), crowd(1, &make_csr, questions, made));
        let (index2, csr2) = (crowd(2, &make_index, questions, made), crowd(2, &make_csr, questions, made));
        for (name, one, two) in [("index", &index1, &index2), ("csr", &csr1, &csr2)] {
            let (class, more) = (class.name(), two.per_second() / one.per_second());
            let (a, b) = (one.per_second(), two.per_second());
            let (t1, t2) = (us(&one.times), us(&two.times));
            out.line(format!("| {class} {name} | {t1} | {t2} | {a:.0} | {b:.0} | {more:.2} |"));
            out.times(&format!("{class}_{name}_1_thread"), &one.times);
            out.times(&format!("{class}_{name}_2_threads"), &two.times);
            out.figure(&format!("{class}_{name}_throughput_2_by_1"), more);
        }
        let by_csr = |index: &Crowd, csr: &Crowd, share| index.times.us(share) / csr.times.us(share);
        let [p50, p95] = [0.5, 0.95].map(|s| (by_csr(&index1, &csr1, s), by_csr(&index2, &csr2, s)));
        let class = class.name();
        out.figure(&format!("{class}_index_by_csr_2_threads_p50"), p50.1);
        out.line(format!(
            "| {class} index/csr p50, p95 | {:.2}, {:.2} | {:.2}, {:.2} | | | |",
            p50.0, p95.0, p50.1, p95.1
        ));
    }
}

/// `count` threads ask the same questions, each in an order of its own, for as long as a spell lasts.
fn crowd<'a>(
    count: usize,
    make: &(dyn Fn() -> Box<dyn Engine + 'a> + Sync),
    questions: &[Question],
    made: &Generator,
) -> Crowd {
    let start = Barrier::new(count);
    let ask = |thread: usize| {
        let mut engine = make();
        let mut order: Vec<&Question> = questions.iter().collect();
        order.shuffle(&mut made.other(10 + thread as u64));
        order.iter().for_each(|q| drop(engine.answer(q, Mode::Ids)));
        start.wait();
        let begun = Instant::now();
        let mut seen = Vec::new();
        while begun.elapsed() < SPELL {
            for question in &order {
                let (answer, time) = timed(|| engine.answer(question, Mode::Ids));
                drop(answer);
                seen.push(time);
                if begun.elapsed() > SPELL {
                    break;
                }
            }
        }
        (seen, begun.elapsed())
    };
    let mut all = Crowd::default();
    std::thread::scope(|scope| {
        let ask = &ask;
        let threads: Vec<_> = (0..count).map(|n| scope.spawn(move || ask(n))).collect();
        for thread in threads {
            let (seen, time) = thread.join().expect("a reader's thread");
            all.answers += seen.len() as u64;
            seen.into_iter().for_each(|t| all.times.add(t));
            all.seconds = all.seconds.max(time.as_secs_f64());
        }
    });
    all
}
