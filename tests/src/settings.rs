//! The one place where the tests read their surroundings.

use std::{io::Write, path::PathBuf};

/// True where a missing part is a failure, not a remark (`CI` set to anything but `false`).
pub fn in_ci() -> bool {
    read("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// The folders that hold commands.
pub fn command_folders() -> Vec<PathBuf> {
    read("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// A command of this name, as a full path.
pub fn find_command(name: &str) -> Option<PathBuf> {
    command_folders().into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Says that a test was not run on some part, or fails when nothing may be missing.
///
/// # Panics
/// In CI.
pub fn not_run(part: &str, why: &str) {
    assert!(!in_ci(), "{part} is missing and CI is set: {why}");
    // Past the capture of `eprintln!`, so that the line is seen when the test passes.
    let _ = writeln!(std::io::stderr(), "NOT RUN on {part}: {why}");
}

#[expect(clippy::disallowed_methods, reason = "the test machine's surroundings, read here alone")]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
