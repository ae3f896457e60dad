//! Walking the pages while openings come and go.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::openings::{opening, passes, query};
use super::world::now;
use crate::{OpeningChange, OpeningDoc, OpeningQuery, OpeningsIndex, Sort};

/// These stay where they are; the others are put in and taken out between the pages.
const STEADY: u32 = 20;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(10) })]

    #[test]
    fn no_page_repeats_an_opening_or_passes_over_one_that_stayed(
        docs in vec(opening(), 40),
        changes in vec(vec((STEADY..40, any::<bool>()), 0..8), 1..12),
        queries in vec(query(), 3),
    ) {
        let docs: Vec<OpeningDoc> =
            (0..).zip(docs).map(|(n, o)| OpeningDoc { id: format!("id-{:02}", n * 7 % 40), ..o }).collect();
        for query in queries.iter().map(|q| OpeningQuery { now: now(), ..q.clone() }) {
            let dir = tempfile::tempdir().unwrap();
            let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
            index.rebuild(docs.iter().cloned(), 0).unwrap();
            let reader = index.reader();
            let (mut seen, mut query, mut steps) = (Vec::new(), query, changes.iter().cycle());
            for seq in 1.. {
                let page = reader.search(&query).unwrap();
                seen.extend(page.ids);
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
                let step: Vec<OpeningChange> = steps.next().unwrap().iter().map(|(n, there)| {
                    let doc = docs[usize::try_from(*n).unwrap()].clone();
                    match there {
                        true => OpeningChange::Put(Box::new(doc)),
                        false => OpeningChange::Delete { id: doc.id },
                    }
                }).collect();
                index.apply(&step, seq).unwrap();
            }
            let once: BTreeSet<&String> = seen.iter().collect();
            prop_assert_eq!(once.len(), seen.len(), "repeated: {:?}", seen);
            for doc in docs.iter().take(usize::try_from(STEADY).unwrap()) {
                prop_assert_eq!(once.contains(&doc.id), passes(doc, &query), "{:?}", doc);
            }
        }
    }
}

#[test]
fn a_score_does_not_change_because_others_come_and_go() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let doc = |id: &str, title: &str, text: &str| super::text::opening(id, title, text);
    let kept =
        [doc("both", "Spine panel", ""), doc("one", "Spine work", "panel panel"), doc("told", "Work", "spine panel")];
    index.rebuild(kept, 1).unwrap();
    let reader = index.reader();
    let query = OpeningQuery { text: Some("spine panel".to_owned()), limit: 1, ..OpeningQuery::new(now()) };
    let cursor = reader.search(&query).unwrap().next_cursor;
    // Words that were rare become common; with the usual measure every score would change.
    let many = (0..200).map(|n| OpeningChange::Put(Box::new(doc(&format!("x{n}"), "Panel", "panel"))));
    index.apply(&many.collect::<Vec<_>>(), 2).unwrap();
    assert_eq!(reader.search(&query).unwrap().next_cursor, cursor);
    let all = reader.search(&OpeningQuery { limit: 9, ..query }).unwrap().ids;
    assert_eq!(all, ["both", "one", "told"]);
}

#[test]
fn remote_work_comes_after_all_work_on_site() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let market = |slug: &str| domain::place::Market::parse(slug).unwrap();
    let at = |id: &str, markets: &[&str], remote: bool, hours: i64| OpeningDoc {
        markets: markets.iter().map(|m| market(m)).collect(),
        remote,
        published_at: now() - chrono::Duration::hours(hours),
        ..super::text::opening(id, "Work", "")
    };
    let docs = [
        at("remote", &[], true, 0),
        at("far", &["new-york-ny"], false, 0),
        at("la-old", &["los-angeles"], true, 2),
        at("la", &["los-angeles", "houston-tx"], false, 1),
        at("sd", &["san-diego"], false, 0),
    ];
    index.rebuild(docs, 1).unwrap();
    let of = |from: &[&str]| {
        let from = from.iter().map(|m| market(m)).collect();
        let query = OpeningQuery { sort: Sort::Distance, from, ..OpeningQuery::new(now()) };
        index.reader().search(&query).unwrap().ids
    };
    assert_eq!(of(&["bakersfield"]), ["la", "la-old", "sd", "far", "remote"]);
    assert_eq!(of(&["san-diego", "new-york-ny"]), ["far", "sd", "la", "la-old", "remote"]);
    let mut newest =
        index.reader().search(&OpeningQuery { sort: Sort::Newest, ..OpeningQuery::new(now()) }).unwrap().ids;
    assert_eq!(of(&[]), newest);
    newest.sort_by_key(|id| Reverse(id.clone()));
    assert_eq!(newest.len(), 5);
}
