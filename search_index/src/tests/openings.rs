//! The openings index against a naive filter over the same openings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Duration;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::{kind, market, now, specialty, state};
use crate::{
    Checkpoint, FacetCount, OpeningChange, OpeningDoc, OpeningQuery, OpeningsIndex, OpeningsReader, PayBand,
    SearchError, Sort,
};

const WORDS: &[&str] = &["spine", "records", "panel", "deposition", "clinic"];

fn opening() -> impl Strategy<Value = OpeningDoc> {
    (
        (vec(select(WORDS), 0..3), vec(select(WORDS), 0..4)),
        kind(),
        vec(specialty(), 0..3),
        vec(market(), 0..3),
        any::<(bool, bool)>(),
        option::of(select(vec![0, 49_999, 50_000, 120_000, 250_000])),
        0i64..6,
        0i64..4,
        proptest::bool::weighted(0.9),
    )
        .prop_map(|((title, text), kind, specialties, markets, (remote, takes), pay, age, days, live)| {
            OpeningDoc {
                id: String::new(),
                title: title.join(" "),
                description: text.join(" "),
                company_name: "Summit".to_owned(),
                company_slug: "summit".to_owned(),
                kind,
                specialties,
                markets,
                remote,
                takes_candidates: takes,
                pay_cents: pay,
                published_at: now() - Duration::hours(age),
                closes_on: now().date_naive() + Duration::days(days),
                live,
            }
        })
}

fn query() -> impl Strategy<Value = OpeningQuery> {
    (
        option::weighted(0.3, vec(select(WORDS), 1..3)),
        vec(kind(), 0..2),
        option::weighted(0.3, specialty()),
        option::weighted(0.3, market()),
        option::weighted(0.3, state()),
        option::weighted(0.2, any::<bool>()),
        option::weighted(0.3, select(vec![1, 50_000, 200_000])),
        option::weighted(0.2, any::<bool>()),
        select(Sort::ALL),
        1usize..7,
    )
        .prop_map(|(words, kinds, specialty, market, state, remote, pay, takes, sort, limit)| OpeningQuery {
            text: words.map(|w| w.join(" ")),
            kinds,
            specialty,
            market,
            state,
            remote,
            min_pay_cents: pay,
            takes_candidates: takes,
            sort,
            limit,
            cursor: None,
        })
}

fn passes(o: &OpeningDoc, q: &OpeningQuery) -> bool {
    let text = format!("{} {}", o.title, o.description);
    let has = |w: &str| text.split(' ').any(|t| t == w);
    o.live
        && q.text.as_deref().is_none_or(|t| t.split(' ').all(has))
        && (q.kinds.is_empty() || q.kinds.contains(&o.kind))
        && q.specialty.is_none_or(|s| o.specialties.is_empty() || o.specialties.contains(&s))
        && q.market.is_none_or(|m| o.markets.contains(&m))
        && q.state.is_none_or(|s| o.markets.iter().any(|m| m.state() == s))
        && q.remote.is_none_or(|r| o.remote == r)
        && q.min_pay_cents.is_none_or(|least| o.pay_cents.is_some_and(|p| p >= least))
        && q.takes_candidates.is_none_or(|t| o.takes_candidates == t)
}

type Model = BTreeMap<String, OpeningDoc>;

fn naive_total(model: &Model, query: &OpeningQuery) -> usize {
    model.values().filter(|o| passes(o, query)).count()
}

/// Every id, page by page.
fn walk(reader: &OpeningsReader, query: &OpeningQuery) -> Vec<String> {
    let (mut query, mut all) = (query.clone(), Vec::new());
    loop {
        let page = reader.search(&query).unwrap();
        assert!(page.ids.len() <= query.limit);
        all.extend(page.ids);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return all;
        }
    }
}

fn agree(reader: &OpeningsReader, model: &Model, query: &OpeningQuery) {
    let mut want: Vec<&OpeningDoc> = model.values().filter(|o| passes(o, query)).collect();
    let found = walk(reader, query);
    assert_eq!(reader.search(query).unwrap().total, want.len());
    if query.sort == Sort::Best && query.text.is_some() {
        let mut ids: Vec<&str> = want.iter().map(|o| o.id.as_str()).collect();
        let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
        ids.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, ids);
    } else {
        want.sort_by_key(|o| {
            let rank = match query.sort {
                Sort::Best | Sort::Newest => Reverse(0),
                Sort::Pay => Reverse(o.pay_cents.unwrap_or(-1)),
                Sort::Closing => {
                    let days = o.closes_on.signed_duration_since(now().date_naive());
                    Reverse(-days.num_days())
                }
            };
            (rank, Reverse(o.published_at), o.id.clone())
        });
        let ids: Vec<&str> = want.iter().map(|o| o.id.as_str()).collect();
        assert_eq!(found, ids, "{query:?}");
    }
    facets_agree(reader, model, query);
}

/// Each count is the total with that choice, and no choice with openings is left out.
fn facets_agree(reader: &OpeningsReader, model: &Model, query: &OpeningQuery) {
    let facets = reader.search(query).unwrap().facets;
    let choose = |change: &dyn Fn(&mut OpeningQuery)| {
        let mut other = query.clone();
        change(&mut other);
        naive_total(model, &other)
    };
    let kinds = domain::Kind::ALL.iter();
    same(&facets.kind, kinds.map(|k| (k.as_str(), choose(&|q| q.kinds = vec![*k]))).collect());
    let markets = domain::place::Market::all();
    same(&facets.market, markets.map(|m| (m.slug(), choose(&|q| q.market = Some(m)))).collect());
    let states = domain::place::State::all();
    same(&facets.state, states.map(|s| (s.code(), choose(&|q| q.state = Some(s)))).collect());
    let in_band = |band: PayBand| {
        let mut other = query.clone();
        other.min_pay_cents = None;
        let all = model.values().filter(|o| passes(o, &other));
        all.filter(|o| PayBand::of(o.pay_cents) == band).count()
    };
    same(&facets.pay_band, PayBand::ALL.iter().map(|b| (b.as_str(), in_band(*b))).collect());
    specialties_agree(&facets.specialty, model, query);
}

/// Only what another opening names, or the search asks for, is listed.
fn specialties_agree(facet: &[FacetCount], model: &Model, query: &OpeningQuery) {
    let mut other = query.clone();
    for c in facet {
        other.specialty = domain::specialty::Specialty::parse(&c.value);
        assert_eq!(usize::try_from(c.count).unwrap(), naive_total(model, &other));
    }
    other.specialty = None;
    for named in model.values().filter(|o| passes(o, &other)) {
        for s in &named.specialties {
            assert!(facet.iter().any(|c| c.value == s.slug()));
        }
    }
}

/// The same values with the same counts; those without openings are left out.
fn same(facet: &[FacetCount], want: Vec<(&str, usize)>) {
    let want: BTreeMap<&str, usize> = want.into_iter().filter(|(_, n)| *n > 0).collect();
    let got: BTreeMap<&str, usize> =
        facet.iter().map(|c| (c.value.as_str(), usize::try_from(c.count).unwrap())).collect();
    assert_eq!(got.len(), facet.len());
    assert_eq!(got, want);
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(8) })]

    #[test]
    fn search_equals_a_naive_filter_with_exact_facets_and_whole_pages(
        batches in vec(vec((0u32..40, opening()), 4..20), 1..4),
        gone in vec(0u32..40, 0..8),
        queries in vec(query(), 12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
        index.rebuild([], 0).unwrap();
        let mut model = Model::new();
        let id = |n: u32| format!("id-{n:03}");
        for (seq, batch) in (1..).zip(batches) {
            let docs = batch.into_iter().map(|(n, o)| OpeningDoc { id: id(n), ..o });
            let mut changes = Vec::new();
            for doc in docs {
                model.insert(doc.id.clone(), doc.clone());
                changes.push(OpeningChange::Put(Box::new(doc)));
            }
            index.apply(&changes, seq).unwrap();
        }
        let gone: Vec<OpeningChange> = gone
            .into_iter()
            .map(|n| {
                model.remove(&id(n));
                OpeningChange::Delete { id: id(n) }
            })
            .collect();
        index.apply(&gone, 9).unwrap();
        let reader = index.reader();
        for query in &queries {
            agree(&reader, &model, query);
        }
        index.rebuild(model.values().cloned(), 10).unwrap();
        for query in queries.iter().take(4) {
            agree(&reader, &model, query);
        }
        drop(index);
        let (index, opened) = OpeningsIndex::open(dir.path()).unwrap();
        prop_assert_eq!(opened, Checkpoint::Resume(10));
        let live: Vec<String> =
            model.values().filter(|o| o.live).map(|o| o.id.clone()).collect();
        prop_assert_eq!(index.reader().ids().unwrap(), live);
    }
}

#[test]
fn an_opening_that_is_no_longer_live_goes_out() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let mut doc = super::text::opening("a", "Panel evaluations", "");
    index.apply(&[OpeningChange::Put(Box::new(doc.clone()))], 1).unwrap();
    assert_eq!(index.reader().count(), 1);
    doc.live = false;
    index.apply(&[OpeningChange::Put(Box::new(doc))], 2).unwrap();
    assert_eq!(index.reader().count(), 0);
}

#[test]
fn a_cursor_of_another_sort_or_made_up_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    let docs = ["a", "b"].map(|id| super::text::opening(id, "Panel", ""));
    index.rebuild(docs, 1).unwrap();
    let reader = index.reader();
    let first = OpeningQuery { limit: 1, ..OpeningQuery::default() };
    let page = reader.search(&first).unwrap();
    assert_eq!((page.ids, page.total), (vec!["a".to_owned()], 2));
    let cursor = page.next_cursor.unwrap();
    for (sort, cursor) in [(Sort::Pay, cursor), (Sort::Best, "1f".to_owned())] {
        let query = OpeningQuery { sort, cursor: Some(cursor), ..first.clone() };
        assert!(matches!(reader.search(&query), Err(SearchError::BadCursor)));
    }
    let counts_only = OpeningQuery { limit: 0, ..first };
    let page = reader.search(&counts_only).unwrap();
    assert_eq!((page.ids.len(), page.total, page.next_cursor), (0, 2, None));
}
