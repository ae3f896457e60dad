//! Who may depend on whom. Cargo enforces what stands in the manifests; this test enforces what
//! may stand there.

use crate::repository::{none, read};

/// Manifest, and the crates of ours it may name.
const ARROWS: [(&str, &[&str]); 5] = [
    ("backend/domain", &[]),
    ("backend/store", &["domain"]),
    ("frontend", &["domain"]),
    ("search_index", &["domain"]),
    ("backend", &["domain", "store", "frontend", "search_index"]),
];

const OURS: [&str; 7] =
    ["domain", "store", "frontend", "search_index", "rosterline", "rosterline-tests", "rosterline-bench"];

/// What only the server may know: the web, mail, other hosts, tokens.
const SERVER_ONLY: [&str; 6] = ["actix-web", "lettre", "reqwest", "jsonwebtoken", "tokio", "clap"];

/// Who alone may know the database and the index engine.
const OWNED: [(&str, &str); 4] = [
    ("diesel", "backend/store"),
    ("diesel_migrations", "backend/store"),
    ("tantivy", "search_index"),
    ("handlebars", "frontend"),
];

#[test]
fn crates_depend_only_along_the_arrows() {
    let mut faults = Vec::new();
    for (folder, allowed) in ARROWS {
        for name in dependencies(folder) {
            if OURS.contains(&name.as_str()) && !allowed.contains(&name.as_str()) {
                faults.push(format!("{folder} depends on {name}"));
            }
        }
    }
    none("a crate points against the arrows of docs/ARCHITECTURE.md", faults);
}

#[test]
fn each_outside_crate_is_known_by_its_owner_alone() {
    let mut faults = Vec::new();
    for (folder, _) in ARROWS {
        for name in dependencies(folder) {
            let for_server = SERVER_ONLY.contains(&name.as_str()) && folder != "backend";
            let for_owner = OWNED.iter().any(|(owned, owner)| *owned == name && *owner != folder);
            if for_server || for_owner {
                faults.push(format!("{folder} knows {name}"));
            }
        }
    }
    none("a crate knows what another one is there to hide", faults);
}

#[test]
fn the_manifest_reader_reads_both_ways_of_writing() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = \"1\"\n\
                    # c = \"2\"\n[target.'cfg(unix)'.dependencies]\nd = { path = \"d\" }\n\
                    [dev-dependencies.e]\nversion = \"1\"\n[lints]\nworkspace = true\n";
    assert_eq!(names(manifest), ["a", "b", "d", "e"]);
}

fn dependencies(folder: &str) -> Vec<String> {
    names(&read(&format!("{folder}/Cargo.toml")))
}

fn names(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            inside = section.ends_with("dependencies");
            if let Some((kind, name)) = section.rsplit_once('.')
                && kind.ends_with("dependencies")
            {
                names.push(name.to_owned());
            }
        } else if inside && !line.starts_with('#') {
            let name: &str = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !name.is_empty() {
                names.push(name.to_owned());
            }
        }
    }
    names
}
