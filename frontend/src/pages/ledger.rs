use serde::Serialize;

use crate::{
    Page,
    view::{Fact, Link, Tag},
};

/// `/ledger`: the record of every introduction, view and revocation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Ledger {
    /// This page of entries, newest first.
    pub rows: Vec<LedgerRow>,
    /// How many entries there are.
    pub total: i64,
    /// The result of verifying the record, for example `ok` "Whole: 14 entries checked".
    pub check: Option<Tag>,
    /// The record as a file with everything that proves it.
    pub proof_href: Option<String>,
    /// The record as a table.
    pub download_href: Option<String>,
    /// What was last signed of the whole ledger, and with which key.
    pub signed: Vec<Fact>,
    /// The next (older) page.
    pub next_href: Option<String>,
}

impl Page for Ledger {
    const TEMPLATE: &'static str = "ledger";

    fn title(&self) -> String {
        "Your ledger".to_owned()
    }
}

/// One entry of the ledger.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LedgerRow {
    /// `introduction`, `view`, `revocation`, `void`, `expiry` or `admin_look`.
    pub kind: String,
    /// Its words.
    pub kind_label: String,
    /// When, for people.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_iso: String,
    /// Who did it.
    pub who: String,
    /// The opening.
    pub opening: Option<Link>,
    /// What was shared or seen; may be empty.
    pub fields: String,
    /// A signed receipt of what was agreed.
    pub receipt_href: Option<String>,
    /// Where a problem with it is reported.
    pub report_href: Option<String>,
}
