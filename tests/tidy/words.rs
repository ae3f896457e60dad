//! Words that may not stand in the source.

use crate::repository::{none, sources};

/// Assembled, so that this file does not break its own rules.
fn banned() -> Vec<(String, &'static str)> {
    let word = |start: &str, end: &str| format!("{start}{end}");
    vec![
        (word("#[", "allow("), "say #[expect(lint, reason = ...)]"),
        (word("#![", "allow("), "say #![expect(lint, reason = ...)]"),
        (word("todo", "!("), "finish it"),
        (word("unimplemented", "!("), "finish it"),
        (word("dbg", "!("), "take it out"),
        (word("#[", "ignore"), "every test runs"),
        (word("TO", "DO"), "do it or write it into docs/DECISIONS.md"),
        (word("FIX", "ME"), "mend it"),
    ]
}

#[test]
fn banned_words_are_absent() {
    let mut faults = Vec::new();
    for file in sources(&[".rs", ".hbs", ".css", ".js"]) {
        for (word, advice) in banned() {
            faults.extend(
                file.faults(|line| line.contains(&word)).into_iter().map(|fault| format!("{fault} ({advice})")),
            );
        }
    }
    none("the source holds what may not stand in it", faults);
}

#[test]
fn stories_never_sleep() {
    let stories = sources(&[".rs"]).into_iter().filter(|file| file.is_under("tests/it/"));
    let faults = stories.flat_map(|file| file.faults(|line| line.contains("sleep(")));
    none("a story waits for what happens, never for time", faults.collect());
}
