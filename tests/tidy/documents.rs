//! Documents that must agree with the code.

use std::collections::BTreeSet;

use crate::repository::{none, read, root, sources};

#[test]
fn every_path_in_the_architecture_document_exists() {
    let text = read("docs/ARCHITECTURE.md");
    let paths: Vec<&str> = quoted(&text).into_iter().filter(|quote| is_path(quote)).collect();
    assert!(!paths.is_empty(), "the document names no path");
    let missing = paths.into_iter().filter(|path| !root().join(path).exists());
    none("docs/ARCHITECTURE.md names what is not there", missing.map(str::to_owned).collect());
}

#[test]
fn every_variable_is_in_the_sample() {
    let sample = variables(&read(".env.sample"));
    let files = sources(&[".rs"]);
    let config = files.iter().filter(|file| file.path.starts_with("backend/src/config"));
    let known: BTreeSet<String> = config.flat_map(|file| variables(&file.text)).collect();
    assert!(!known.is_empty(), "backend/src/config reads no variable");
    let missing = known.difference(&sample).map(|name| format!("{name} is read and not in .env.sample"));
    let stale = sample.difference(&known).map(|name| format!("{name} is in .env.sample and not read"));
    none(".env.sample and backend/src/config disagree", missing.chain(stale).collect());
}

#[test]
fn the_readers_read() {
    let text = "see `backend/src`, `GET /x`, `/openings`, `text/html`, `a/{b}`\n```\nnot/this\n```\nand `x`";
    let paths: Vec<&str> = quoted(text).into_iter().filter(|quote| is_path(quote)).collect();
    assert_eq!(paths, ["backend/src"]);
    let found = variables("ROSTERLINE_BIND=1 `DATABASE_URL` ROSTERLINE_X_Y, ROSTERLINE_");
    assert_eq!(Vec::from_iter(found), ["DATABASE_URL", "ROSTERLINE_BIND", "ROSTERLINE_X_Y"]);
}

/// What stands between single backticks, fenced blocks left out.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    let lines = prose.flat_map(str::lines);
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

fn is_path(quote: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let media_type = ["text/", "application/", "image/", "multipart/"].iter().any(|kind| quote.starts_with(kind));
    quote.contains('/') && quote.chars().all(plain) && !quote.starts_with('/') && !media_type
}

fn variables(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let ours =
        |word: &&str| *word == "DATABASE_URL" || word.strip_prefix("ROSTERLINE_").is_some_and(|name| !name.is_empty());
    words.filter(ours).map(str::to_owned).collect()
}
