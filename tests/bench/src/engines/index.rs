//! What ships.

use search_index::ProfilesReader;

use super::{Answer, Engine, Mode, TOP};
use crate::workload::Question;

/// The profiles index.
pub struct Index {
    reader: ProfilesReader,
}

impl Index {
    /// Asks through this reader.
    #[must_use]
    pub const fn new(reader: ProfilesReader) -> Self {
        Self { reader }
    }
}

impl Engine for Index {
    fn name(&self) -> &'static str {
        "index"
    }

    fn modes(&self) -> &'static [Mode] {
        &Mode::ALL
    }

    fn answer(&mut self, question: &Question, mode: Mode) -> Answer {
        let ask = &question.ask;
        match mode {
            Mode::Ids => Answer::Ids(self.reader.eligible(ask).expect("the index reads its files")),
            Mode::Count => Answer::Count(self.reader.count_eligible(ask).expect("the index reads its files")),
            Mode::Top100 => Answer::Best(self.reader.best(ask, TOP).expect("the index reads its files")),
        }
    }
}
