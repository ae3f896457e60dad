//! The master key file: `version:64 hex digits` a line, the newest last, for its owner's eyes alone.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::random;

/// Why the master key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the master key file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Others on this machine can read it.
    #[error("the master key file can be read by others; set its mode to 0600")]
    Exposed,
    /// It does not hold versioned keys.
    #[error("the master key file is damaged: expected lines of the form `1:<64 hex digits>`")]
    Damaged,
    /// The database was sealed already, and the file is gone.
    #[error("the master key file is missing, and this database was sealed with one; bring it back from its copy")]
    Missing,
    /// It is not the file this database was sealed with.
    #[error(
        "this is not the master key file of this database, or it lacks a version; bring the right one back. Nothing was changed"
    )]
    Foreign,
    /// Another rotation runs.
    #[error("another `keys rotate` is at work on this key file")]
    Rotating,
    /// No randomness.
    #[error("the system gave no randomness")]
    Random,
}

/// One version of the key.
pub(super) struct Master {
    pub(super) version: i32,
    pub(super) secret: Zeroizing<[u8; 32]>,
}

/// What tells one state of the file from the next without reading it. A rotation only ever adds a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp(u64, Option<SystemTime>);

impl Stamp {
    pub(super) fn of(path: &Path) -> Result<Self, KeyFileError> {
        let about = std::fs::metadata(path)?;
        Ok(Self(about.len(), about.modified().ok()))
    }
}

/// Reads every version, oldest first.
pub(super) fn read(path: &Path) -> Result<Vec<Master>, KeyFileError> {
    refuse_exposed(path)?;
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    let mut masters: Vec<Master> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (version, hex) = line.split_once(':').ok_or(KeyFileError::Damaged)?;
        let version: i32 = version.parse().map_err(|_| KeyFileError::Damaged)?;
        if masters.iter().any(|m| m.version == version) {
            return Err(KeyFileError::Damaged);
        }
        let secret = Zeroizing::new(unhex(hex).ok_or(KeyFileError::Damaged)?);
        masters.push(Master { version, secret });
    }
    masters.sort_by_key(|m| m.version);
    if masters.is_empty() { Err(KeyFileError::Damaged) } else { Ok(masters) }
}

/// Makes the file with its first version, mode 0600.
pub(super) fn create(path: &Path) -> Result<(), KeyFileError> {
    let head = "# Rosterline master keys. Keep a copy apart from the database; never commit it.\n";
    let text = Zeroizing::new(format!("{head}{}", *line(1)?));
    write_new(path, &text)
}

/// Adds a version, in one rename: a crash leaves the old file or the new one.
pub(super) fn add(path: &Path, version: i32) -> Result<(), KeyFileError> {
    let mut text = Zeroizing::new(std::fs::read_to_string(path)?);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&line(version)?);
    let next = beside(path, "next");
    // What a crash left behind was never in force: only the holder of the lock comes here.
    if let Err(error) = std::fs::remove_file(&next)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(error.into());
    }
    write_new(&next, &text)?;
    std::fs::rename(&next, path)?;
    sync_folder(path)
}

/// Held while a rotation is at work, so that two never add the same version; the system releases it with the process.
pub(super) fn lock(path: &Path) -> Result<File, KeyFileError> {
    let file = File::create(beside(path, "lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(KeyFileError::Rotating),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn line(version: i32) -> Result<Zeroizing<String>, KeyFileError> {
    let bytes = Zeroizing::new(random::<32>().map_err(|_| KeyFileError::Random)?);
    let hex: Zeroizing<String> = Zeroizing::new(bytes.iter().map(|b| format!("{b:02x}")).collect());
    Ok(Zeroizing::new(format!("{version}:{}\n", *hex)))
}

fn write_new(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// The name of a new file is safe only when its folder is.
fn sync_folder(path: &Path) -> Result<(), KeyFileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Exposed) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), KeyFileError> {
    Ok(())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}
