//! A member has the record compared with what is in force.

use domain::IntroductionId;
use domain::introduction::IntroductionState;
use store::Conn;
use store::introductions::Introduction;
use store::ledger::{Entry, LedgerKind};
use store::members::Member;

use crate::error::AppError;

/// The most entries that are read.
pub const LEDGER_AT_MOST: i64 = 100_000;

/// What a look over a member's whole record found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerReport {
    /// Entries looked at.
    pub entries: usize,
    /// Each thing that does not fit, as a sentence.
    pub faults: Vec<String>,
}

/// Reads the whole record and every introduction, and says where the two differ.
///
/// # Errors
/// Database errors only.
pub fn verify_ledger(conn: &mut Conn, member: &Member) -> Result<LedgerReport, AppError> {
    let mut entries: Vec<Entry> =
        store::ledger::of_member(conn, &member.id, None, LEDGER_AT_MOST)?.into_iter().map(|(_, entry)| entry).collect();
    entries.reverse();
    let introductions = store::introductions::of_member(conn, &member.id)?;
    Ok(LedgerReport { entries: entries.len(), faults: faults(&introductions, &entries) })
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
