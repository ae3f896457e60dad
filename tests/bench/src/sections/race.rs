//! The timing: all engines in one loop, in random order for each question and pass, so that whatever else the machine
//! does meets them all alike.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::engines::{Engine, Mode};
use crate::measure::{Times, timed};
use crate::workload::{Class, Workload};

/// Times by class, engine and mode.
pub type Board = BTreeMap<(Class, String, Mode), Times>;

/// One untimed round of each question, then `passes` timed ones.
pub fn run(engines: &mut [Box<dyn Engine + '_>], work: &Workload, passes: usize, rng: &mut ChaCha8Rng) -> Board {
    let mut board = Board::new();
    let mut order: Vec<(usize, Mode)> =
        engines.iter().enumerate().flat_map(|(n, e)| e.modes().iter().map(move |m| (n, *m))).collect();
    for (class, question) in work.all() {
        for pass in 0..=passes {
            order.shuffle(rng);
            for (n, mode) in &order {
                let engine = &mut engines[*n];
                let (answer, time) = timed(|| engine.answer(question, *mode));
                // Freeing the answer is the asker's business.
                drop(answer);
                if pass > 0 {
                    board.entry((class, engine.name().to_owned(), *mode)).or_default().add(time);
                }
            }
        }
    }
    board
}
