//! Files a person can hold in the head, functions that fit on a screen.

use crate::repository::{Source, none, sources};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

#[test]
fn no_file_is_longer_than_400_lines() {
    let files = sources(&[".rs", ".hbs", ".css"]);
    let long = files.iter().filter(|file| !file.path.ends_with("/schema.rs") && !is_test(file));
    let faults = long.map(|file| (own_lines(&file.text).len(), &file.path)).filter(|(lines, _)| *lines > FILE_LINES);
    none("split these files", faults.map(|(lines, path)| format!("{path}: {lines} lines")).collect());
}

#[test]
fn no_function_is_longer_than_60_lines() {
    let files = sources(&[".rs"]);
    let product = files.iter().filter(|file| !is_test(file));
    let faults = product.flat_map(|file| long_functions(file, FUNCTION_LINES));
    none("split these functions", faults.collect());
}

#[test]
fn the_counter_counts_bodies() {
    let text = "impl A {\n    pub fn one(\n        &self,\n    ) -> u8 {\n        1;\n        2\n    }\n\
                    \n    fn two(&self) {}\n}\ntrait B {\n    fn three();\n}\nasync fn four() {\n}\n";
    let file = Source { path: "a.rs".to_owned(), text: text.to_owned() };
    assert_eq!(long_functions(&file, 1), ["a.rs:2: 2 lines"]);
    assert!(long_functions(&file, 2).is_empty());
}

/// Tables of cases and stories are told in one piece.
fn is_test(file: &Source) -> bool {
    file.is_under("tests/") || file.path.contains("/tests/") || file.path.ends_with("tests.rs")
}

/// Without the test module at the end.
fn own_lines(text: &str) -> Vec<&str> {
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().collect()
}

/// Relies on rustfmt: a body ends at the first closing brace as far in as its `fn`.
fn long_functions(file: &Source, limit: usize) -> Vec<String> {
    let lines = own_lines(&file.text);
    let mut faults = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| starts_function(line)) {
        let indent = &line[..line.len() - line.trim_start().len()];
        let Some(open) = lines[at..].iter().position(|line| line.ends_with(['{', ';', '}'])) else {
            continue;
        };
        if !lines[at + open].ends_with('{') {
            continue;
        }
        let end = format!("{indent}}}");
        let body = lines[at + open + 1..].iter().take_while(|line| **line != end).count();
        if body > limit {
            faults.push(format!("{}:{}: {body} lines", file.path, at + 1));
        }
    }
    faults
}

fn starts_function(line: &str) -> bool {
    let words = line.split_whitespace().map(|word| word.split('(').next().unwrap_or_default());
    let mut words = words.skip_while(|word| ["pub", "async", "const", "default"].contains(word));
    words.next() == Some("fn") && !line.trim_start().starts_with("//")
}
