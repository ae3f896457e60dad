//! `ledger verify`: looks over a file that a member downloaded. Needs no data folder, no database and no connection.

use std::path::Path;

use crate::auth::Jwks;
use crate::config::LedgerCommand;
use crate::ledger::{Verdict, read_receipt, verify_file};
use crate::server::StartError;

/// Says what was found; every fault on a line of its own.
///
/// # Errors
/// `StartError::Config` when there is any fault, so that the exit code is 1.
pub fn run(command: &LedgerCommand) -> Result<(), StartError> {
    let LedgerCommand::Verify { file, checkpoint, keys } = command;
    let bytes = read(file)?;
    let older = checkpoint.as_deref().map(read).transpose()?;
    let keys = keys.as_deref().map(read).transpose()?;
    let verdict = match receipt_in(&bytes) {
        Some(token) => receipt(token, keys.as_deref()),
        None => verify_file(&bytes, older.as_deref(), keys.as_deref()),
    };
    for line in verdict.faults.iter().chain(&verdict.found) {
        super::say(line);
    }
    match verdict.faults.len() {
        0 => {
            super::say("SOUND: the file is what was signed.");
            Ok(())
        }
        n => Err(StartError::Config(format!("NOT SOUND: faults found: {n}"))),
    }
}

/// A receipt is three parts of base64url; a record is JSON.
fn receipt_in(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (text.matches('.').count() == 2 && text.chars().all(token)).then_some(text)
}

fn receipt(token: &str, keys: Option<&[u8]>) -> Verdict {
    let mut verdict = Verdict::default();
    let Some(keys) = keys else {
        verdict.faults.push(
            "this is a receipt: save the server's /.well-known/jwks.json and name it with --keys to check it"
                .to_owned(),
        );
        return verdict;
    };
    let Ok(keys) = serde_json::from_slice::<Jwks>(keys) else {
        verdict.faults.push("the key set cannot be read".to_owned());
        return verdict;
    };
    let Some(r) = read_receipt(token, &keys) else {
        verdict.faults.push("this receipt was not signed with a key of the set, or was changed".to_owned());
        return verdict;
    };
    let fields: Vec<&str> = r.fields.iter().map(|field| field.label()).collect();
    verdict.found = vec![
        format!("Receipt of introduction {} from {}.", r.sub, r.iss),
        format!(
            "{} may see {} for opening {}, revision {}.",
            r.company.name,
            fields.join(", "),
            r.opening_id,
            r.opening_revision
        ),
        format!(
            "Agreed at {}, until {} at the latest, to the text {} with SHA-256 {}.",
            r.created_at.to_rfc3339(),
            r.expires_at.to_rfc3339(),
            r.text_version,
            r.text_sha256
        ),
        format!("It is leaf {} of the ledger, with the hash {}.", r.ledger.leaf, r.ledger.leaf_hash),
    ];
    verdict
}

fn read(path: &Path) -> Result<Vec<u8>, StartError> {
    std::fs::read(path).map_err(|error| StartError::Config(format!("{} cannot be read: {error}", path.display())))
}
