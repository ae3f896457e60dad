//! Free text: other names, stems, typing errors, order and hostile input.

use chrono::Duration;
use domain::Kind;
use domain::place::Market;
use domain::specialty::Specialty;
use proptest::prelude::*;

use super::world::now;
use crate::{OpeningChange, OpeningDoc, OpeningQuery, OpeningsIndex, OpeningsReader};

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
        live_until: now() + Duration::days(14),
        keys: Vec::new(),
        rest: Vec::new(),
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
    let query = OpeningQuery { text: Some(text.to_owned()), ..OpeningQuery::new(now()) };
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

/// Which specialty each short or spoken name means; every row is searched among openings of all specialties.
#[test]
fn short_and_spoken_names_find_their_specialty() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let all = Specialty::all().map(|s| OpeningDoc { specialties: vec![s], ..opening(s.slug(), "Work", "") });
    index.rebuild(all, 1).unwrap();
    let reader = index.reader();
    for (text, want) in [
        ("PM&R", vec!["physical-medicine-rehabilitation"]),
        ("PM and R", vec!["physical-medicine-rehabilitation"]),
        ("P.M.&R.", vec!["physical-medicine-rehabilitation"]),
        ("physiatrist", vec!["physical-medicine-rehabilitation"]),
        ("rehab", vec!["physical-medicine-rehabilitation"]),
        ("ortho", vec!["orthopaedic-surgery"]),
        ("orthopedist", vec!["orthopaedic-surgery"]),
        ("orthopaedic spine", vec!["spine-surgery"]),
        ("psych", vec!["psychiatry"]),
        ("ENT", vec!["otolaryngology"]),
        ("ear nose throat", vec!["otolaryngology"]),
        ("OB/GYN", vec!["obstetrics-gynecology"]),
        ("ob gyn", vec!["obstetrics-gynecology"]),
        ("obgyn", vec!["obstetrics-gynecology"]),
        ("gynaecologist", vec!["obstetrics-gynecology"]),
        ("FM", vec!["family-medicine"]),
        ("GP", vec!["family-medicine"]),
        ("primary care", vec!["family-medicine"]),
        ("IM", vec!["internal-medicine"]),
        ("internist", vec!["internal-medicine"]),
        ("ER", vec!["emergency-medicine"]),
        ("GI", vec!["gastroenterology"]),
        ("occ med", vec!["occupational-medicine"]),
        ("pain management", vec!["pain-medicine"]),
        ("cardiology", vec!["cardiology"]),
        ("neurosurgeon", vec!["neurological-surgery"]),
        ("hand surgeon", vec!["hand-surgery"]),
        ("head and neck", vec!["otolaryngology"]),
    ] {
        let mut ids = found(&reader, text);
        ids.sort_unstable();
        assert_eq!(ids, want, "{text}");
    }
    assert_eq!(found(&reader, "surgeon").len(), 9);
}

fn corrected(reader: &OpeningsReader, text: &str) -> (Option<String>, Vec<String>) {
    let query = OpeningQuery { text: Some(text.to_owned()), ..OpeningQuery::new(now()) };
    let page = reader.search(&query).unwrap();
    (page.corrected, page.ids)
}

#[test]
fn typing_errors_are_put_right_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    for (text, want, ids) in [
        ("ortopedic in  LA", Some("orthopedic in LA"), vec!["ortho"]),
        ("Bakersfeild psich", Some("bakersfield psych"), vec!["psych"]),
        ("ortopedic, ORTOPEDIC!", Some("orthopedic, orthopedic!"), vec!["ortho"]),
        ("deposton", Some("deposition"), vec!["title", "body"]),
        // Found as it is.
        ("deposition", None, vec!["title", "body"]),
        // Spelt right, though nothing is open for it.
        ("cardiology", None, vec![]),
        ("nevada", None, vec![]),
        // Each word stands somewhere, so none is an error.
        ("welcome deposition", None, vec![]),
        // The nearest word finds nothing together with the other.
        ("deposton welcome", None, vec![]),
        ("dep", None, vec![]),
        ("l5s12024", None, vec![]),
    ] {
        let (said, found) = corrected(&reader, text);
        assert_eq!((said.as_deref(), found), (want, ids.into_iter().map(str::to_owned).collect()), "{text}");
    }
}

#[test]
fn only_live_openings_put_errors_right() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let over = OpeningDoc { live_until: now(), ..opening("over", "Deposition work", "") };
    let live = opening("live", "Disposition", "");
    index.rebuild([over, live], 1).unwrap();
    let reader = index.reader();
    assert_eq!(corrected(&reader, "deposition"), (Some("disposition".to_owned()), vec!["live".to_owned()]));
    assert_eq!((reader.count(), reader.live(now())), (2, 1));
}

#[test]
fn a_correction_stays_in_force_on_later_pages() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    index.rebuild(["a", "b", "c"].map(|id| opening(id, "Deposition", "")), 1).unwrap();
    let reader = index.reader();
    let first = OpeningQuery { text: Some("deposton".to_owned()), limit: 1, ..OpeningQuery::new(now()) };
    let page = reader.search(&first).unwrap();
    // Now what was typed finds something of its own.
    index.apply(&[OpeningChange::Put(Box::new(opening("z", "Deposton", "")))], 2).unwrap();
    let second = OpeningQuery { cursor: page.next_cursor, ..first.clone() };
    let next = reader.search(&second).unwrap();
    assert_eq!((page.ids, next.ids, next.total), (vec!["a".to_owned()], vec!["b".to_owned()], 3));
    assert_eq!(next.corrected.as_deref(), Some("deposition"));
    assert_eq!(reader.search(&first).unwrap().ids, ["z"]);
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
        reader.suggest(text, 5, now()).unwrap();
        reader.did_you_mean(text, 5, now()).unwrap();
    }
    assert!(!found(&reader, "deposition\") OR (\"").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_text_and_no_cursor_panics(text in "\\PC{0,60}", cursor in "[0-9a-f|é]{0,40}") {
        SHARED.with(|(_dir, reader)| {
            found(reader, &text);
            let query = OpeningQuery { cursor: Some(cursor), ..OpeningQuery::new(now()) };
            reader.search(&query).err();
            reader.suggest(&text, 5, now()).unwrap();
            reader.did_you_mean(&text, 5, now()).unwrap();
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
