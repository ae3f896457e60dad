//! Free text: other names, stems, typing errors, order and hostile input.

use domain::Kind;
use domain::place::Market;
use domain::specialty::Specialty;
use proptest::prelude::*;

use super::world::now;
use crate::{OpeningDoc, OpeningQuery, OpeningsIndex, OpeningsReader};

pub(super) fn opening(id: &str, title: &str, description: &str) -> OpeningDoc {
    OpeningDoc {
        id: id.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        company_name: "Harbour Evaluations".to_owned(),
        company_slug: "harbour".to_owned(),
        kind: Kind::Qme,
        specialties: Vec::new(),
        markets: Vec::new(),
        remote: false,
        takes_candidates: false,
        pay_cents: None,
        published_at: now(),
        closes_on: now().date_naive(),
        live: true,
    }
}

fn of(id: &str, specialty: &str, market: &str) -> OpeningDoc {
    OpeningDoc {
        specialties: vec![Specialty::parse(specialty).unwrap()],
        markets: vec![Market::parse(market).unwrap()],
        ..opening(id, "Panel evaluations", "Steady work, scheduling handled.")
    }
}

fn library(dir: &std::path::Path) -> OpeningsReader {
    let (mut index, _) = OpeningsIndex::open(dir).unwrap();
    let docs = [
        of("pmr", "physical-medicine-rehabilitation", "san-diego"),
        of("ortho", "orthopaedic-surgery", "los-angeles"),
        of("psych", "psychiatry", "bakersfield"),
        opening("told", "Record review", "PM&R background welcome."),
        opening("title", "Deposition work", ""),
        opening("body", "Record review", "Now and then a deposition, rarely."),
    ];
    index.rebuild(docs, 1).unwrap();
    index.reader()
}

fn found(reader: &OpeningsReader, text: &str) -> Vec<String> {
    let query = OpeningQuery { text: Some(text.to_owned()), ..OpeningQuery::default() };
    reader.search(&query).unwrap().ids
}

#[test]
fn words_find_what_people_mean() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    for (text, want) in [
        ("pmr", vec!["pmr", "told"]),
        ("PM&R", vec!["pmr", "told"]),
        ("pm & r", vec!["pmr", "told"]),
        ("physiatry", vec!["pmr"]),
        ("physical medicine", vec!["pmr"]),
        ("orthopedic", vec!["ortho"]),
        ("ortopedic", vec!["ortho"]),
        ("Orthopaedic surgeon", vec!["ortho"]),
        ("ortho in LA", vec!["ortho"]),
        ("bakersfeild", vec!["psych"]),
        ("psych Bakersfield qme", vec!["psych"]),
        ("panel evaluation california", vec!["ortho", "pmr", "psych"]),
        ("deposition", vec!["title", "body"]),
        ("depositions", vec!["title", "body"]),
        ("welcome deposition", vec![]),
        ("zzzzzzzz", vec![]),
        ("!!!", vec![]),
    ] {
        let mut ids = found(&reader, text);
        if text != "deposition" && text != "depositions" {
            ids.sort_unstable();
        }
        assert_eq!(ids, want, "{text}");
    }
    assert_eq!(found(&reader, "  ").len(), 6);
}

#[test]
fn hostile_text_is_only_text() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    let long = "a".repeat(1_000_000);
    let many = "deposition OR ".repeat(10_000);
    for text in [
        "\"",
        "\\",
        "(((",
        "title:*",
        "* OR *",
        "a AND NOT b",
        "[1 TO 9]",
        "-",
        "^9",
        "~2",
        "\0\u{202e}",
        "Ⱥİß",
        "👩‍⚕️",
        "' OR 1=1 --",
        "<script>",
        &long,
        &many,
    ] {
        found(&reader, text);
    }
    assert!(!found(&reader, "deposition\") OR (\"").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_text_and_no_cursor_panics(text in "\\PC{0,60}", cursor in "[0-9a-f|é]{0,40}") {
        SHARED.with(|(_dir, reader)| {
            found(reader, &text);
            let query = OpeningQuery { cursor: Some(cursor), ..OpeningQuery::default() };
            reader.search(&query).err();
        });
    }
}

thread_local! {
    static SHARED: (tempfile::TempDir, OpeningsReader) = {
        let dir = tempfile::tempdir().unwrap();
        let reader = library(dir.path());
        (dir, reader)
    };
}
