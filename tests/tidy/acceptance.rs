//! The acceptance checks: the table of `docs/SECURITY.md` and the tests are one list.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{none, read, sources};

/// The checks that must hold. Those left out are of what does not exist yet, or are drills and not tests.
const CHECKS: [u8; 36] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 32, 33,
    34, 35, 36, 37, 38,
];

#[test]
fn every_acceptance_check_is_in_the_table_and_has_a_test_of_its_number() {
    let rows = rows(&read("docs/SECURITY.md"));
    let files = sources(&[".rs"]);
    let tests: BTreeSet<String> =
        files.iter().filter(|file| file.is_under("tests/")).flat_map(|file| numbered_tests(&file.text)).collect();
    let wanted: BTreeSet<String> = CHECKS.iter().map(|number| format!("{number:02}")).collect();
    let listed: BTreeSet<String> = rows.keys().cloned().collect();
    let mut faults = Vec::new();
    faults.extend(wanted.difference(&listed).map(|number| format!("docs/SECURITY.md has no row for T{number}")));
    for (number, names) in &rows {
        let of_number = |name: &&String| name.starts_with(&format!("t{number}_"));
        if !tests.iter().any(|test| of_number(&test)) {
            faults.push(format!("docs/SECURITY.md lists T{number}, and no test begins with t{number}_"));
        }
        let gone = names.iter().filter(|name| !tests.iter().any(|test| test.starts_with(name.as_str())));
        faults.extend(gone.map(|name| format!("docs/SECURITY.md, T{number}: there is no test {name}")));
        faults.extend(names.iter().filter(|name| !of_number(name)).map(|name| format!("T{number} names {name}")));
    }
    let unlisted = tests.iter().filter(|test| !listed.contains(&test[1..3]));
    faults.extend(unlisted.map(|test| format!("{test} has a number that docs/SECURITY.md does not list")));
    none("the acceptance checks and their tests are not one list", faults);
}

#[test]
fn the_table_is_read() {
    let text = "| T07 | `t07_one`, `t07_two` | shows `x` |\n| check | test | shows |\n| actor | none | `t08_x` |\n";
    let rows = rows(text);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows["07"], ["t07_one", "t07_two"]);
    let tests =
        numbered_tests("async fn t07_one(database) {\nfn t12_two() {}\nfn tests() {}\nlet t99_x = 1;\nfn the_one() {}");
    assert_eq!(tests, ["t07_one", "t12_two"]);
}

/// Number, and the tests that the second cell names.
fn rows(text: &str) -> BTreeMap<String, Vec<String>> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| T"));
    rows.filter_map(|row| {
        let mut cells = row.split('|');
        let number = cells.next()?.trim();
        let names = cells.next()?.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| (number.to_owned(), names))
    })
    .collect()
}

/// The functions of a file whose names begin with `t`, two digits and `_`.
fn numbered_tests(text: &str) -> Vec<String> {
    let after_fn = text.match_indices("fn t").map(|(at, _)| &text[at + 3..]);
    let names = after_fn.map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    });
    let numbered = |name: &&str| {
        let bytes = name.as_bytes();
        bytes.len() > 4 && bytes[1].is_ascii_digit() && bytes[2].is_ascii_digit() && bytes[3] == b'_'
    };
    names.filter(numbered).map(str::to_owned).collect()
}
