//! A receipt of an introduction: what the member agreed to, signed.

use domain::merkle::to_hex;
use domain::{IntroductionId, MemberId};
use store::Conn;

use crate::app::App;
use crate::error::AppError;
use crate::ledger::{Company, LedgerPlace, Receipt};

/// The receipt as a compact token. It names the company as it is called now; everything else is as it was agreed.
///
/// # Errors
/// `NotFound` when it is not the member's, or the ledger has no entry for it.
pub fn give_receipt(conn: &mut Conn, app: &App, member: &MemberId, id: &IntroductionId) -> Result<String, AppError> {
    // From the row, also for one just made: times are cut there, and every receipt of it shall be the same.
    let of = store::introductions::find_of_member(conn, member, id)?;
    let (text_version, text_sha256) = store::introductions::agreed_text(conn, &of.id)?;
    let placed = store::ledger::beginning_of(conn, &of.id)?;
    let company = store::companies::find(conn, &of.company)?;
    app.ledger.receipts.sign(&Receipt {
        iss: app.public_url.clone(),
        aud: Receipt::audience(),
        sub: of.id,
        iat: of.created_at.timestamp(),
        opening_id: of.opening,
        opening_revision: of.revision,
        company: Company { slug: company.slug, name: company.name },
        fields: of.fields,
        text_version,
        text_sha256,
        created_at: of.created_at,
        expires_at: of.expires_at,
        ledger: LedgerPlace { leaf: placed.leaf, leaf_hash: to_hex(&placed.leaf_hash()?), entry: placed.entry.id },
    })
}
