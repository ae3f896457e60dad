//! Suggestions against what the search itself finds.

use chrono::Duration;
use domain::place::{Market, State};
use domain::specialty::Specialty;

use super::text::opening;
use super::world::now;
use crate::{OpeningDoc, OpeningQuery, OpeningsIndex, OpeningsReader, Suggestion, SuggestionKind};

fn of(id: &str, specialties: &[&str], markets: &[&str], company: (&str, &str)) -> OpeningDoc {
    OpeningDoc {
        specialties: specialties.iter().map(|s| Specialty::parse(s).unwrap()).collect(),
        markets: markets.iter().map(|m| Market::parse(m).unwrap()).collect(),
        company_slug: company.0.to_owned(),
        company_name: company.1.to_owned(),
        ..opening(id, "Panel evaluations", "Depositions and reports.")
    }
}

const KERN: (&str, &str) = ("kern", "Kern Evaluations");
const PACIFIC: (&str, &str) = ("pacific-orthopedics", "Pacific Orthopedics & Sons");

fn library(dir: &std::path::Path) -> OpeningsReader {
    let (mut index, _) = OpeningsIndex::open(dir).unwrap();
    let mut docs = vec![
        of("1", &["orthopaedic-surgery"], &["bakersfield"], KERN),
        of("2", &["orthopaedic-surgery", "spine-surgery"], &["los-angeles", "san-diego"], PACIFIC),
        of("3", &["pain-medicine"], &["san-diego"], PACIFIC),
        of("4", &[], &["houston-tx"], KERN),
        OpeningDoc { title: "Deposition panel".to_owned(), ..of("5", &["psychiatry"], &[], KERN) },
    ];
    docs.push(OpeningDoc {
        live_until: now(),
        ..of("over", &["neurology"], &["sacramento"], ("gone", "Gone Orthopedics"))
    });
    docs.push(OpeningDoc { live_until: now() + Duration::days(1), ..of("6", &["urology"], &["state-nv"], KERN) });
    index.rebuild(docs, 1).unwrap();
    index.reader()
}

fn line(s: &Suggestion) -> String {
    format!("{} {} {} {}", s.kind.as_str(), s.value, s.text, s.count)
}

#[test]
fn a_beginning_proposes_names_then_words_with_their_live_openings() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    for (prefix, want) in [
        // An opening for any specialty counts for every specialty that another one names.
        (
            "orth",
            vec![
                "specialty orthopaedic-surgery Orthopaedic Surgery 3",
                "company pacific-orthopedics Pacific Orthopedics & Sons 2",
                "specialty spine-surgery Spine Surgery 2",
            ],
        ),
        ("ORTHOPAEDIC sur", vec!["specialty orthopaedic-surgery Orthopaedic Surgery 3"]),
        ("pain man", vec!["specialty pain-medicine Pain Medicine 2"]),
        ("san", vec!["market san-diego San Diego, CA 2"]),
        ("LA", vec!["market los-angeles Los Angeles, CA 1"]),
        ("kern e", vec!["company kern Kern Evaluations 4"]),
        ("nev", vec!["state NV Nevada 1", "market state-nv Nevada (statewide) 1"]),
        ("dep", vec!["word depositions depositions 6"]),
        ("panel dep", vec!["word panel depositions panel depositions 6"]),
        ("evaluations dep", vec!["word evaluations depositions evaluations depositions 6"]),
        // Nothing is open for these, or no longer.
        ("neuro", vec![]),
        ("sacra", vec![]),
        ("gone", vec![]),
        ("the", vec![]),
        ("x", vec![]),
        ("", vec![]),
        (" !", vec![]),
    ] {
        let found: Vec<String> = reader.suggest(prefix, 5, now()).unwrap().iter().map(line).collect();
        assert_eq!(found, want, "{prefix}");
    }
    assert_eq!(reader.suggest("s", 2, now()).unwrap().len(), 2);
    assert!(reader.suggest("s", 0, now()).unwrap().is_empty());
}

/// Every beginning of every name: what is proposed is found, as often as it says.
#[test]
fn every_suggestion_finds_what_it_promises() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    let mut seen = 0;
    for first in 'a'..='z' {
        for second in "aeiouhlnrst".chars() {
            let all = reader.suggest(&format!("{first}{second}"), 50, now()).unwrap();
            seen += all.len();
            for s in &all {
                let base = OpeningQuery::new(now());
                let query = match s.kind {
                    SuggestionKind::Specialty => OpeningQuery { specialty: Specialty::parse(&s.value), ..base },
                    SuggestionKind::Market => OpeningQuery { market: Market::parse(&s.value), ..base },
                    SuggestionKind::State => OpeningQuery { state: State::parse(&s.value), ..base },
                    SuggestionKind::Company | SuggestionKind::Word => {
                        OpeningQuery { text: Some(s.text.clone()), ..base }
                    }
                };
                let page = reader.search(&query).unwrap();
                assert_eq!((page.total, page.corrected), (usize::try_from(s.count).unwrap(), None), "{s:?}");
            }
            let (words, names): (Vec<&Suggestion>, Vec<&Suggestion>) =
                all.iter().partition(|s| s.kind == SuggestionKind::Word);
            for group in [&names, &words] {
                assert!(group.is_sorted_by(|a, b| (b.count, &a.text) <= (a.count, &b.text)), "{group:?}");
            }
            assert!(all.iter().map(|s| s.kind == SuggestionKind::Word).is_sorted());
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn a_search_that_finds_nothing_is_helped_on() {
    let dir = tempfile::tempdir().unwrap();
    let reader = library(dir.path());
    for (text, want) in [
        (
            "ortopedic houston",
            vec!["market houston-tx Houston, TX 1", "specialty orthopaedic-surgery Orthopaedic Surgery 3"],
        ),
        ("spine xyzzy", vec!["specialty spine-surgery Spine Surgery 2"]),
        ("deposiitons sacramento", vec!["word depositions depositions 6"]),
        ("xyzzy", vec![]),
        ("", vec![]),
    ] {
        let mut found: Vec<String> = reader.did_you_mean(text, 5, now()).unwrap().iter().map(line).collect();
        found.sort_unstable();
        assert_eq!(found, want, "{text}");
    }
}
