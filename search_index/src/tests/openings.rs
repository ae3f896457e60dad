//! The openings index against a naive filter over the same openings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::{kind, market, now, specialty, state};
use crate::aliases;
use crate::{
    Checkpoint, FacetCount, OpeningChange, OpeningDoc, OpeningQuery, OpeningsIndex, OpeningsReader, PayBand,
    SearchError, Sort,
};

/// Some of them stand in names of kinds, specialties, places and of the company too.
const WORDS: &[&str] = &["spine", "records", "panel", "deposition", "clinic", "summit", "pain", "bakersfield", "qme"];

pub(super) fn opening() -> impl Strategy<Value = OpeningDoc> {
    (
        (vec(select(WORDS), 0..3), vec(select(WORDS), 0..4)),
        kind(),
        vec(specialty(), 0..5),
        vec(market(), 0..6),
        any::<(bool, bool)>(),
        option::of(select(vec![0, 49_999, 50_000, 120_000, 250_000])),
        0i64..6,
        0i64..4,
        (proptest::bool::weighted(0.9), select(vec![-1, 0, 1, 3600, 1_000_000])),
    )
        .prop_map(|((title, text), kind, specialties, markets, (remote, takes), pay, age, days, (live, left))| {
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
                live_until: now() + Duration::seconds(left),
                keys: Vec::new(),
                rest: Vec::new(),
            }
        })
}

pub(super) fn query() -> impl Strategy<Value = OpeningQuery> {
    (
        option::weighted(0.3, vec(select(WORDS), 1..3)),
        vec(kind(), 0..2),
        option::weighted(0.3, specialty()),
        option::weighted(0.3, market()),
        option::weighted(0.3, state()),
        option::weighted(0.2, any::<bool>()),
        option::weighted(0.3, select(vec![1, 50_000, 200_000])),
        option::weighted(0.2, any::<bool>()),
        (select(Sort::ALL), vec(market(), 0..3), select(vec![-1, 0, 3600])),
        1usize..7,
    )
        .prop_map(|(words, kinds, specialty, market, state, remote, pay, takes, (sort, from, later), limit)| {
            OpeningQuery {
                now: now() + Duration::seconds(later),
                text: words.map(|w| w.join(" ")),
                kinds,
                specialty,
                market,
                state,
                remote,
                min_pay_cents: pay,
                takes_candidates: takes,
                sort,
                from,
                limit,
                cursor: None,
            }
        })
}

/// Small letters without the `s` of a plural: enough of a stem for `WORDS`.
fn naive_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(|w| w.to_lowercase().trim_end_matches('s').to_owned()).collect()
}

/// The score as the documentation says it; nothing when a word is missing.
fn naive_score(o: &OpeningDoc, text: &str) -> Option<i64> {
    let names = aliases::of_opening(o.kind, &o.specialties, &o.markets, o.remote).join(" ");
    let [title, names, company, text_of] =
        [&o.title, &names, &format!("{} {}", o.company_name, o.company_slug), &o.description].map(|t| naive_words(t));
    let searched: BTreeSet<String> = naive_words(text).into_iter().collect();
    let mut score = 0;
    for word in &searched {
        let told = text_of.iter().filter(|w| *w == word).count().min(3);
        let of_word = 6 * i64::from(title.contains(word))
            + 4 * i64::from(names.contains(word))
            + 2 * i64::from(company.contains(word))
            + i64::try_from(told).unwrap();
        if of_word == 0 {
            return None;
        }
        score += of_word;
    }
    Some(score + 6 * i64::from(searched.iter().all(|w| title.contains(w))))
}

pub(super) fn passes(o: &OpeningDoc, q: &OpeningQuery) -> bool {
    o.live
        && q.now < o.live_until
        && q.text.as_deref().is_none_or(|t| naive_score(o, t).is_some())
        && (q.kinds.is_empty() || q.kinds.contains(&o.kind))
        && q.specialty.is_none_or(|s| o.specialties.is_empty() || o.specialties.contains(&s))
        && q.market.is_none_or(|m| o.markets.contains(&m))
        && q.state.is_none_or(|s| o.markets.iter().any(|m| m.state() == s))
        && q.remote.is_none_or(|r| o.remote == r)
        && q.min_pay_cents.is_none_or(|least| o.pay_cents.is_some_and(|p| p >= least))
        && q.takes_candidates.is_none_or(|t| o.takes_candidates == t)
}

/// Highest first.
fn naive_rank(o: &OpeningDoc, q: &OpeningQuery) -> i64 {
    match q.sort {
        Sort::Best => q.text.as_deref().and_then(|t| naive_score(o, t)).unwrap_or(0),
        Sort::Newest => 0,
        Sort::Pay => o.pay_cents.unwrap_or(-1),
        Sort::Closing => -o.closes_on.signed_duration_since(now().date_naive()).num_days(),
        Sort::Distance if q.from.is_empty() => 0,
        Sort::Distance => {
            let pairs = q.from.iter().flat_map(|from| o.markets.iter().map(|m| from.miles_to(*m).round()));
            match pairs.min_by(f64::total_cmp) {
                Some(miles) => format!("{}", -miles).parse().unwrap(),
                None => -10_000 - i64::from(!o.remote),
            }
        }
    }
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
    let page = reader.search(query).unwrap();
    assert_eq!((page.total, page.corrected), (want.len(), None));
    want.sort_by_key(|o| (Reverse(naive_rank(o, query)), Reverse(o.published_at), o.id.clone()));
    let ids: Vec<&str> = want.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(walk(reader, query), ids, "{query:?}");
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
    let count = |change: &dyn Fn(&mut OpeningQuery)| u64::try_from(choose(change)).unwrap();
    assert_eq!(facets.remote, count(&|q| q.remote = Some(true)));
    assert_eq!(facets.takes_candidates, count(&|q| q.takes_candidates = Some(true)));
    same(&facets.pay_band, PayBand::ALL.iter().map(|b| (b.as_str(), in_band(*b))).collect());
    specialties_agree(&facets.specialty, model, query);
}

/// Only what another opening names, or the search asks for, is listed.
fn specialties_agree(facet: &[FacetCount], model: &Model, query: &OpeningQuery) {
    let mut other = query.clone();
    for c in facet {
        other.specialty = domain::specialty::Specialty::parse(c.value);
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
    let got: BTreeMap<&str, usize> = facet.iter().map(|c| (c.value, usize::try_from(c.count).unwrap())).collect();
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

/// Posting lists of many blocks, of whole blocks and of nearly none, alone and together.
#[test]
fn every_combination_of_frequent_and_rare_words_is_found() {
    const COUNT: usize = 1500;
    type Rule = (&'static str, fn(usize) -> bool);
    let rules: [Rule; 7] = [
        ("every", |_| true),
        ("second", |n| n % 2 == 0),
        ("third", |n| n % 3 == 0),
        ("block", |n| n < 128),
        ("late", |n| n >= COUNT - 256),
        ("hundred", |n| n % 100 == 99),
        ("single", |n| n == 1000),
    ];
    let words =
        |n: usize| rules.iter().filter(|(_, holds)| holds(n)).map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let id = |n: usize| format!("{n:04}");
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = OpeningsIndex::open(dir.path()).unwrap();
    index.rebuild((0..COUNT).map(|n| super::text::opening(&id(n), "Work", &words(n))), 1).unwrap();
    let gone = |n: usize| n % 7 == 5;
    let changes: Vec<OpeningChange> =
        (0..COUNT).filter(|n| gone(*n)).map(|n| OpeningChange::Delete { id: id(n) }).collect();
    index.apply(&changes, 2).unwrap();
    let reader = index.reader();
    for chosen in 1u32..1 << rules.len() {
        let picked: Vec<_> =
            rules.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1).map(|(_, rule)| rule).collect();
        let text = picked.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
        let query = OpeningQuery { text: Some(text), limit: COUNT, ..OpeningQuery::new(now()) };
        let want: Vec<String> =
            (0..COUNT).filter(|n| !gone(*n) && picked.iter().all(|(_, holds)| holds(*n))).map(id).collect();
        assert_eq!(reader.search(&query).unwrap().ids, want, "{:?}", query.text);
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
    let first = OpeningQuery { limit: 1, ..OpeningQuery::new(now()) };
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
