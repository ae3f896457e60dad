//! The journal of erasures: one JSON object a line in the data folder, outside the database, only ever added to. It
//! holds ids and times.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::{AccountId, MemberId};
use serde::{Deserialize, Serialize};
use store::erasures::Erased;

#[derive(Serialize, Deserialize)]
struct Line {
    account: String,
    member: String,
    at: DateTime<Utc>,
}

impl Line {
    fn erased(self) -> Option<Erased> {
        Some(Erased { account: AccountId::parse(&self.account)?, member: MemberId::parse(&self.member)?, at: self.at })
    }
}

/// The file.
pub(super) struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal of a data folder.
    pub(super) fn of(data_dir: &Path) -> Self {
        Self { path: data_dir.join("erasures.jsonl") }
    }

    /// All it holds. A line that a crash cut off is passed over: its erasure stands in the database.
    pub(super) fn read(&self) -> Result<Vec<Erased>> {
        let text = self.text()?;
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Ok(lines.filter_map(Line::erased).collect())
    }

    fn text(&self) -> Result<String> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error),
        }
    }

    /// Adds those it does not have; when this returns, they are on the disk.
    pub(super) fn add(&self, all: &[Erased]) -> Result<()> {
        let known: HashSet<AccountId> = self.read()?.into_iter().map(|erased| erased.account).collect();
        let mut lines = String::new();
        for erased in all.iter().filter(|erased| !known.contains(&erased.account)) {
            let line = Line { account: erased.account.to_string(), member: erased.member.to_string(), at: erased.at };
            lines.push_str(&serde_json::to_string(&line)?);
            lines.push('\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        if !matches!(self.text()?.chars().next_back(), None | Some('\n')) {
            lines.insert(0, '\n');
        }
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()?;
        // The name of a new file is safe only when its folder is.
        self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_once_for_each_and_survives_a_torn_line() {
        let folder = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        let journal = Journal::of(&folder);
        let erased = |n: u8| Erased {
            account: AccountId::parse(&format!("00000000-0000-4000-8000-0000000000{n:02}")).unwrap(),
            member: MemberId::parse(&format!("00000000-0000-4000-8000-0000000001{n:02}")).unwrap(),
            at: "2026-03-02T18:00:00Z".parse().unwrap(),
        };
        assert_eq!(journal.read().unwrap(), []);
        journal.add(&[erased(1)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(&journal.path).unwrap();
        file.write_all(b"{\"account\":\"0000").unwrap();
        journal.add(&[erased(1), erased(2)]).unwrap();
        assert_eq!(journal.read().unwrap(), [erased(1), erased(2)]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
