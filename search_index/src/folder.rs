//! Where an index lives: `<dir>/<name>-v<version>/<generation>/`, with the generation in force named in
//! the file `current`. A rebuild fills a new generation and replaces that file in one rename, so that a
//! crash at any moment leaves the old index or the new one, never a mixture.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Result, SearchError};

/// Names the generation in force.
const POINTER: &str = "current";
const NEXT_POINTER: &str = "current.next";

/// The folder of one index, held by one writer.
pub(crate) struct Folder {
    dir: PathBuf,
    name: &'static str,
    home: PathBuf,
    /// Released by the system when the handle closes, also when the process dies.
    _lock: File,
}

/// The folder of one schema version.
pub(crate) fn home(dir: &Path, name: &str, version: u32) -> PathBuf {
    dir.join(format!("{name}-v{version}"))
}

/// The generation in force, if there is one.
pub(crate) fn current(home: &Path) -> io::Result<Option<PathBuf>> {
    match fs::read_to_string(home.join(POINTER)) {
        Ok(name) if is_generation(&name) => Ok(Some(home.join(name))),
        // A pointer that cannot be read points nowhere; the caller rebuilds.
        Ok(_) => Ok(None),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => Ok(None),
        Err(e) => Err(e),
    }
}

impl Folder {
    /// Makes the folder when it is missing and takes the lock.
    pub(crate) fn claim(dir: &Path, name: &'static str, version: u32) -> Result<Self> {
        let home = home(dir, name, version);
        fs::create_dir_all(&home)?;
        let lock = File::create(dir.join(format!("{name}.lock")))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(SearchError::Locked),
            Err(TryLockError::Error(e)) => return Err(e.into()),
        }
        Ok(Self { dir: dir.to_owned(), name, home, _lock: lock })
    }

    /// The folder of this version.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// Makes an empty folder for a new generation.
    pub(crate) fn fresh(&self) -> Result<PathBuf> {
        let mut newest = 0;
        for entry in fs::read_dir(&self.home)? {
            let number = entry?.file_name().to_str().and_then(generation_number);
            newest = newest.max(number.unwrap_or(0));
        }
        let path = self.home.join(format!("g{}", newest + 1));
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// Puts a generation in force, durably and in one step.
    pub(crate) fn point_to(&self, generation: &Path) -> Result<()> {
        let name = generation.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let next = self.home.join(NEXT_POINTER);
        let mut file = File::create(&next)?;
        file.write_all(name.as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, self.home.join(POINTER))?;
        File::open(&self.home)?.sync_all()?;
        Ok(())
    }

    /// Removes every generation that is not in force.
    pub(crate) fn sweep(&self) -> Result<()> {
        let keep = current(&self.home)?;
        for entry in fs::read_dir(&self.home)? {
            let path = entry?.path();
            let is_old = path.file_name().and_then(|n| n.to_str()).is_some_and(is_generation);
            if is_old && keep.as_ref() != Some(&path) {
                fs::remove_dir_all(&path)?;
            }
        }
        Ok(())
    }

    /// The folders of other schema versions.
    pub(crate) fn other_versions(&self) -> Result<Vec<PathBuf>> {
        let prefix = format!("{}-v", self.name);
        let mut others = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let is_version = path
                .file_name()
                .and_then(|n| n.to_str())
                .and_then(|n| n.strip_prefix(&prefix))
                .is_some_and(|v| v.parse::<u32>().is_ok());
            if is_version && path != self.home {
                others.push(path);
            }
        }
        Ok(others)
    }

    /// Removes the folders of other schema versions.
    pub(crate) fn remove_other_versions(&self) -> Result<()> {
        for path in self.other_versions()? {
            fs::remove_dir_all(path)?;
        }
        Ok(())
    }
}

fn is_generation(name: &str) -> bool {
    generation_number(name).is_some()
}

fn generation_number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix('g')?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // Far below the largest u64, so that one more always fits.
    (all_digits && digits.len() <= 18).then(|| digits.parse().ok()).flatten()
}
