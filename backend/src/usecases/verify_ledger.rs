//! A member has the record compared with what is in force, with the tree it is part of, and the tree with what was
//! signed of it.

use domain::IntroductionId;
use domain::introduction::IntroductionState;
use domain::merkle::verify_inclusion;
use store::introductions::Introduction;
use store::ledger::tree::{self, Head};
use store::ledger::{Entry, LedgerKind, Placed};
use store::members::Member;
use store::{Conn, StoreError};

use crate::app::App;
use crate::error::AppError;
use crate::ledger::Checkpoint;

/// The most entries that are read.
pub const LEDGER_AT_MOST: i64 = 100_000;

/// What a look over a member's whole record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReport {
    /// Entries looked at.
    pub entries: usize,
    /// Each thing that does not fit, as a sentence.
    pub faults: Vec<String>,
    /// The tree the entries were looked for in; `None` when it is damaged.
    pub tree: Option<Head>,
    /// The newest checkpoint that is kept.
    pub checkpoint: Option<Checkpoint>,
}

/// Reads the whole record and every introduction, and says where the two differ; then looks for every entry in the
/// tree, and for the newest checkpoint at the tree's beginning.
///
/// # Errors
/// Database errors only.
pub fn verify_ledger(conn: &mut Conn, app: &App, member: &Member) -> Result<LedgerReport, AppError> {
    let checkpoint = app.ledger.last();
    let mut report = LedgerReport { entries: 0, faults: Vec::new(), tree: None, checkpoint };
    if let Some(signed) = &report.checkpoint
        && !app.ledger.agrees(conn, signed)?
    {
        report.faults.push(format!("The ledger does not begin with the {} leaves that were signed.", signed.size));
    }
    let placed = match store::ledger::placed_of_member(conn, &member.id) {
        Err(StoreError::Corrupt(_)) => {
            report.faults.push("An entry of the record cannot be read.".to_owned());
            return Ok(report);
        }
        placed => placed?,
    };
    report.entries = placed.len();
    proofs(conn, &placed, &mut report)?;
    let entries: Vec<Entry> = placed.into_iter().map(|placed| placed.entry).collect();
    let introductions = store::introductions::of_member(conn, &member.id)?;
    report.faults.extend(faults(&introductions, &entries));
    Ok(report)
}

/// Every entry is the next of its member and leads to the root of the tree.
fn proofs(conn: &mut Conn, placed: &[Placed], report: &mut LedgerReport) -> Result<(), AppError> {
    for (number, one) in (1..).zip(placed) {
        if one.number != number {
            report.faults.push(format!("Entry {number} of the record is missing."));
            break;
        }
    }
    // Read after the entries, so that the tree has a leaf for each of them.
    let leaves: Vec<u64> = placed.iter().map(|placed| placed.leaf).collect();
    let head = tree::head(conn);
    let paths = head.and_then(|head| Ok((head, tree::inclusion(conn, &leaves, head.size)?)));
    let (head, paths) = match paths {
        Err(StoreError::Corrupt(_)) => {
            report.faults.push("The tree of the ledger is damaged.".to_owned());
            return Ok(());
        }
        paths => paths?,
    };
    report.tree = Some(head);
    for (one, path) in placed.iter().zip(&paths) {
        if !verify_inclusion(&one.leaf_hash()?, one.leaf, head.size, path, &head.root) {
            report.faults.push(format!("Entry {} of the record was changed.", one.number));
        }
    }
    Ok(())
}

/// Every yes has one entry with the same fields; each taken back or voided one has its end; a look lies between the
/// yes and its end, and shows no field that was not shared; no entry names a yes that is not there.
fn faults(introductions: &[Introduction], oldest_first: &[Entry]) -> Vec<String> {
    let mut faults = Vec::new();
    for of in introductions {
        let its: Vec<&Entry> = oldest_first.iter().filter(|e| e.introduction.as_ref() == Some(&of.id)).collect();
        let begins = its.iter().filter(|e| e.kind == LedgerKind::Introduction).count();
        if begins != 1 || its.first().is_none_or(|e| e.kind != LedgerKind::Introduction || e.fields != of.fields) {
            faults.push(format!("The yes {} does not begin with one entry of its fields.", of.id));
        }
        let end = its.iter().position(|e| is_end(e.kind));
        // A yes that ran out may wait for its entry until the next tidying; the other ends are written at once.
        if end.is_none() && matches!(of.stored_state, IntroductionState::Revoked | IntroductionState::Void) {
            faults.push(format!("The end of the yes {} is not in the record.", of.id));
        }
        let after_end = its.iter().skip(end.map_or(its.len(), |at| at + 1));
        if after_end.count() > 0 {
            faults.push(format!("The yes {} has entries after its end.", of.id));
        }
        if its.iter().any(|e| e.kind == LedgerKind::View && e.fields.iter().any(|f| !of.fields.contains(f))) {
            faults.push(format!("A look under the yes {} shows more than was shared.", of.id));
        }
    }
    let known = |id: &IntroductionId| introductions.iter().any(|i| i.id == *id);
    let strays = oldest_first.iter().filter(|e| e.introduction.as_ref().is_some_and(|id| !known(id))).count();
    if strays > 0 {
        faults.push(format!("{strays} entries name a yes that is not there."));
    }
    faults
}

const fn is_end(kind: LedgerKind) -> bool {
    matches!(kind, LedgerKind::Revocation | LedgerKind::Void | LedgerKind::Expiry)
}

#[cfg(test)]
mod tests {
    use domain::contact::ContactField;
    use domain::introduction::Stage;
    use domain::{CompanyId, LedgerId, MemberId, OpeningId};

    use super::*;

    fn uuid(n: u8) -> String {
        format!("00000000-0000-4000-8000-0000000000{n:02}")
    }

    fn yes(state: IntroductionState) -> Introduction {
        Introduction {
            id: IntroductionId::parse(&uuid(1)).unwrap(),
            member: MemberId::parse(&uuid(2)).unwrap(),
            opening: OpeningId::parse(&uuid(3)).unwrap(),
            revision: 1,
            company: CompanyId::parse(&uuid(4)).unwrap(),
            fields: vec![ContactField::Name, ContactField::Email],
            stored_state: state,
            void_cause: None,
            stage: Stage::New,
            created_at: "2026-11-23T12:00:00Z".parse().unwrap(),
            expires_at: "2026-12-23T12:00:00Z".parse().unwrap(),
        }
    }

    fn entry(kind: LedgerKind, fields: &[ContactField]) -> Entry {
        let of = yes(IntroductionState::Active);
        Entry {
            id: LedgerId::parse(&uuid(5)).unwrap(),
            kind,
            member: of.member,
            introduction: Some(of.id),
            opening: Some(of.opening),
            company: Some(of.company),
            seat: None,
            fields: fields.to_vec(),
            detail: None,
            at: of.created_at,
        }
    }

    #[test]
    fn a_record_is_whole_or_each_gap_is_named() {
        use LedgerKind as K;
        let both = [ContactField::Name, ContactField::Email];
        let (begin, view) = (entry(K::Introduction, &both), entry(K::View, &both));
        let (end, more) = (entry(K::Revocation, &both), entry(K::View, &[ContactField::Phone]));
        let (active, revoked) = (IntroductionState::Active, IntroductionState::Revoked);
        for (state, entries, count) in [
            (active, vec![&begin], 0),
            (active, vec![&begin, &view, &view], 0),
            (revoked, vec![&begin, &view, &end], 0),
            (active, vec![], 1),
            (active, vec![&view, &begin], 1),
            (revoked, vec![&begin, &view], 1),
            (revoked, vec![&begin, &end, &view], 1),
            (active, vec![&begin, &more], 1),
        ] {
            let entries: Vec<Entry> = entries.into_iter().cloned().collect();
            let found = faults(&[yes(state)], &entries);
            assert_eq!(found.len(), count, "{state} {found:?}");
        }
        assert_eq!(faults(&[], &[begin]).len(), 1);
    }
}
