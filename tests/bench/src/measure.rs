//! Times, sizes and memory.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// Times of one thing.
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        // Nanoseconds up to ten minutes, to three figures.
        Self(Histogram::new_with_bounds(1, 600_000_000_000, 3).expect("bounds that hdrhistogram takes"))
    }
}

impl Times {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
        self.0.saturating_record(nanos);
    }

    /// Microseconds that this share of the times stay below.
    #[must_use]
    pub fn us(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1e3
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// True without any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The result, and how long it took. What is made is dropped by the caller, outside the time.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let made = work();
    (made, begun.elapsed())
}

/// Bytes of all files below a folder.
#[must_use]
pub fn disk_bytes(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => disk_bytes(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Bytes of memory this process holds, files mapped and touched included.
#[must_use]
pub fn rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
