//! The comparison that comes before every timing.

use crate::engines::naive::{Naive, best};
use crate::engines::{Answer, Engine, Mode};
use crate::generate::in_parallel;
use crate::workload::{Class, Question, Workload};

/// Faults to be shown in full; the rest are counted.
const SHOWN: usize = 20;

/// What differs.
#[derive(Debug, Default)]
pub struct Differences {
    /// How many answers.
    pub count: usize,
    /// Some of them, in words.
    pub shown: Vec<String>,
}

impl Differences {
    fn add(&mut self, class: Class, question: &Question, who: &str, what: &str) {
        self.say(format!("{}: {who} {what}: {:?}", class.name(), question.offer.terms));
    }

    /// One more, in words.
    pub fn say(&mut self, what: impl Into<String>) {
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(what.into());
        }
    }

    fn expect(&mut self, class: Class, question: &Question, who: &str, got: &Answer, want: &Answer) {
        if got == want {
            return;
        }
        let what = match (got, want) {
            (Answer::Ids(got), Answer::Ids(want)) => {
                let beyond = got.iter().filter(|pid| want.binary_search(pid).is_err()).count();
                let missing = want.iter().filter(|pid| got.binary_search(pid).is_err()).count();
                format!("finds {} of {}: {beyond} too many, {missing} missing", got.len(), want.len())
            }
            (Answer::Count(got), Answer::Count(want)) => format!("counts {got} of {want}"),
            _ => "has other best".to_owned(),
        };
        self.add(class, question, who, &what);
    }
}

/// Asks every engine every question in every mode it has; the first engine is what the others are held against.
pub fn engines(engines: &mut [Box<dyn Engine + '_>], work: &Workload, differences: &mut Differences) {
    let Some((first, others)) = engines.split_first_mut() else { return };
    for (class, question) in work.all() {
        for mode in first.modes() {
            let want = first.answer(question, *mode).sorted();
            for engine in others.iter_mut().filter(|e| e.modes().contains(mode)) {
                let got = engine.answer(question, *mode).sorted();
                differences.expect(class, question, engine.name(), &got, &want);
            }
        }
    }
}

/// Asks the rule itself about the first of each class, and compares the first engine with it in every mode.
pub fn rule(naive: &Naive, engine: &mut dyn Engine, work: &Workload, per_class: usize, differences: &mut Differences) {
    for class in Class::ALL {
        let questions = &work.classes[class as usize];
        let questions = &questions[..questions.len().min(per_class)];
        let judged = in_parallel(questions.len() as u32, |n| naive.judge(&questions[n as usize]));
        for (question, all) in questions.iter().zip(judged) {
            for mode in engine.modes() {
                let want = match mode {
                    Mode::Ids => Answer::Ids(all.iter().map(|s| s.pid).collect()),
                    Mode::Count => Answer::Count(all.len()),
                    Mode::Top100 => Answer::Best(best(all.clone())),
                };
                let got = engine.answer(question, *mode).sorted();
                differences.expect(class, question, engine.name(), &got, &want);
            }
        }
    }
}
