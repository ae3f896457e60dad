//! A process that is killed while it writes the index, again and again, and what the next one finds.
//!
//! Batch `k` is the same changes wherever it is made, so the sequence number in a commit says what must be in it.

mod model;
mod writer;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use clap::Parser;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use search_index::{Checkpoint, ProfilesIndex};

use model::Model;

/// Kills a writer of the profiles index at random moments; what it left must be exactly the last commit.
#[derive(Debug, Parser)]
#[command(name = "crash-test")]
pub struct Options {
    /// How often a writer is killed.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// When it is killed follows from it; when a commit ends does not.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the index; a new one that is removed again when it is not given.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Writes until it is killed.
    #[arg(long, hide = true)]
    writer: Option<PathBuf>,
}

/// What was seen over all rounds.
#[derive(Debug, Default)]
struct Sums {
    faults: u32,
    commits: i64,
    /// Rounds in which the last commit was not acknowledged any more.
    ahead: u32,
}

/// Runs it.
///
/// # Panics
/// When the folder cannot be used or this program not be started.
#[must_use]
pub fn run() -> ExitCode {
    let options = Options::parse();
    if let Some(dir) = &options.writer {
        writer::write_until_killed(dir);
    }
    let own = tempfile::tempdir().expect("a folder");
    let dir = options.dir.unwrap_or_else(|| own.path().to_path_buf());
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut model = Model::default();
    let mut sums = Sums::default();
    for round in 1..=options.rounds {
        let wait = Duration::from_millis(rng.random_range(30..260));
        let result = killed_after(&dir, wait).and_then(|acknowledged| {
            let before = model.seq();
            let ahead = check(&dir, &mut model, acknowledged)?;
            sums.ahead += u32::from(ahead);
            sums.commits += model.seq() - before;
            Ok(())
        });
        if let Err(fault) = result {
            sums.faults += 1;
            println!("round {round}: {fault}");
            // What follows a fault would be the same fault again.
            std::fs::remove_dir_all(&dir).ok();
            model = Model::default();
        }
    }
    println!(
        "{} rounds, {} commits, {} killed after a commit and before its word; {} faults",
        options.rounds, sums.commits, sums.ahead, sums.faults
    );
    if sums.faults > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Starts a writer, kills it this long after its first word, and gives its last word.
fn killed_after(dir: &Path, wait: Duration) -> Result<i64, String> {
    let this = std::env::current_exe().expect("this program has a path");
    let mut writer = Command::new(this)
        .arg("--writer")
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts");
    let mut words = writer.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines());
    let first = words.next();
    std::thread::sleep(wait);
    let killed = writer.kill();
    let status = writer.wait().map_err(|error| format!("the writer cannot be waited for: {error}"))?;
    killed.map_err(|error| format!("the writer cannot be killed: {error}"))?;
    if status.code().is_some() {
        return Err(format!("the writer ended by itself: {status}"));
    }
    // The pipe holds far more words than a writer can say in this time.
    let last = first.into_iter().chain(words).map_while(Result::ok).filter_map(|word| word.parse().ok()).last();
    last.ok_or_else(|| "the writer said nothing".to_owned())
}

/// Opens what was left, compares it with the model, commits the next batch; true when the last commit was not
/// acknowledged.
fn check(dir: &Path, model: &mut Model, acknowledged: i64) -> Result<bool, String> {
    let (mut index, checkpoint) = ProfilesIndex::open(dir).map_err(|error| format!("cannot be opened: {error}"))?;
    let Checkpoint::Resume(seq) = checkpoint else {
        return Err(format!("asks for a rebuild after commit {acknowledged}: {checkpoint:?}"));
    };
    if seq != acknowledged && seq != acknowledged + 1 {
        return Err(format!("stands at {seq}, and {acknowledged} was the last word"));
    }
    model.advance(seq);
    model.compare(&index.reader()).map_err(|fault| format!("at {seq}: {fault}"))?;
    let changes = model.next();
    index.apply(&changes, model.seq()).map_err(|error| format!("the commit after {seq} fails: {error}"))?;
    model.compare(&index.reader()).map_err(|fault| format!("after the commit that follows {seq}: {fault}"))?;
    Ok(seq > acknowledged)
}
