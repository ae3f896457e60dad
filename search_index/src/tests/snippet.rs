//! Snippets: what is shown of a description, and that no text breaks it.

use proptest::prelude::*;

use crate::{Fragment, snippet};

/// The marked words in brackets.
fn shown(description: &str, search: &str) -> String {
    let mark = |f: Fragment| if f.is_match { format!("[{}]", f.text) } else { f.text };
    snippet(description, search).into_iter().map(mark).collect()
}

#[test]
fn the_words_of_the_search_are_marked_where_most_of_them_stand() {
    let filler = "Steady work near the courthouse with everything prepared for you in time. ".repeat(5);
    for (description, search, want) in [
        ("Two evaluations a month.", "evaluation", "Two [evaluations] a month.".to_owned()),
        ("  Two\n\nevaluations\ta month. ", "Month EVALUATE", "Two [evaluations] a [month]. ".to_owned()),
        (
            "PM&R welcome, the physician's choice",
            "pmr physician",
            "[PM&R] welcome, the [physician's] choice".to_owned(),
        ),
        ("Orthopaedic work", "orthopedic", "[Orthopaedic] work".to_owned()),
        ("No word of it", "deposition", String::new()),
        ("", "deposition", String::new()),
        ("Deposition", "", String::new()),
        ("Deposition", "!!!", String::new()),
        ("<b>spine</b> & \"neck\"", "spine", "<b>[spine]</b> & \"neck\"".to_owned()),
    ] {
        assert_eq!(shown(description, search), want, "{description} / {search}");
    }
    let long = format!("{filler}One spine. {filler}A spine panel, then a deposition. {filler}");
    let found = shown(&long, "spine deposition");
    assert!(found.starts_with('…') && found.ends_with(" …"), "{found}");
    assert!(found.contains("A [spine] panel, then a [deposition]") && !found.contains("One"), "{found}");
    assert!((120..220).contains(&found.chars().count()), "{found}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gives_a_short_piece_of_itself(
        before in "(\\PC|[ .,\\n]){0,300}",
        after in "(\\PC|spine |[\\u{202e}\\u{200d}é]){0,300}",
        search in "\\PC{0,20}",
    ) {
        let description = format!("{before} spine {after}");
        for search in [search.as_str(), "spine", "SPINE's pm&r"] {
            let pieces = snippet(&description, search);
            let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
            let shown: String = pieces.iter().map(|p| p.text.as_str()).collect();
            prop_assert!(shown.chars().count() <= 170, "{}", shown);
            prop_assert!(squeeze(&description).contains(squeeze(shown.trim_start_matches('…').trim_end_matches('…')).as_str()));
            prop_assert!(pieces.is_empty() || pieces.iter().any(|p| p.is_match));
            prop_assert!(pieces.iter().all(|p| !p.text.is_empty()));
        }
        prop_assert!(snippet(&description, "spine").iter().any(|p| p.is_match && p.text.to_lowercase().starts_with("spine")));
    }
}
