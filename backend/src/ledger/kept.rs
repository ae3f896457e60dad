//! The file of checkpoints, outside the database: one JSON object a line, only ever added to.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::Checkpoint;
use crate::auth::Jwk;

/// How many of the newest are held in memory.
const HELD: usize = 20;
/// Where to look for them at the end of the file, in bytes; a line has some 300.
const TAIL: u64 = 64 * 1024;

/// The file, and its newest lines.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    length: u64,
    newest: VecDeque<Checkpoint>,
}

impl Kept {
    /// Opens the file in a folder, and makes both. A last line that a crash cut off was never given to anyone and is
    /// taken out.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub fn open(folder: &Path, key: &Jwk) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("checkpoints.jsonl");
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        let size = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let torn = tail.iter().rev().take_while(|byte| **byte != b'\n').count();
        let length = size - u64::try_from(torn).unwrap_or(0);
        if torn > 0 {
            file.set_len(length)?;
        }
        file.sync_all()?;
        // The name of a new file is safe only when its folder is.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        let lines = tail.split(|byte| *byte == b'\n');
        let read = lines.filter_map(|line| serde_json::from_slice::<Checkpoint>(line).ok());
        let mut newest: VecDeque<Checkpoint> = read.filter(|c| c.is_signed_by(key)).collect();
        newest.drain(..newest.len().saturating_sub(HELD));
        Ok(Self { path, length, newest })
    }

    /// Adds a checkpoint; when this returns, it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written; the file is as before then.
    pub fn add(&mut self, checkpoint: &Checkpoint) -> std::io::Result<()> {
        let mut line = serde_json::to_string(checkpoint)?;
        line.push('\n');
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        if let Err(error) = file.write_all(line.as_bytes()).and_then(|()| file.sync_all()) {
            // Half a line would stand in the way of the next one.
            let _ = file.set_len(self.length);
            return Err(error);
        }
        self.length += u64::try_from(line.len()).unwrap_or(0);
        self.newest.push_back(checkpoint.clone());
        while self.newest.len() > HELD {
            self.newest.pop_front();
        }
        Ok(())
    }

    /// The newest one.
    #[must_use]
    pub fn last(&self) -> Option<&Checkpoint> {
        self.newest.back()
    }

    /// The newest ones, oldest first.
    #[must_use]
    pub fn newest(&self) -> Vec<Checkpoint> {
        self.newest.iter().cloned().collect()
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads every line with its number: the checkpoint, or `None` when it is not one that this key signed.
///
/// # Errors
/// When the file cannot be read.
pub fn read_all(path: &Path, key: &Jwk) -> std::io::Result<Vec<(usize, Option<Checkpoint>)>> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(File::open(path)?).split(b'\n')) {
        let read = serde_json::from_slice::<Checkpoint>(&line?).ok();
        found.push((number, read.filter(|checkpoint| checkpoint.is_signed_by(key) && checkpoint.head().is_some())));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use store::ledger::tree::Head;

    use super::*;
    use crate::auth::SigningKey;

    fn checkpoint(key: &SigningKey, size: u64) -> Checkpoint {
        let head = Head { size, root: [u8::try_from(size % 200).unwrap(); 32] };
        Checkpoint::sign(key, "https://a.example", &head, "2026-03-02T18:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_file_grows_survives_a_torn_line_and_tells_a_foreign_one() {
        let folder = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
        let key = SigningKey::new(&[7; 32], "ledger-1").unwrap();
        let mut kept = Kept::open(&folder, key.public()).unwrap();
        assert!(kept.last().is_none());
        for size in 0..300 {
            kept.add(&checkpoint(&key, size)).unwrap();
        }
        let path = kept.path().to_path_buf();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"origin\":\"ht").unwrap();
        let mut kept = Kept::open(&folder, key.public()).unwrap();
        assert_eq!((kept.last().unwrap().size, kept.newest().len()), (299, 20));
        kept.add(&checkpoint(&key, 300)).unwrap();
        let all = read_all(&path, key.public()).unwrap();
        assert_eq!(all.len(), 301);
        assert!((0..).zip(&all).all(|(size, (_, c))| *c == Some(checkpoint(&key, size))));

        let text = std::fs::read_to_string(&path).unwrap().replacen("\"size\":150,", "\"size\":151,", 1);
        std::fs::write(&path, text).unwrap();
        let all = read_all(&path, key.public()).unwrap();
        let foreign: Vec<usize> = all.iter().filter(|(_, c)| c.is_none()).map(|(number, _)| *number).collect();
        assert_eq!(foreign, [151]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
