//! Both databases tell the same story, forwards and backwards.

use std::fs;

use crate::repository::{folders, none, read, root, sources};

const DATABASES: [&str; 2] = ["sqlite", "postgres"];

/// The table of sealed contacts.
const CONTACTS: &str = "sealed_contacts";

#[test]
fn both_databases_have_the_same_migrations() {
    let [sqlite, postgres] = DATABASES.map(|database| folders(&format!("migrations/{database}")));
    assert!(!sqlite.is_empty(), "there are no migrations");
    assert_eq!(sqlite, postgres);
    // A version that comes twice is run once.
    let version = |name: &str| name.split('_').next().map(str::to_owned);
    let twice = sqlite.windows(2).filter(|pair| version(&pair[0]) == version(&pair[1]));
    none("these migrations have one version", twice.map(|pair| pair.join(", ")).collect());
}

#[test]
fn every_migration_goes_forwards_and_backwards() {
    let mut faults = Vec::new();
    for database in DATABASES {
        for name in folders(&format!("migrations/{database}")) {
            for file in ["up.sql", "down.sql"] {
                let path = format!("migrations/{database}/{name}/{file}");
                let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
                let says_something =
                    text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with("--"));
                if !says_something {
                    faults.push(path);
                }
            }
        }
    }
    none("these files are missing or empty", faults);
}

#[test]
fn the_contact_table_is_named_in_its_store_file_alone() {
    let allowed = |path: &str| {
        path == "backend/store/src/contacts.rs"
            || path == "backend/store/src/schema.rs"
            || path.starts_with("migrations/")
            || path.starts_with("tests/tidy/")
    };
    let others = sources(&[".rs", ".sql", ".hbs"]).into_iter().filter(|file| !allowed(&file.path));
    let faults = others.flat_map(|file| file.faults(|line| line.contains(CONTACTS)));
    none("only one file may touch the sealed contacts", faults.collect());
    assert!(read("backend/store/src/contacts.rs").contains(CONTACTS), "the table has another name now");
}
