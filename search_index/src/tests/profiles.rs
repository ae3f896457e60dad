//! The profiles index against the check itself, through everything that can happen to an index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use domain::candidate::{Candidate, Offer};
use domain::certification::Rulebook;
use domain::eligibility::{Verdict, check};
use domain::score::score;
use domain::standing::MemberStanding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tantivy::{IndexWriter, TantivyDocument};

use super::world::{candidate, now, offer};
use crate::{
    Ask, Checkpoint, ProfileChange, ProfileDoc, ProfilesIndex, ProfilesReader, RebuildReason, Scored, SearchError,
};

/// What the index should hold.
type Model = BTreeMap<u32, Candidate>;

#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<(u32, Option<Candidate>)>),
    /// The rows say that these may not be matched any more; the index follows one step later.
    Revoke(BTreeSet<u32>),
    /// Work that was never committed, then a restart.
    Crash,
    Restart,
    Rebuild,
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    let change = (0u32..30, proptest::option::weighted(0.8, candidate()));
    prop_oneof![
        5 => vec(change, 1..20).prop_map(Step::Apply),
        1 => proptest::collection::btree_set(0u32..30, 1..4).prop_map(Step::Revoke),
        2 => select(vec![Step::Crash, Step::Restart, Step::Rebuild, Step::Purge]),
    ]
}

fn put(pid: u32, who: &Candidate) -> ProfileChange {
    ProfileChange::Put { pid, doc: Box::new(ProfileDoc::of(who)) }
}

fn members(model: &Model) -> impl Iterator<Item = Result<(u32, ProfileDoc), SearchError>> {
    model.iter().map(|(pid, who)| Ok((*pid, ProfileDoc::of(who))))
}

fn agree(reader: &ProfilesReader, model: &Model, offers: &[Offer]) {
    let rules = Rulebook::shipped();
    let indexed: Vec<u32> =
        model.iter().filter(|(_, who)| !ProfileDoc::of(who).keys.is_empty()).map(|(pid, _)| *pid).collect();
    assert_eq!(reader.ids(), indexed);
    assert_eq!(usize::try_from(reader.count()).unwrap(), indexed.len());
    let fingerprint = |pid: &u32| (*pid, ProfileDoc::of(&model[pid]).fingerprint());
    assert_eq!(reader.fingerprints().unwrap(), indexed.iter().map(fingerprint).collect::<BTreeMap<_, _>>());
    for offer in offers {
        let ask = Ask::of(&rules, offer, now());
        let mut naive: Vec<Scored> = model
            .iter()
            .filter_map(|(pid, who)| match check(&rules, offer, who, now()) {
                Verdict::Eligible(fit) => Some(Scored { pid: *pid, score: score(offer, who, &fit, now()).total }),
                Verdict::Not(_) => None,
            })
            .collect();
        let mut found = reader.eligible(&ask).unwrap();
        found.sort_unstable();
        assert_eq!(found, naive.iter().map(|s| s.pid).collect::<Vec<_>>(), "{offer:?}");
        assert_eq!(reader.count_eligible(&ask).unwrap(), naive.len());
        naive.sort_by_key(|s| (-s.score, s.pid));
        assert_eq!(reader.best(&ask, 100).unwrap(), naive, "{offer:?}");
        naive.truncate(3);
        assert_eq!(reader.best(&ask, 3).unwrap(), naive);
    }
}

/// Leaves work behind that no commit covers, as a killed process would.
fn crash(mut index: ProfilesIndex) {
    let writer: &mut IndexWriter = index.engine().writer().unwrap();
    writer.delete_all_documents().unwrap();
    writer.add_document(TantivyDocument::default()).unwrap();
    drop(index);
}

fn run(dir: &Path, steps: Vec<Step>, offers: &[Offer]) {
    let (mut index, opened) = ProfilesIndex::open(dir).unwrap();
    assert_eq!(opened, Checkpoint::Rebuild(RebuildReason::Missing));
    index.rebuild(members(&Model::new()), 0).unwrap();
    let (mut model, mut seq) = (Model::new(), 0);
    let mut reader = index.reader();
    for step in steps {
        match step {
            Step::Apply(all) => {
                let mut changes = Vec::new();
                for (pid, who) in all {
                    changes.push(who.as_ref().map_or(ProfileChange::Delete { pid }, |who| put(pid, who)));
                    model.remove(&pid);
                    model.extend(who.map(|who| (pid, who)));
                }
                seq += 10;
                index.apply(&changes, seq).unwrap();
            }
            Step::Revoke(pids) => {
                seq += 10;
                for pid in &pids {
                    reader.revoke(*pid, seq);
                    model.remove(pid);
                }
                for offer in offers {
                    let found = reader.eligible(&Ask::of(&Rulebook::shipped(), offer, now())).unwrap();
                    assert!(found.iter().all(|pid| !pids.contains(pid)));
                }
                let changes: Vec<_> = pids.into_iter().map(|pid| ProfileChange::Delete { pid }).collect();
                index.apply(&changes, seq).unwrap();
            }
            Step::Rebuild => {
                seq += 10;
                index.rebuild(members(&model), seq).unwrap();
            }
            Step::Purge => {
                index.purge().unwrap();
                for pid in 0..30 {
                    let there = model.get(&pid).is_some_and(|who| !ProfileDoc::of(who).keys.is_empty());
                    assert_eq!(reader.holds(pid).unwrap(), there, "{pid}");
                }
            }
            Step::Crash | Step::Restart => {
                if matches!(step, Step::Crash) {
                    crash(index);
                } else {
                    drop(index);
                }
                let (next, opened) = ProfilesIndex::open(dir).unwrap();
                assert_eq!(opened, Checkpoint::Resume(seq));
                index = next;
                reader = index.reader();
            }
        }
        assert_eq!(index.checkpoint(), seq);
        agree(&reader, &model, offers);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_index_says_what_the_check_says_through_updates_crashes_purges_and_rebuilds(
        steps in vec(step(), 1..12),
        offers in vec(offer(), 40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), steps, &offers);
    }
}

/// An opening and a member who fits it.
fn fitting() -> (Ask, Candidate) {
    let mut runner = TestRunner::deterministic();
    loop {
        let who = candidate().new_tree(&mut runner).unwrap().current();
        let offer = offer().new_tree(&mut runner).unwrap().current();
        if check(&Rulebook::shipped(), &offer, &who, now()).is_eligible() {
            return (Ask::of(&Rulebook::shipped(), &offer, now()), who);
        }
    }
}

fn found(reader: &ProfilesReader, ask: &Ask) -> Vec<u32> {
    let mut found = reader.eligible(ask).unwrap();
    found.sort_unstable();
    found
}

fn everyone(pids: impl IntoIterator<Item = u32>, who: &Candidate) -> Vec<Result<(u32, ProfileDoc), SearchError>> {
    pids.into_iter().map(|pid| Ok((pid, ProfileDoc::of(who)))).collect()
}

#[test]
fn more_members_than_a_block_and_than_the_best_are_all_found() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let (ask, who) = fitting();
    index.rebuild(everyone(0..1000, &who), 1).unwrap();
    index.apply(&(1000..1300).map(|pid| put(pid, &who)).collect::<Vec<_>>(), 2).unwrap();
    let reader = index.reader();
    assert_eq!(found(&reader, &ask), (0..1300).collect::<Vec<_>>());
    let best: Vec<u32> = reader.best(&ask, 10).unwrap().into_iter().map(|s| s.pid).collect();
    assert_eq!(best, (0..10).collect::<Vec<_>>());
    assert!(reader.best(&ask, 0).unwrap().is_empty());
}

#[test]
fn a_revoked_member_is_back_once_the_index_knows_better() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let (ask, who) = fitting();
    index.rebuild(everyone([1, 2], &who), 1).unwrap();
    let reader = index.reader();
    reader.revoke(1, 5);
    assert_eq!(found(&reader, &ask), [2]);
    index.apply(&[put(2, &who)], 4).unwrap();
    assert_eq!(found(&reader, &ask), [2]);
    index.apply(&[put(1, &who)], 6).unwrap();
    assert_eq!(found(&reader, &ask), [1, 2]);
}

#[test]
fn an_erased_member_leaves_no_trace_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let (ask, mut who) = fitting();
    index.rebuild(everyone(0..50, &who), 1).unwrap();
    who.standing = MemberStanding::Suspended;
    index.apply(&[put(7, &who), ProfileChange::Delete { pid: 8 }], 2).unwrap();
    let reader = index.reader();
    assert!(reader.holds(7).unwrap() && reader.holds(8).unwrap());
    index.purge().unwrap();
    assert!(!reader.holds(7).unwrap() && !reader.holds(8).unwrap());
    assert_eq!(found(&reader, &ask).len(), 48);
    drop(index);
    let (_index, opened) = ProfilesIndex::open(dir.path()).unwrap();
    assert_eq!(opened, Checkpoint::Resume(2));
}

#[test]
fn replaying_after_a_crash_in_the_middle_of_a_commit_works() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let (ask, who) = fitting();
    index.rebuild(everyone(0..10, &who), 1).unwrap();
    drop(index);
    // The process dies after the delete file is written and before the new state is named: put back the
    // old name file after a whole commit.
    let generation = only_generation(dir.path());
    let before = fs::read(generation.join("meta.json")).unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    index.apply(&[ProfileChange::Delete { pid: 1 }], 2).unwrap();
    drop(index);
    fs::write(generation.join("meta.json"), before).unwrap();

    let (mut index, opened) = ProfilesIndex::open(dir.path()).unwrap();
    assert_eq!(opened, Checkpoint::Resume(1));
    assert_eq!(found(&index.reader(), &ask).len(), 10);
    index.apply(&[ProfileChange::Delete { pid: 1 }], 2).unwrap();
    assert_eq!(found(&index.reader(), &ask), [0, 2, 3, 4, 5, 6, 7, 8, 9]);
}

fn only_generation(dir: &Path) -> std::path::PathBuf {
    let home = dir.join("profiles-v2");
    let name = fs::read_to_string(home.join("current")).unwrap();
    home.join(name)
}

#[test]
fn a_damaged_index_asks_for_a_rebuild_and_works_after_it() {
    let damages: [fn(&Path); 5] = [
        |g| fs::write(g.join("meta.json"), "{").unwrap(),
        |g| fs::remove_file(g.join("meta.json")).unwrap(),
        |g| fs::remove_dir_all(g).unwrap(),
        |g| spoil(g, |bytes| bytes.truncate(bytes.len() / 2)),
        |g| spoil(g, |bytes| bytes[0] ^= 0xff),
    ];
    let (ask, who) = fitting();
    for (n, damage) in damages.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
        index.rebuild(everyone([1], &who), 5).unwrap();
        drop(index);
        damage(&only_generation(dir.path()));
        assert!(matches!(ProfilesReader::open(dir.path()), Err(SearchError::Damaged(_))), "{n}");
        let (mut index, opened) = ProfilesIndex::open(dir.path()).unwrap();
        assert_eq!(opened, Checkpoint::Rebuild(RebuildReason::Damaged), "{n}");
        let reader = index.reader();
        assert_eq!((reader.count(), index.checkpoint()), (0, 0));
        index.rebuild(everyone([1, 2], &who), 6).unwrap();
        assert_eq!(found(&reader, &ask), [1, 2]);
        drop(index);
        let (_index, opened) = ProfilesIndex::open(dir.path()).unwrap();
        assert_eq!(opened, Checkpoint::Resume(6), "{n}");
    }
}

/// Changes the postings on disk.
fn spoil(generation: &Path, change: fn(&mut Vec<u8>)) {
    for entry in fs::read_dir(generation).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "idx") {
            let mut bytes = fs::read(&path).unwrap();
            change(&mut bytes);
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        }
    }
}

#[test]
fn another_version_is_replaced_and_its_folder_goes_after_the_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let old = dir.path().join("profiles-v0");
    let stranger = dir.path().join("profiles-vault");
    fs::create_dir_all(&old).unwrap();
    fs::create_dir_all(&stranger).unwrap();
    let (mut index, opened) = ProfilesIndex::open(dir.path()).unwrap();
    assert_eq!(opened, Checkpoint::Rebuild(RebuildReason::OtherVersion));
    assert!(old.exists());
    index.rebuild(everyone([1], &fitting().1), 1).unwrap();
    assert!(!old.exists() && stranger.exists());
}

#[test]
fn readers_stay_valid_through_faults_and_rebuilds() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let reader = index.reader();
    let (ask, who) = fitting();
    index.rebuild(everyone([1], &who), 1).unwrap();
    index.engine().close_writer();
    let refused = index.apply(&[put(2, &who)], 2);
    assert!(matches!(refused, Err(SearchError::Reopen(_))));
    assert_eq!(found(&reader, &ask), [1]);
    assert_eq!(index.reopen().unwrap(), Checkpoint::Resume(1));
    index.apply(&[put(2, &who)], 2).unwrap();
    assert_eq!(found(&reader, &ask), [1, 2]);

    index.rebuild(everyone(0..20, &who), 3).unwrap();
    assert_eq!(reader.count(), 20);
    assert_eq!(fs::read_dir(dir.path().join("profiles-v2")).unwrap().count(), 2);
}

#[test]
fn one_writer_holds_the_index_and_a_check_may_read_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(ProfilesReader::open(dir.path()), Err(SearchError::Damaged(_))));
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    assert!(matches!(ProfilesIndex::open(dir.path()), Err(SearchError::Locked)));
    let (_, who) = fitting();
    index.rebuild(everyone([5], &who), 4).unwrap();
    let (reader, seq) = ProfilesReader::open(dir.path()).unwrap();
    assert_eq!((reader.ids(), seq), (vec![5], 4));
    let mut terms = Vec::new();
    reader.each_term(&mut |t| terms.push(t.to_owned())).unwrap();
    let mut wanted: Vec<String> = ProfileDoc::of(&who).keys.iter().map(u64::to_string).collect();
    wanted.insert(0, "5".to_owned());
    assert_eq!(terms, wanted);
}
