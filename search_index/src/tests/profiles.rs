//! The profiles index against a map of keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::candidate::{Candidate, Offer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tantivy::{IndexWriter, TantivyDocument};

use super::world::{candidate, offer};
use crate::keys::{opening_keys, profile_keys};
use crate::{Checkpoint, ProfileChange, ProfilesIndex, ProfilesReader, RebuildReason, SearchError};

/// What the index should hold.
type Model = BTreeMap<u64, Vec<u64>>;

#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<(u64, Option<Candidate>)>),
    /// Work that was never committed, then a restart.
    Crash,
    Restart,
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let change = (0u64..8, proptest::option::weighted(0.8, candidate()));
    prop_oneof![
        5 => vec(change, 1..6).prop_map(Step::Apply),
        1 => select(vec![Step::Crash, Step::Restart, Step::Rebuild]),
    ]
}

fn put(pid: u64, keys: &[u64]) -> ProfileChange {
    ProfileChange::Put { pid, keys: keys.to_vec() }
}

fn agree(reader: &ProfilesReader, model: &Model, offers: &[Offer]) {
    let live: Vec<u64> = model.keys().copied().collect();
    assert_eq!(reader.ids().unwrap(), live);
    assert_eq!(usize::try_from(reader.count()).unwrap(), live.len());
    for offer in offers {
        let wanted = opening_keys(offer);
        let naive: Vec<u64> =
            model.iter().filter(|(_, keys)| keys.iter().any(|k| wanted.contains(k))).map(|(pid, _)| *pid).collect();
        assert_eq!(reader.candidates(offer).unwrap(), naive);
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
    index.rebuild([], 0).unwrap();
    let (mut model, mut seq) = (Model::new(), 0);
    let mut reader = index.reader();
    for step in steps {
        match step {
            Step::Apply(members) => {
                let mut changes = Vec::new();
                for (pid, who) in members {
                    let keys = who.as_ref().map(profile_keys).unwrap_or_default();
                    model.remove(&pid);
                    if !keys.is_empty() {
                        model.insert(pid, keys.clone());
                    }
                    changes.push(match who {
                        Some(_) => put(pid, &keys),
                        None => ProfileChange::Delete { pid },
                    });
                }
                seq += 10;
                index.apply(&changes, seq).unwrap();
            }
            Step::Rebuild => {
                seq += 10;
                index.rebuild(model.clone(), seq).unwrap();
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
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(10) })]

    #[test]
    fn candidates_equal_the_naive_filter_through_updates_crashes_and_rebuilds(
        steps in vec(step(), 1..12),
        offers in vec(offer(), 12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), steps, &offers);
    }
}

#[test]
fn replaying_after_a_crash_in_the_middle_of_a_commit_works() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let members = (0..10).map(|pid| (pid, vec![7]));
    index.rebuild(members, 1).unwrap();
    drop(index);
    // The process dies after the delete file is written and before the new state is named: put back the
    // old name file after a whole commit.
    let generation = only_generation(dir.path());
    let before = fs::read(generation.join("meta.json")).unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    index.apply(&[put(1, &[8])], 2).unwrap();
    drop(index);
    fs::write(generation.join("meta.json"), before).unwrap();

    let (mut index, opened) = ProfilesIndex::open(dir.path()).unwrap();
    assert_eq!(opened, Checkpoint::Resume(1));
    assert_eq!(index.reader().with_any(&[8]).unwrap(), Vec::<u64>::new());
    index.apply(&[put(1, &[8])], 2).unwrap();
    assert_eq!(index.reader().with_any(&[8]).unwrap(), [1]);
    assert_eq!(index.reader().with_any(&[7, 8]).unwrap().len(), 10);
}

fn only_generation(dir: &Path) -> std::path::PathBuf {
    let home = dir.join("profiles-v1");
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
    for (n, damage) in damages.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
        index.rebuild([(1, vec![7])], 5).unwrap();
        drop(index);
        damage(&only_generation(dir.path()));
        assert!(matches!(ProfilesReader::open(dir.path()), Err(SearchError::Damaged(_))), "{n}");
        let (mut index, opened) = ProfilesIndex::open(dir.path()).unwrap();
        assert_eq!(opened, Checkpoint::Rebuild(RebuildReason::Damaged), "{n}");
        let reader = index.reader();
        assert_eq!((reader.count(), index.checkpoint()), (0, 0));
        index.rebuild([(1, vec![7]), (2, vec![7])], 6).unwrap();
        assert_eq!(reader.with_any(&[7]).unwrap(), [1, 2]);
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
    index.rebuild([(1, vec![7])], 1).unwrap();
    assert!(!old.exists() && stranger.exists());
}

#[test]
fn readers_stay_valid_through_faults_and_rebuilds() {
    let dir = tempfile::tempdir().unwrap();
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    let reader = index.reader();
    index.rebuild([(1, vec![7])], 1).unwrap();
    index.engine().close_writer();
    let refused = index.apply(&[put(2, &[7])], 2);
    assert!(matches!(refused, Err(SearchError::Reopen(_))));
    assert_eq!(reader.with_any(&[7]).unwrap(), [1]);
    assert_eq!(index.reopen().unwrap(), Checkpoint::Resume(1));
    index.apply(&[put(2, &[7])], 2).unwrap();
    assert_eq!(reader.with_any(&[7]).unwrap(), [1, 2]);

    let entries = (0..20).map(|pid| (pid, vec![9]));
    index.rebuild(entries, 3).unwrap();
    assert_eq!(reader.count(), 20);
    assert_eq!(fs::read_dir(dir.path().join("profiles-v1")).unwrap().count(), 2);
}

#[test]
fn one_writer_holds_the_index_and_a_check_may_read_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(ProfilesReader::open(dir.path()), Err(SearchError::Damaged(_))));
    let (mut index, _) = ProfilesIndex::open(dir.path()).unwrap();
    assert!(matches!(ProfilesIndex::open(dir.path()), Err(SearchError::Locked)));
    index.rebuild([(5, vec![7])], 4).unwrap();
    let (reader, seq) = ProfilesReader::open(dir.path()).unwrap();
    assert_eq!((reader.ids().unwrap(), seq), (vec![5], 4));
    let mut terms = Vec::new();
    reader.each_term(&mut |t| terms.push(t.to_owned())).unwrap();
    assert_eq!(terms, ["5", "7"]);
}
