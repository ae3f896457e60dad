//! The product's own log of the whole test process, kept in memory.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

static KEPT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Keeper;

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        kept().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn kept() -> MutexGuard<'static, Vec<u8>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts keeping, once for the process, at the finest level an operator would set for our own crates.
pub(crate) fn keep() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        rosterline::cli::logging::start_on(
            "info,rosterline=trace,store=trace,search_index=trace,frontend=trace",
            || Keeper,
        );
    });
}

/// Everything logged so far, by every test of this process.
pub fn so_far() -> String {
    String::from_utf8_lossy(&kept()).into_owned()
}
