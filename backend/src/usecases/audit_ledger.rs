//! The whole ledger against itself: every entry against its leaf, every leaf against the tree, the tree against the
//! checkpoints that were kept of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::MemberId;
use domain::merkle::{Growing, NodeId, TreeHash};
use store::Conn;
use store::ledger::{Placed, tree};

use crate::app::App;
use crate::error::AppError;

/// How many leaves are looked at at once.
const PAGE: u64 = 500;

/// Looks at everything; each fault is a sentence with the place of a leaf. Other nodes may go on writing meanwhile.
///
/// # Errors
/// Database errors; when the file of checkpoints cannot be read.
pub fn audit_ledger(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let mut audit = Audit::default();
    audit.tree(conn)?;
    audit.erasures(conn)?;
    audit.faults.extend(app.ledger.compare(conn)?);
    Ok(audit.faults)
}

#[derive(Default)]
struct Audit {
    faults: Vec<String>,
    /// Leaves without an entry.
    bare: BTreeMap<u64, TreeHash>,
    /// The last number of each member's entries.
    numbers: HashMap<MemberId, u64>,
}

impl Audit {
    fn tree(&mut self, conn: &mut Conn) -> Result<(), AppError> {
        // Before the size: what is written in between is no fault.
        let nodes = tree::count(conn)?;
        let size = tree::size(conn)?;
        if nodes > (0..u64::BITS).map(|level| size >> level).sum() {
            self.faults.push("the ledger's tree has nodes that belong to no leaf".to_owned());
        }
        let mut growing = Growing::default();
        while growing.size() < size {
            let from = growing.size();
            let leaves = tree::level(conn, 0, from, i64::try_from(PAGE).unwrap_or(i64::MAX))?;
            if leaves.is_empty() {
                break;
            }
            let mut made: BTreeMap<NodeId, TreeHash> = BTreeMap::new();
            for (position, leaf) in &leaves {
                if *position != growing.size() {
                    self.faults.push(format!("leaf {} of the ledger is missing", growing.size()));
                    return Ok(());
                }
                made.extend(growing.push(*leaf));
            }
            let kept = tree::nodes(conn, made.keys().copied().collect())?;
            for (id, _) in made.iter().filter(|(id, hash)| kept.get(id) != Some(hash)) {
                let NodeId { level, position } = id;
                self.faults.push(format!("node {position} of level {level} of the ledger's tree is wrong"));
            }
            self.entries(conn, from, &leaves)?;
        }
        for leaf in store::ledger::leaves(conn, growing.size(), 10)? {
            let place = NodeId { level: 0, position: leaf.position };
            if tree::nodes(conn, BTreeSet::from([place]))?.is_empty() {
                self.faults.push(format!("an entry of the ledger claims leaf {}, which is not there", leaf.position));
            }
        }
        Ok(())
    }

    /// Every entry is the one its leaf commits to, and the next of its member.
    fn entries(&mut self, conn: &mut Conn, from: u64, leaves: &[(u64, TreeHash)]) -> Result<(), AppError> {
        let most = i64::try_from(leaves.len()).unwrap_or(i64::MAX);
        let entries = store::ledger::leaves(conn, from, most)?;
        let mut entries: BTreeMap<u64, Option<Placed>> = entries.into_iter().map(|l| (l.position, l.entry)).collect();
        for (position, hash) in leaves {
            let Some(entry) = entries.remove(position) else {
                self.bare.insert(*position, *hash);
                continue;
            };
            let leaf = entry.as_ref().map(Placed::leaf_hash).transpose()?;
            if leaf != Some(*hash) {
                self.faults.push(format!("the entry of leaf {position} of the ledger was changed"));
            }
            let Some(placed) = entry else { continue };
            let last = self.numbers.insert(placed.entry.member.clone(), placed.number).unwrap_or(0);
            if placed.number != last + 1 {
                self.faults.push(format!("the entry before that of leaf {position} of the ledger is missing"));
            }
        }
        Ok(())
    }

    /// A leaf without an entry is an erasure, or is named by one. Read last, so that whoever leaves meanwhile is in it.
    fn erasures(&mut self, conn: &mut Conn) -> Result<(), AppError> {
        for erasure in store::ledger::erasures(conn)? {
            let leaf = erasure.leaf;
            match self.bare.remove(&leaf) {
                Some(hash) if hash != erasure.leaf_hash()? => {
                    self.faults.push(format!("the erasure of leaf {leaf} of the ledger was changed"));
                }
                _ => {}
            }
            for place in &erasure.erased {
                self.bare.remove(place);
            }
        }
        let missing = self.bare.keys();
        self.faults.extend(missing.map(|place| format!("the entry of leaf {place} of the ledger is missing")));
        Ok(())
    }
}
