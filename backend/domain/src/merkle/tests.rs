//! Against a naive tree written from the words of RFC 6962, and against the vectors of Certificate Transparency.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// The eight leaves of the reference implementation's tests.
const INPUTS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Their roots, by size.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Audit paths of the same tests: leaf, size, path.
const PATHS: [(u64, u64, &[&str]); 4] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
];

/// Consistency proofs of the same tests: older size, newer size, path.
const STEPS: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// MTH of RFC 6962, word for word.
fn naive_root(leaves: &[TreeHash]) -> TreeHash {
    match leaves.len() {
        0 => empty_root(),
        1 => leaves[0],
        n => {
            let k = (1..n).rev().find(|k| k.is_power_of_two()).unwrap();
            node_hash(&naive_root(&leaves[..k]), &naive_root(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962, word for word.
fn naive_path(m: usize, leaves: &[TreeHash]) -> Vec<TreeHash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = (1..leaves.len()).rev().find(|k| k.is_power_of_two()).unwrap();
    let (mut path, sibling) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// SUBPROOF of RFC 6962, word for word.
fn naive_proof(m: usize, leaves: &[TreeHash], whole: bool) -> Vec<TreeHash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = (1..leaves.len()).rev().find(|k| k.is_power_of_two()).unwrap();
    let (mut path, other) = if m <= k {
        (naive_proof(m, &leaves[..k], whole), naive_root(&leaves[k..]))
    } else {
        (naive_proof(m - k, &leaves[k..], false), naive_root(&leaves[..k]))
    };
    path.push(other);
    path
}

/// The kept nodes of a tree, as a database would hold them.
struct Kept {
    leaves: Vec<TreeHash>,
    nodes: HashMap<NodeId, TreeHash>,
}

impl Kept {
    fn of(leaves: Vec<TreeHash>) -> Self {
        let mut nodes = HashMap::new();
        for (position, leaf) in (0..).zip(&leaves) {
            let left: Vec<TreeHash> = left_siblings(position).iter().map(|id| nodes[id]).collect();
            nodes.extend(completed(position, *leaf, &left));
        }
        Self { leaves, nodes }
    }

    fn made(n: u64) -> Self {
        Self::of((0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect())
    }

    fn hash(&self, pieces: &[NodeId]) -> TreeHash {
        join(&pieces.iter().map(|id| self.nodes[id]).collect::<Vec<_>>())
    }

    fn root(&self, size: u64) -> TreeHash {
        self.hash(&root_nodes(size))
    }

    fn inclusion(&self, index: u64, size: u64) -> Vec<TreeHash> {
        inclusion_nodes(index, size).unwrap().iter().map(|p| self.hash(p)).collect()
    }

    fn consistency(&self, old: u64, new: u64) -> Vec<TreeHash> {
        consistency_nodes(old, new).unwrap().iter().map(|p| self.hash(p)).collect()
    }
}

fn hashes(texts: &[&str]) -> Vec<TreeHash> {
    texts.iter().map(|t| from_hex(t).unwrap()).collect()
}

#[test]
fn the_vectors_of_certificate_transparency_hold() {
    let kept = Kept::of(INPUTS.iter().map(|data| leaf_hash(data)).collect());
    let mut growing = Growing::default();
    for (size, root) in (0..).zip(ROOTS) {
        assert_eq!((to_hex(&kept.root(size)), to_hex(&growing.root())), (root.to_owned(), root.to_owned()), "{size}");
        if let Some(leaf) = kept.leaves.get(usize::try_from(size).unwrap()) {
            growing.push(*leaf);
        }
    }
    for (index, size, path) in PATHS {
        assert_eq!(kept.inclusion(index, size), hashes(path), "leaf {index} of {size}");
    }
    for (old, new, path) in STEPS {
        assert_eq!(kept.consistency(old, new), hashes(path), "{old} to {new}");
    }
}

#[test]
fn every_proof_of_small_trees_is_the_naive_one_and_verifies() {
    let kept = Kept::made(40);
    for new in 0..=40_u64 {
        let leaves = &kept.leaves[..usize::try_from(new).unwrap()];
        let root = kept.root(new);
        assert_eq!(root, naive_root(leaves));
        for index in 0..new {
            let path = kept.inclusion(index, new);
            let at = usize::try_from(index).unwrap();
            assert_eq!(path, naive_path(at, leaves));
            assert!(verify_inclusion(&leaves[at], index, new, &path, &root), "{index} of {new}");
        }
        for old in 0..=new {
            let path = kept.consistency(old, new);
            if old > 0 {
                assert_eq!(path, naive_proof(usize::try_from(old).unwrap(), leaves, true));
            }
            assert!(verify_consistency((old, &kept.root(old)), (new, &root), &path), "{old} to {new}");
        }
    }
    assert!(inclusion_nodes(3, 3).is_none() && consistency_nodes(4, 3).is_none());
}

#[test]
fn hex_has_one_spelling() {
    let text = "00ff10abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123";
    assert_eq!(to_hex(&from_hex(text).unwrap()), text);
    for bad in ["", "00", &text.to_uppercase(), &format!("{text}0"), &format!("{text}00"), &text.replace('a', "g")] {
        assert!(from_hex(bad).is_none(), "{bad}");
    }
}

#[test]
fn a_commitment_says_nothing_without_its_salt() {
    assert_ne!(committed_leaf(&[1; 32], b"text"), committed_leaf(&[2; 32], b"text"));
    assert_ne!(committed_leaf(&[1; 32], b"text"), committed_leaf(&[1; 32], b"Text"));
    assert_eq!(committed_leaf(&[0; 32], b""), leaf_hash(&Sha256::digest([0; 32])));
}

proptest! {
    #[test]
    fn proofs_of_any_size_verify_and_of_another_tree_do_not(
        new in 1_u64..1500, at in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(),
        spoilt in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        let kept = Kept::made(new);
        let (root, size) = (kept.root(new), usize::try_from(new).unwrap());
        prop_assert_eq!(root, naive_root(&kept.leaves));
        let (index, old) = (at.index(size), u64::try_from(old.index(size)).unwrap());
        let (leaf, place) = (kept.leaves[index], u64::try_from(index).unwrap());
        let path = kept.inclusion(place, new);
        prop_assert!(verify_inclusion(&leaf, place, new, &path, &root));
        prop_assert!(!verify_inclusion(&leaf, place + 1, new, &path, &root));
        prop_assert!(!verify_inclusion(&leaf, place, new, &[path.clone(), vec![leaf]].concat(), &root));
        let steps = kept.consistency(old, new);
        let older = kept.root(old);
        prop_assert!(verify_consistency((old, &older), (new, &root), &steps));
        prop_assert!(!verify_consistency((old, &older), (new, &root), &[steps.clone(), vec![leaf]].concat()));
        prop_assert!(!verify_consistency((old, &leaf_hash(b"other")), (new, &root), &steps));
        prop_assert!(!verify_consistency((old, &older), (new, &leaf_hash(b"other")), &steps) || old == 0);
        for (proof, check) in [(&path, true), (&steps, false)] {
            if proof.is_empty() {
                continue;
            }
            let mut wrong = proof.clone();
            let one = spoilt.index(wrong.len());
            wrong[one][usize::from(bit)] ^= 1 << bit;
            let fooled = if check {
                verify_inclusion(&leaf, place, new, &wrong, &root)
            } else {
                verify_consistency((old, &older), (new, &root), &wrong)
            };
            prop_assert!(!fooled);
            let shorter = &proof[1..];
            let fooled = if check {
                verify_inclusion(&leaf, place, new, shorter, &root)
            } else {
                verify_consistency((old, &older), (new, &root), shorter)
            };
            prop_assert!(!fooled);
        }
    }

    /// A leaf that is rewritten together with everything above it cannot be hidden from an older root.
    #[test]
    fn a_rewritten_past_is_never_consistent(new in 2_u64..200, old in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let honest = Kept::made(new);
        let old = 1 + old.index(usize::try_from(new).unwrap());
        let changed = at.index(old);
        let old = u64::try_from(old).unwrap();
        let mut leaves = honest.leaves.clone();
        leaves[changed] = leaf_hash(b"rewritten");
        let forged = Kept::of(leaves);
        let path = forged.consistency(old, new);
        prop_assert!(!verify_consistency((old, &honest.root(old)), (new, &forged.root(new)), &path));
    }

    #[test]
    fn growing_completes_the_nodes_a_store_would_keep(n in 0_u64..300) {
        let kept = Kept::made(n);
        let mut growing = Growing::default();
        let made: HashMap<NodeId, TreeHash> = kept.leaves.iter().flat_map(|leaf| growing.push(*leaf)).collect();
        prop_assert_eq!(growing.size(), n);
        prop_assert_eq!(made, kept.nodes.clone());
        prop_assert_eq!(growing.root(), kept.root(n));
    }
}
