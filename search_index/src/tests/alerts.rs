//! The alerts index against the wish itself, through everything that can happen to an index.

use std::collections::BTreeMap;
use std::path::Path;

use domain::alert::{Wish, Words};
use domain::opening::Terms;
use domain::place::Market;
use domain::specialty::Specialty;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tantivy::{IndexWriter, TantivyDocument};

use super::world::{kind, market, offer, specialty, state};
use crate::text::is_stop_word;
use crate::{
    AlertChange, AlertDoc, AlertsIndex, AlertsReader, Arrival, Checkpoint, Firing, OpeningWords, RebuildReason,
    SearchError,
};

/// What the index should hold.
type Model = BTreeMap<u32, Vec<Wish>>;

const COMPANY: &str = "Kern Evaluations";

/// Forms of a few words, so that they often meet: with accents, stems, spellings and parts.
fn word() -> impl Strategy<Value = &'static str> {
    let all = "spine Spines knee neck pediatric paediatrics x-ray ray rays PM&R ångström angstrom worker's \
        evaluation ortho bakersfield remote nothing L.A. 東京 x";
    select(all.split_whitespace().collect::<Vec<_>>())
}

fn words() -> impl Strategy<Value = Words> {
    let demand = prop_oneof![
        3 => word().prop_map(str::to_owned),
        1 => vec(word(), 2..4).prop_map(|words| words.join(" OR ")),
        2 => word().prop_map(|w| format!("-{w}")),
    ];
    let some = vec(demand, 1..4).prop_filter_map("a contradiction", |all| Words::parse(&all.join(" ")).ok());
    prop_oneof![1 => Just(Words::default()), 1 => some]
}

fn wish() -> impl Strategy<Value = Wish> {
    let least = proptest::option::weighted(0.3, select(vec![1i64, 5_000, 37_600, 150_000, 100_000_000, i64::MAX]));
    let places = (vec(market(), 0..3), prop_oneof![2 => Just(Vec::new()), 1 => vec(state(), 1..3)], any::<bool>());
    (vec(kind(), 0..4), vec(specialty(), 0..3), places, least, words()).prop_map(
        |(kinds, specialties, (markets, states, remote_too), min_pay_cents, words)| Wish {
            kinds,
            specialties,
            markets,
            states,
            remote_too,
            min_pay_cents,
            words,
        },
    )
}

fn opening() -> impl Strategy<Value = Terms> {
    (offer(), vec(word(), 0..3), vec(word(), 0..4)).prop_map(|(offer, title, description)| Terms {
        title: title.join(" "),
        description: description.join(", "),
        ..offer.terms
    })
}

fn wants(wish: &Wish, terms: &Terms) -> bool {
    let words = OpeningWords::of(terms, COMPANY);
    wish.wants(terms, |word| words.has(word))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_document_is_met_by_what_its_wish_wants(wishes in vec(wish(), 6), terms in opening()) {
        let arrival = Arrival::of(&terms, COMPANY);
        for wish in &wishes {
            prop_assert_eq!(AlertDoc::of(wish).is_met_by(&arrival), wants(wish, &terms), "{:?}", wish);
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<(u32, Vec<Wish>)>),
    /// Work that was never committed, then a restart.
    Crash,
    Restart,
    Rebuild,
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    let change = (0u32..30, vec(wish(), 0..4));
    prop_oneof![
        5 => vec(change, 1..20).prop_map(Step::Apply),
        2 => select(vec![Step::Crash, Step::Restart, Step::Rebuild, Step::Purge]),
    ]
}

fn members(model: &Model) -> impl Iterator<Item = Result<(u32, Vec<Wish>), SearchError>> {
    model.iter().map(|(pid, wishes)| Ok((*pid, wishes.clone())))
}

fn agree(reader: &AlertsReader, model: &Model, openings: &[Terms]) {
    assert_eq!(reader.ids(), model.keys().copied().collect::<Vec<_>>());
    assert_eq!(usize::try_from(reader.count()).unwrap(), model.values().map(Vec::len).sum::<usize>());
    for terms in openings {
        let mut naive = Vec::new();
        for (pid, wishes) in model {
            let firing = (0u8..).zip(wishes).filter(|(_, wish)| wants(wish, terms));
            naive.extend(firing.map(|(alert, _)| Firing { pid: *pid, alert }));
        }
        let arrival = Arrival::of(terms, COMPANY);
        let mut firings = reader.firings(&arrival);
        firings.sort_unstable();
        assert_eq!(firings, naive, "{terms:?}");
        assert!(usize::try_from(reader.candidates(&arrival)).unwrap() >= naive.len());
        let mut fires = reader.fires(&arrival);
        fires.sort_unstable();
        naive.dedup_by_key(|f| f.pid);
        assert_eq!(fires, naive.iter().map(|f| f.pid).collect::<Vec<_>>(), "{terms:?}");
    }
}

/// Leaves work behind that no commit covers, as a killed process would.
fn crash(mut index: AlertsIndex) {
    let writer: &mut IndexWriter = index.engine().writer().unwrap();
    writer.delete_all_documents().unwrap();
    writer.add_document(TantivyDocument::default()).unwrap();
    drop(index);
}

fn run(dir: &Path, steps: Vec<Step>, openings: &[Terms]) {
    let (mut index, opened) = AlertsIndex::open(dir).unwrap();
    assert_eq!(opened, Checkpoint::Rebuild(RebuildReason::Missing));
    index.rebuild(members(&Model::new()), 0).unwrap();
    let (mut model, mut seq) = (Model::new(), 0);
    let mut reader = index.reader();
    for step in steps {
        match step {
            Step::Apply(all) => {
                let mut changes = Vec::new();
                for (pid, wishes) in all {
                    model.remove(&pid);
                    if wishes.is_empty() && pid % 2 == 0 {
                        changes.push(AlertChange::Delete { pid });
                        continue;
                    }
                    if !wishes.is_empty() {
                        model.insert(pid, wishes.clone());
                    }
                    changes.push(AlertChange::Put { pid, wishes });
                }
                seq += 10;
                index.apply(&changes, seq).unwrap();
            }
            Step::Rebuild => {
                seq += 10;
                index.rebuild(members(&model), seq).unwrap();
            }
            Step::Purge => {
                index.purge().unwrap();
                for pid in 0..30 {
                    assert_eq!(reader.holds(pid).unwrap(), model.contains_key(&pid), "{pid}");
                }
            }
            Step::Crash | Step::Restart => {
                if matches!(step, Step::Crash) {
                    crash(index);
                } else {
                    drop(index);
                }
                let (next, opened) = AlertsIndex::open(dir).unwrap();
                assert_eq!(opened, Checkpoint::Resume(seq));
                index = next;
                reader = index.reader();
            }
        }
        assert_eq!(index.checkpoint(), seq);
        agree(&reader, &model, openings);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn what_fires_equals_the_wishes_through_updates_crashes_and_rebuilds(
        steps in vec(step(), 1..12),
        openings in vec(opening(), 12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), steps, &openings);
    }
}

#[test]
fn merged_segments_answer_as_their_parts_did() {
    let mut runner = TestRunner::deterministic();
    let mut some = |strategy: BoxedStrategy<Vec<Wish>>| strategy.new_tree(&mut runner).unwrap().current();
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = AlertsIndex::open(dir.path()).unwrap();
    index.rebuild(members(&Model::new()), 0).unwrap();
    let mut model = Model::new();
    for n in 1..40 {
        // Some come twice: their first alerts are deleted documents of a segment that is merged.
        let (pid, wishes) = (n % 31, some(vec(wish(), 1..4).boxed()));
        index.apply(&[AlertChange::Put { pid, wishes: wishes.clone() }], n.into()).unwrap();
        model.insert(pid, wishes);
    }
    drop(index);
    let (index, _) = AlertsIndex::open(dir.path()).unwrap();
    assert!(index.reader().segments() < 30, "nothing was merged");
    let openings = vec(opening(), 60).new_tree(&mut runner).unwrap().current();
    agree(&index.reader(), &model, &openings);
}

#[test]
fn an_opening_has_a_word_in_any_of_its_forms() {
    let terms = Terms {
        title: "Spine evaluations, X-ray at hand".to_owned(),
        description: "For injured workers. Orthopaedic & PM&R.".to_owned(),
        specialties: vec![Specialty::parse("orthopaedic-surgery").unwrap()],
        markets: vec![Market::parse("bakersfield").unwrap()],
        ..some_opening()
    };
    let words = OpeningWords::of(&terms, COMPANY);
    for (word, want) in [
        ("spine", true),
        ("SPINES", true),
        ("evaluate", true),
        ("x-ray", true),
        ("ray", true),
        ("x-men", false),
        ("worker's", true),
        ("orthopedic", true),
        ("pmr", true),
        ("PM&R", true),
        ("kern", true),
        ("Bakersfield", true),
        ("California", true),
        ("remote", false),
        ("neck", false),
        ("", false),
        ("!", false),
    ] {
        assert_eq!(words.has(word), want, "{word}");
    }
}

fn some_opening() -> Terms {
    let mut runner = TestRunner::deterministic();
    Terms { remote: false, ..offer().new_tree(&mut runner).unwrap().current().terms }
}

/// A search leaves out what the domain refuses in an alert, so both ask for the same words.
#[test]
fn the_little_words_of_alerts_are_those_of_searches() {
    for text in ["a", "an", "around", "at", "by", "for", "from", "in", "near", "of", "on", "the", "to", "with"] {
        assert!(is_stop_word(text) && Words::parse(&format!("spine {text}")).is_err(), "{text}");
    }
    for text in ["and", "or"] {
        assert!(is_stop_word(text) && Words::parse(&format!("spine {text} neck")).unwrap().clauses().len() < 3);
    }
}

#[test]
fn a_check_reads_beside_the_writer_and_sees_every_word() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(AlertsReader::open(dir.path()), Err(SearchError::Damaged(_))));
    let (mut index, _) = AlertsIndex::open(dir.path()).unwrap();
    let wish = Wish { words: Words::parse("spines OR x-ray -Pediatric").unwrap(), ..Wish::default() };
    index.rebuild::<SearchError>([Ok((5, vec![wish]))], 4).unwrap();
    let (reader, seq) = AlertsReader::open(dir.path()).unwrap();
    assert_eq!((reader.ids(), reader.count(), reader.segments(), seq), (vec![5], 1, 1, 4));
    let mut terms = Vec::new();
    reader.each_term(&mut |t| terms.push(t.to_owned())).unwrap();
    for word in ["spine", "x", "ray", "pediatr", "5"] {
        assert!(terms.iter().any(|t| t == word), "{word}: {terms:?}");
    }
}
