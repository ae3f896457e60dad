//! The process that is killed.

use std::io::Write;
use std::path::Path;

use search_index::{Checkpoint, ProfilesIndex, SearchError};

use super::model::Model;

/// Every so many batches the whole index is built anew instead, which puts another folder in force.
const REBUILD_EVERY: i64 = 20;

/// Commits batch after batch, and says each one's number once it is committed.
pub(super) fn write_until_killed(dir: &Path) -> ! {
    let (mut index, checkpoint) = ProfilesIndex::open(dir).expect("the index is opened without a hand's help");
    let mut model = Model::default();
    model.advance(checkpoint.change_seq());
    if matches!(checkpoint, Checkpoint::Rebuild(_)) {
        rebuild(&mut index, &model);
    }
    let mut out = std::io::stdout();
    loop {
        let changes = model.next();
        if model.seq() % REBUILD_EVERY == 0 {
            rebuild(&mut index, &model);
        } else {
            index.apply(&changes, model.seq()).expect("a batch is committed");
        }
        writeln!(out, "{}", model.seq()).and_then(|()| out.flush()).expect("someone listens");
    }
}

fn rebuild(index: &mut ProfilesIndex, model: &Model) {
    index.rebuild(model.everyone().map(Ok::<_, SearchError>), model.seq()).expect("the index is built");
}
