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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use domain::merkle::empty_root;
    use store::ledger::tree::Head;

    use super::*;
    use crate::auth::SigningKey;
    use crate::ledger::{Checkpoint, FORMAT, LedgerFile};

    fn verify(file: &Path, checkpoint: Option<PathBuf>, keys: Option<PathBuf>) -> bool {
        run(&LedgerCommand::Verify { file: file.to_path_buf(), checkpoint, keys }).is_ok()
    }

    #[test]
    fn only_a_sound_file_ends_well() {
        let folder = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let key = SigningKey::new(&[7; 32], "ledger-1").unwrap();
        let head = Head { size: 0, root: empty_root() };
        let now = "2026-03-02T18:00:00Z".parse().unwrap();
        let checkpoint = Checkpoint::sign(&key, "https://a.example", &head, now);
        let older = write("older", &serde_json::to_string(&checkpoint).unwrap());
        let keys = write("keys", &serde_json::to_string(&Jwks { keys: vec![key.public().clone()] }).unwrap());
        let others = write("others", "{\"keys\":[]}");
        let (format, key) = (FORMAT.to_owned(), key.public().clone());
        let file = LedgerFile { format, checkpoint, key, entries: Vec::new(), consistency: Vec::new() };
        let text = file.text().unwrap();
        let sound = write("record", &text);
        assert!(verify(&sound, None, None));
        assert!(verify(&sound, Some(older), Some(keys)));
        assert!(!verify(&sound, None, Some(others.clone())));
        assert!(!verify(&write("changed", &text.replace("a.example", "b.example")), None, None));
        assert!(!verify(&write("wider", &text.replace(": ", ":  ")), None, None));
        assert!(!verify(&write("receipt", "e30.e30.AA"), None, Some(others)));
        assert!(!verify(&folder.join("nothing"), None, None));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
