//! The files of the repository, by path from its root.

use std::{
    fs,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

/// Folders that hold no source of ours.
const SKIPPED: [&str; 5] = ["target", "node_modules", ".venv", ".git", "data"];

/// One text file.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is_under(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// `path:line: text` of every line that the rule finds fault with.
    pub fn faults(&self, is_fault: impl Fn(&str) -> bool) -> Vec<String> {
        let lines = self.text.lines().enumerate().filter(|(_, line)| is_fault(line));
        lines.map(|(at, line)| format!("{}:{}: {}", self.path, at + 1, line.trim())).collect()
    }
}

pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().unwrap();
    tests.parent().unwrap().to_path_buf()
}

/// Every file whose name ends in one of these.
pub fn sources(endings: &[&str]) -> Vec<Source> {
    let root = root();
    // `backend/domain/data` and the like hold tables, which have rules of their own.
    let wanted = |entry: &DirEntry| !SKIPPED.contains(&entry.file_name().to_str().unwrap_or_default());
    let files = WalkDir::new(&root).sort_by_file_name().into_iter().filter_entry(wanted);
    let files = files.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let files = files.filter(|entry| endings.iter().any(|end| entry.path().to_string_lossy().ends_with(end)));
    let found: Vec<Source> = files
        .map(|entry| Source {
            path: entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(entry.path()).unwrap(),
        })
        .collect();
    assert!(!found.is_empty(), "no file ends in {endings:?}: is this the repository?");
    found
}

/// One file that must be there.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the folders inside this one, sorted.
pub fn folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let folders = entries.map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Fails with the whole list.
pub fn none(rule: &str, faults: Vec<String>) {
    assert!(faults.is_empty(), "{rule}\n{}\n", faults.join("\n"));
}
