//! `leakcheck`: looks for contact values everywhere but in the sealed contacts. Runs beside a server.

use std::path::{Path, PathBuf};

use store::contacts::Canaries;
use store::{StoreError, Zeroizing};

use crate::config::{Config, MailRoute};
use crate::leak::{self, Canary, Findings, Places};
use crate::server::{Ground, StartError};

/// How many contacts are opened at once.
const PAGE: i64 = 500;
/// A value of ours shorter than this is no canary: such letters stand anywhere.
const TELLING: usize = 6;

/// Searches and says what it found: where and whose, never what.
///
/// # Errors
/// `StartError::Config` when anything was found, so that the exit code is 1; what cannot be read.
pub fn leakcheck(config: &Config, canaries: Option<&Path>, also: &[PathBuf]) -> Result<(), StartError> {
    let (found, searched) = find(config, canaries, also)?;
    for line in found.lines() {
        super::say(&line);
    }
    if found.is_empty() {
        super::say(&format!("{searched} values were looked for; none is anywhere but in the sealed contacts."));
        return Ok(());
    }
    Err(StartError::Config(format!("contact values were found in {} places", found.len())))
}

/// The findings, and how many values were looked for. Without a file of canaries the instance's own contacts are.
///
/// Mails that were delivered into a folder are passed over, since an address belongs on them; so is the key file.
///
/// # Errors
/// What cannot be read.
pub fn find(config: &Config, canaries: Option<&Path>, also: &[PathBuf]) -> Result<(Findings, usize), StartError> {
    let ground = Ground::open(config)?;
    let wanted = match canaries {
        Some(file) => given(file)?,
        None => own(&ground)?,
    };
    let mut files = vec![config.data_dir.clone()];
    let database = config.database();
    if let Some(path) = database.strip_prefix("sqlite://").filter(|path| !Path::new(path).starts_with(&config.data_dir))
    {
        files.extend(["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{path}{end}"))));
    }
    files.extend_from_slice(also);
    let mut except = vec![config.key_file()];
    except.extend(canaries.map(Path::to_path_buf));
    if let Ok(MailRoute::Folder(mails)) = MailRoute::parse(config.smtp_url.as_deref()) {
        except.push(mails);
    }
    let index = Some(config.data_dir.join("search_index")).filter(|dir| dir.exists());
    let found = leak::search(&ground.db, &Places { files, except, index }, &wanted)?;
    Ok((found, wanted.len()))
}

/// One value a line; a finding names the line.
fn given(file: &Path) -> Result<Vec<Canary>, StartError> {
    let text = std::fs::read_to_string(file).map(Zeroizing::new);
    let text = text.map_err(|e| StartError::Config(format!("{} cannot be read: {e}", file.display())))?;
    let mut wanted = Vec::new();
    for (number, value) in (1..).zip(text.lines().map(str::trim)).filter(|(_, value)| !value.is_empty()) {
        if value.len() < leak::SHORTEST {
            let least = leak::SHORTEST;
            return Err(StartError::Config(format!("line {number} of the canaries has fewer than {least} bytes")));
        }
        wanted.push(canary(format!("line {number} of the canaries"), Zeroizing::new(value.to_owned())));
    }
    Ok(wanted)
}

fn own(ground: &Ground) -> Result<Vec<Canary>, StartError> {
    let (mut wanted, mut after) = (Vec::new(), String::new());
    loop {
        let page =
            ground.db.read::<_, StoreError>(|conn| store::contacts::canaries(conn, &ground.vault, &after, PAGE))?;
        let Some(last) = page.last() else { return Ok(wanted) };
        after = last.account.to_string();
        for Canaries { account, values } in page {
            // A name of one word may be any word.
            let telling = |value: &Zeroizing<String>| {
                value.len() >= TELLING && value.chars().any(|c| c.is_ascii_digit() || " @/".contains(c))
            };
            let label = format!("account {account}");
            wanted.extend(values.into_iter().filter(telling).map(|value| canary(label.clone(), value)));
        }
    }
}

fn canary(label: String, value: Zeroizing<String>) -> Canary {
    let by_words = value.contains('@') || value.chars().any(|c| c.is_ascii_digit());
    Canary { label, value, by_words }
}
