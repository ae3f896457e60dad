//! What a leaf of the ledger's tree commits to: the words of `docs/LEDGER.md`, which other programs read too.
//!
//! Fields stand in the order of their names, so that the compact JSON text of serde is the canonical one of RFC 8785.

use chrono::{DateTime, Utc};
use domain::contact::ContactField;
use domain::merkle::{TreeHash, committed_leaf};
use domain::{CompanyId, IntroductionId, LedgerId, MemberId, OpeningId, SeatId};
use serde::{Deserialize, Serialize};

use super::{Entry, LedgerKind};
use crate::StoreError;
use crate::time;

/// The version of these words.
pub const VERSION: u8 = 1;

/// An entry as its leaf commits to it. Ids and words only, never a contact value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committed {
    /// When, to the microsecond, for example `2026-03-02T18:00:00.000000Z`.
    pub at: String,
    /// To which company.
    pub company: Option<CompanyId>,
    /// A word more.
    pub detail: Option<String>,
    /// Which fields.
    pub fields: Vec<ContactField>,
    /// The entry's id.
    pub id: LedgerId,
    /// Under which introduction.
    pub introduction: Option<IntroductionId>,
    /// What.
    pub kind: LedgerKind,
    /// Place of the leaf in the tree, from 0.
    pub leaf: u64,
    /// Whose contact.
    pub member: MemberId,
    /// Which of the member's entries it is, from 1 and without a gap.
    pub number: u64,
    /// For which opening.
    pub opening: Option<OpeningId>,
    /// Through which seat.
    pub seat: Option<SeatId>,
    /// `VERSION`.
    pub v: u8,
}

impl Committed {
    /// The entry at its place.
    #[must_use]
    pub fn of(entry: &Entry, leaf: u64, number: u64) -> Self {
        Self {
            at: moment(entry.at),
            company: entry.company.clone(),
            detail: entry.detail.clone(),
            fields: entry.fields.clone(),
            id: entry.id.clone(),
            introduction: entry.introduction.clone(),
            kind: entry.kind,
            leaf,
            member: entry.member.clone(),
            number,
            opening: entry.opening.clone(),
            seat: entry.seat.clone(),
            v: VERSION,
        }
    }

    /// The hash of its leaf.
    ///
    /// # Errors
    /// Never: strings and numbers always have a JSON text.
    pub fn leaf_hash(&self, salt: &TreeHash) -> Result<TreeHash, StoreError> {
        hash(self, salt)
    }
}

/// The leaf that says whose leaves have no entry any more, without saying whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ErasureCommitted<'a> {
    pub at: String,
    pub erased: &'a [u64],
    pub kind: &'static str,
    pub leaf: u64,
    pub v: u8,
}

impl ErasureCommitted<'_> {
    pub fn leaf_hash(&self, salt: &TreeHash) -> Result<TreeHash, StoreError> {
        hash(self, salt)
    }
}

/// A time as a leaf commits to it: what a column keeps.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    time::at(at).format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn hash(words: &impl Serialize, salt: &TreeHash) -> Result<TreeHash, StoreError> {
    let text = serde_json::to_string(words).map_err(|_| StoreError::Corrupt("ledger entry"))?;
    Ok(committed_leaf(salt, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_leaf_do_not_move() {
        let uuid = |n: u8| format!("00000000-0000-4000-8000-0000000000{n:02}");
        let entry = Entry {
            id: LedgerId::parse(&uuid(1)).unwrap(),
            kind: LedgerKind::AdminLook,
            member: MemberId::parse(&uuid(2)).unwrap(),
            introduction: None,
            opening: OpeningId::parse(&uuid(3)),
            company: None,
            seat: None,
            fields: vec![ContactField::Name, ContactField::Email],
            detail: Some("asked \"why\"\n\u{1} é \u{7f}".to_owned()),
            at: "2026-03-02T18:00:00.1234567Z".parse().unwrap(),
        };
        let words = Committed::of(&entry, 17, 3);
        let text = serde_json::to_string(&words).unwrap();
        let want = "{\"at\":\"2026-03-02T18:00:00.123456Z\",\"company\":null,\
            \"detail\":\"asked \\\"why\\\"\\n\\u0001 é \u{7f}\",\"fields\":[\"name\",\"email\"],\
            \"id\":\"00000000-0000-4000-8000-000000000001\",\"introduction\":null,\"kind\":\"admin_look\",\"leaf\":17,\
            \"member\":\"00000000-0000-4000-8000-000000000002\",\"number\":3,\
            \"opening\":\"00000000-0000-4000-8000-000000000003\",\"seat\":null,\"v\":1}";
        assert_eq!(text, want);
        assert_eq!(serde_json::from_str::<Committed>(&text).unwrap(), words);
        let mut keys: Vec<&str> = want.split(",\"").filter_map(|part| part.split("\":").next()).collect();
        keys.retain(|key| key.chars().all(char::is_alphabetic));
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(words.leaf_hash(&[7; 32]).unwrap(), committed_leaf(&[7; 32], want.as_bytes()));
        let erased = ErasureCommitted { at: moment(entry.at), erased: &[4, 9], kind: "erasure", leaf: 18, v: VERSION };
        let want = r#"{"at":"2026-03-02T18:00:00.123456Z","erased":[4,9],"kind":"erasure","leaf":18,"v":1}"#;
        assert_eq!(serde_json::to_string(&erased).unwrap(), want);
    }
}
