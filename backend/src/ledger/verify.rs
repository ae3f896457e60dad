//! Checking a member's file without this server: hashes, proofs, the signature, and what an older file said.

use domain::merkle::{TreeHash, from_hex, to_hex, verify_consistency, verify_inclusion};
use store::ledger::VERSION;

use super::file::FORMAT;
use super::{Checkpoint, LedgerFile, OlderTree, ProvenEntry};
use crate::auth::Jwks;

/// What looking over a file came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Each thing that does not fit, as a sentence; none means the file is sound.
    pub faults: Vec<String>,
    /// What was found sound, as sentences.
    pub found: Vec<String>,
}

impl Verdict {
    /// True when nothing was found wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn must(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }
}

/// Looks over a file; with an older file or checkpoint, whether this one goes on from it; with a key set, whether the
/// key is one of it.
#[must_use]
pub fn verify_file(file: &[u8], older: Option<&[u8]>, keys: Option<&[u8]>) -> Verdict {
    let mut verdict = Verdict::default();
    let Some(file) = read(file, "the file", &mut verdict) else { return verdict };
    signed(&file, &mut verdict);
    entries(&file, &mut verdict);
    consistency(&file, &mut verdict);
    match older.map(Older::read) {
        Some(Some(older)) => goes_on(&file, &older, &mut verdict),
        Some(None) => verdict.faults.push("the older file is neither a record nor a checkpoint".to_owned()),
        None => {}
    }
    if let Some(keys) = keys {
        let keys: Option<Jwks> = serde_json::from_slice(keys).ok();
        let known = keys.is_some_and(|set| set.keys.contains(&file.key));
        verdict.must(known, || "the key of the file is not in the key set".to_owned());
    }
    if verdict.is_sound() {
        summary(&file, &mut verdict);
    }
    verdict
}

/// Reads a file that stands as this server writes it. A changed space or the order of two fields would change no hash,
/// so the text as a whole is compared.
fn read(bytes: &[u8], what: &str, verdict: &mut Verdict) -> Option<LedgerFile> {
    match serde_json::from_slice::<LedgerFile>(bytes) {
        Ok(file) => {
            let same = file.text().is_ok_and(|text| text.as_bytes() == bytes);
            verdict.must(same, || format!("{what} is not written as a server writes it: something was changed"));
            Some(file)
        }
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            verdict.faults.push(format!("{what} is not a record of the ledger ({place})"));
            None
        }
    }
}

fn signed(file: &LedgerFile, verdict: &mut Verdict) {
    verdict.must(file.format == FORMAT, || format!("the format is not {FORMAT}"));
    verdict.must(file.key.public().is_some(), || "the key is not an Ed25519 key for signatures".to_owned());
    let signed = file.checkpoint.is_signed_by(&file.key);
    verdict.must(signed, || "the signature is not one over this checkpoint with this key".to_owned());
    verdict.must(file.checkpoint.head().is_some(), || "the root of the checkpoint is not a hash".to_owned());
}

/// Every entry leads to the root, they are one member's, and none is left out.
fn entries(file: &LedgerFile, verdict: &mut Verdict) {
    for (number, proven) in (1..).zip(&file.entries) {
        let entry = &proven.entry;
        verdict.must(entry.number == number, || {
            format!("entry {number} of the member is missing; the next one is {}", entry.number)
        });
        verdict.must(entry.v == VERSION, || format!("entry {number} is of another version"));
        let one_member = file.entries.first().is_some_and(|first| first.entry.member == entry.member);
        verdict.must(one_member, || format!("entry {number} is another member's"));
        verdict.must(leads_to_root(proven, &file.checkpoint), || {
            format!("entry {number} ({} at {}) is not in the signed tree", entry.kind.as_str(), entry.at)
        });
    }
    let ordered = file.entries.is_sorted_by(|a, b| a.entry.leaf < b.entry.leaf);
    verdict.must(ordered, || "the entries do not stand in the order of their leaves".to_owned());
}

fn leads_to_root(proven: &ProvenEntry, checkpoint: &Checkpoint) -> bool {
    let (Some(salt), Some(head), Some(path)) = (from_hex(&proven.salt), checkpoint.head(), hashes(&proven.path)) else {
        return false;
    };
    let Ok(leaf) = proven.entry.leaf_hash(&salt) else { return false };
    to_hex(&leaf) == proven.leaf_hash && verify_inclusion(&leaf, proven.entry.leaf, head.size, &path, &head.root)
}

fn consistency(file: &LedgerFile, verdict: &mut Verdict) {
    for older in &file.consistency {
        verdict.must(leads_here(older, &file.checkpoint), || {
            format!("the tree is not shown to go on from the one of {} leaves", older.size)
        });
    }
}

fn leads_here(older: &OlderTree, checkpoint: &Checkpoint) -> bool {
    let (Some(head), Some(root), Some(path)) = (checkpoint.head(), from_hex(&older.root), hashes(&older.path)) else {
        return false;
    };
    verify_consistency((older.size, &root), (head.size, &head.root), &path)
}

/// What a member kept from before.
struct Older {
    checkpoint: Checkpoint,
    file: Option<(LedgerFile, Vec<u8>)>,
}

impl Older {
    fn read(bytes: &[u8]) -> Option<Self> {
        if let Ok(file) = serde_json::from_slice::<LedgerFile>(bytes) {
            return Some(Self { checkpoint: file.checkpoint.clone(), file: Some((file, bytes.to_vec())) });
        }
        let checkpoint = serde_json::from_slice(bytes).ok()?;
        Some(Self { checkpoint, file: None })
    }
}

/// Nothing that was signed before is missing or different now.
fn goes_on(file: &LedgerFile, older: &Older, verdict: &mut Verdict) {
    let (now, then) = (&file.checkpoint, &older.checkpoint);
    let signed = then.is_signed_by(&file.key);
    verdict.must(signed, || "the older checkpoint is not signed with the key of this file".to_owned());
    if then.size > now.size {
        verdict.faults.push(format!("the tree shrank from {} to {} leaves", then.size, now.size));
    } else if then.size == now.size {
        verdict.must(then.root == now.root, || "two trees of this size were signed with different roots".to_owned());
    } else {
        let proofs: Vec<&OlderTree> = file.consistency.iter().filter(|proof| proof.size == then.size).collect();
        verdict.must(!proofs.is_empty(), || {
            let size = then.size;
            format!("the file holds no proof from {size} leaves; download it again with ?since={size}")
        });
        verdict.must(proofs.iter().all(|proof| proof.root == then.root), || {
            format!("the first {} leaves are not those that were signed at {}", then.size, then.at)
        });
    }
    let Some((earlier, bytes)) = &older.file else { return };
    let mut of_older = Verdict::default();
    if read(bytes, "the older file", &mut of_older).is_some() {
        signed_and_whole(earlier, &mut of_older);
    }
    verdict.faults.extend(of_older.faults);
    for (number, before) in (1..).zip(&earlier.entries) {
        let kept = file.entries.iter().find(|now| now.entry.number == number);
        verdict.must(kept.is_some_and(|now| now.entry == before.entry && now.salt == before.salt), || {
            let entry = &before.entry;
            format!("entry {number} of the older file ({} at {}) is gone or changed", entry.kind.as_str(), entry.at)
        });
    }
}

fn signed_and_whole(earlier: &LedgerFile, verdict: &mut Verdict) {
    let mut of_older = Verdict::default();
    signed(earlier, &mut of_older);
    entries(earlier, &mut of_older);
    consistency(earlier, &mut of_older);
    verdict.faults.extend(of_older.faults.into_iter().map(|fault| format!("in the older file, {fault}")));
}

fn summary(file: &LedgerFile, verdict: &mut Verdict) {
    let Checkpoint { origin, size, at, .. } = &file.checkpoint;
    let count = match file.entries.len() {
        1 => "1 entry is".to_owned(),
        n => format!("{n} entries are"),
    };
    verdict.found.push(format!("{count} in the ledger of {origin} as it stood at {at}, with {size} leaves."));
    verdict.found.push(format!("It was signed with the key whose thumbprint is {}.", file.key.thumbprint()));
    let sizes: Vec<String> = file.consistency.iter().map(|older| older.size.to_string()).collect();
    if !sizes.is_empty() {
        verdict.found.push(format!("It goes on from the trees of these sizes: {}.", sizes.join(", ")));
    }
}

fn hashes(texts: &[String]) -> Option<Vec<TreeHash>> {
    texts.iter().map(|text| from_hex(text)).collect()
}
