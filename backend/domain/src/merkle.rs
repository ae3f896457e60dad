//! The Merkle tree of RFC 6962 (section 2.1): its hashes, which stored nodes a root or a proof is made of, and how
//! proofs are checked.
//!
//! Whoever keeps the hash of every complete subtree can append a leaf and answer a proof from a few dozen of them; the
//! functions that name [`NodeId`]s say which. Nothing here reads or keeps anything.

use sha2::{Digest, Sha256};

#[cfg(test)]
mod tests;

/// A hash of the tree: SHA-256.
pub type TreeHash = [u8; 32];

/// A complete subtree: the `position`th of those with 2^`level` leaves, from the left. Leaves are level 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// How high its root stands above the leaves.
    pub level: u8,
    /// How many subtrees of this height stand left of it.
    pub position: u64,
}

/// The hash of a leaf: SHA-256 of a zero byte and the data.
#[must_use]
pub fn leaf_hash(data: &[u8]) -> TreeHash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of a node: SHA-256 of a one byte and both children.
#[must_use]
pub fn node_hash(left: &TreeHash, right: &TreeHash) -> TreeHash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> TreeHash {
    Sha256::digest([]).into()
}

/// The leaf of a salted commitment: `leaf_hash(SHA-256(salt, text))`. Without the salt it says nothing of the text.
#[must_use]
pub fn committed_leaf(salt: &TreeHash, text: &[u8]) -> TreeHash {
    let commitment: TreeHash = Sha256::new().chain_update(salt).chain_update(text).finalize().into();
    leaf_hash(&commitment)
}

/// The complete subtrees that make up the root of a tree with this many leaves, from the left; join them with
/// [`join`].
#[must_use]
pub fn root_nodes(size: u64) -> Vec<NodeId> {
    pieces(0, size)
}

/// The audit path of a leaf, from the leaf upwards: for each step the complete subtrees whose join is the sibling.
/// `None` when the tree has no such leaf.
#[must_use]
pub fn inclusion_nodes(index: u64, size: u64) -> Option<Vec<Vec<NodeId>>> {
    if index >= size {
        return None;
    }
    let (mut start, mut length) = (0, size);
    let mut path = Vec::new();
    while length > 1 {
        let left = split(length);
        if index - start < left {
            path.push(pieces(start + left, length - left));
            length = left;
        } else {
            path.push(pieces(start, left));
            start += left;
            length -= left;
        }
    }
    path.reverse();
    Some(path)
}

/// The consistency proof between two sizes (RFC 6962, section 2.1.2), in its order; each hash as the complete subtrees
/// it is the join of. Empty when the sizes are equal or the older tree has no leaf; `None` when it is the larger.
#[must_use]
pub fn consistency_nodes(old: u64, new: u64) -> Option<Vec<Vec<NodeId>>> {
    if old > new {
        return None;
    }
    let mut path = Vec::new();
    if old == 0 {
        return Some(path);
    }
    let (mut start, mut within, mut length) = (0, old, new);
    while within < length {
        let left = split(length);
        if within <= left {
            path.push(pieces(start + left, length - left));
            length = left;
        } else {
            path.push(pieces(start, left));
            start += left;
            within -= left;
            length -= left;
        }
    }
    // The older tree itself needs no hash: whoever checks the proof has it.
    if start > 0 {
        path.push(pieces(start, length));
    }
    path.reverse();
    Some(path)
}

/// The hash over adjacent complete subtrees of falling size, as [`root_nodes`] and the proofs name them.
#[must_use]
pub fn join(pieces: &[TreeHash]) -> TreeHash {
    let joined = pieces.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
    joined.unwrap_or_else(empty_root)
}

/// The complete subtrees left of a new leaf with which it completes larger ones, smallest first.
#[must_use]
pub fn left_siblings(position: u64) -> Vec<NodeId> {
    let completed = u8::try_from(position.trailing_ones()).unwrap_or(u8::MAX);
    (0..completed).map(|level| NodeId { level, position: (position >> level) - 1 }).collect()
}

/// The nodes that a new leaf completes, itself first, from the hashes of its [`left_siblings`].
#[must_use]
pub fn completed(position: u64, leaf: TreeHash, left: &[TreeHash]) -> Vec<(NodeId, TreeHash)> {
    let mut all = vec![(NodeId { level: 0, position }, leaf)];
    let mut hash = leaf;
    for (level, left) in (1..).zip(left) {
        hash = node_hash(left, &hash);
        all.push((NodeId { level, position: position >> level }, hash));
    }
    all
}

/// Checks an audit path (RFC 9162, section 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: &TreeHash, index: u64, size: u64, path: &[TreeHash], root: &TreeHash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            let skipped = if node == 0 { 0 } else { node.trailing_zeros() };
            node >>= skipped;
            last >>= skipped;
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks that the tree of the newer root begins with the leaves of the older one (RFC 9162, section 2.1.4.2).
#[must_use]
pub fn verify_consistency(old: (u64, &TreeHash), new: (u64, &TreeHash), path: &[TreeHash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 || old_size >= new_size {
        let same = old_size == new_size && old_root == new_root;
        return path.is_empty() && (same || (old_size == 0 && new_size > 0 && *old_root == empty_root()));
    }
    let mut rest = path.iter();
    // A complete older tree is itself the first node of the proof and is left out of it.
    let first = if old_size.is_power_of_two() { Some(old_root) } else { rest.next() };
    let Some(first) = first else { return false };
    let low = (old_size - 1).trailing_ones();
    let (mut node, mut last) = ((old_size - 1) >> low, (new_size - 1) >> low);
    let (mut older, mut newer) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            older = node_hash(hash, &older);
            newer = node_hash(hash, &newer);
            let skipped = if node == 0 { 0 } else { node.trailing_zeros() };
            node >>= skipped;
            last >>= skipped;
        } else {
            newer = node_hash(&newer, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && older == *old_root && newer == *new_root
}

/// A tree that is read leaf by leaf; it holds one hash for each level.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    size: u64,
    pieces: Vec<TreeHash>,
}

impl Growing {
    /// Adds a leaf and gives the nodes it completes, itself first.
    pub fn push(&mut self, leaf: TreeHash) -> Vec<(NodeId, TreeHash)> {
        let siblings = usize::try_from(self.size.trailing_ones()).unwrap_or(usize::MAX);
        let mut left = self.pieces.split_off(self.pieces.len().saturating_sub(siblings));
        left.reverse();
        let nodes = completed(self.size, leaf, &left);
        self.pieces.extend(nodes.last().map(|(_, hash)| *hash));
        self.size += 1;
        nodes
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        join(&self.pieces)
    }
}

/// A hash or salt as 64 lower-case hex digits.
#[must_use]
pub fn to_hex(hash: &TreeHash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads what [`to_hex`] writes, and nothing else: one value has one spelling.
#[must_use]
pub fn from_hex(text: &str) -> Option<TreeHash> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits: Vec<u8> = text.as_bytes().iter().map(digit).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

/// The largest power of two below a length of at least two.
const fn split(length: u64) -> u64 {
    1 << (u64::BITS - 1 - (length - 1).leading_zeros())
}

/// The complete subtrees that cover `length` leaves from `start` on, where RFC 6962 would split them.
fn pieces(start: u64, length: u64) -> Vec<NodeId> {
    let mut at = start;
    let mut found = Vec::new();
    for level in (0_u8..64).rev() {
        if length >> level & 1 == 1 {
            found.push(NodeId { level, position: at >> level });
            at += 1 << level;
        }
    }
    found
}
