//! A database that was brought here from somewhere else does not send by itself: the copy of a running instance would
//! mail everybody a second time, and a restored one what was withdrawn since.
//!
//! The database remembers an id of the instance, which also stands in a file of the data folder, and a mark of the place:
//! for SQLite this machine and this very file, for PostgreSQL the cluster and the database. When they differ, only
//! sign-in mail goes out until an admin says that this is where the instance lives now.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use store::{Conn, facts, whereabouts};
use uuid::Uuid;

use crate::config::Config;
use crate::error::AppError;

/// The file of the data folder.
const FILE: &str = "instance";
/// The keys of what the database remembers.
const INSTANCE: &str = "mail_instance";
const PLACE: &str = "mail_place";

/// Where this node uses the database.
#[derive(Debug)]
pub struct Place {
    instance: String,
    /// What the database remembers when it has not moved.
    mark: String,
    file: PathBuf,
    /// The data folder is this instance's.
    mine: AtomicBool,
}

impl Place {
    /// Finds out where we are. A database that has never sent from anywhere sends from here.
    ///
    /// # Errors
    /// Database errors; when the file cannot be read or written.
    pub fn find(conn: &mut Conn, config: &Config) -> Result<Self, AppError> {
        let file = config.data_dir.join(FILE);
        let local = matches!(conn, Conn::Sqlite(_));
        let (known, here) = (facts::remembered(conn, INSTANCE)?, read(&file)?);
        let fresh = known.is_none();
        let instance = known.unwrap_or_else(|| crate::random::id(|id: Uuid| id.to_string()));
        let about = if local { local_mark(config) } else { whereabouts::of_server(conn)? };
        let mark = hex(&[&instance, &about]);
        // Nodes that share a server may come without a file; there the server itself is the place.
        let joins = fresh || (here.is_none() && !local);
        if joins {
            write(&file, &instance)?;
        }
        if fresh {
            facts::remember(conn, INSTANCE, &instance)?;
            facts::remember(conn, PLACE, &mark)?;
        }
        let mine = AtomicBool::new(joins || here.as_ref() == Some(&instance));
        Ok(Self { instance, mark, file, mine })
    }

    /// True when mail may go out from here.
    ///
    /// # Errors
    /// Database errors only.
    pub fn is_armed(&self, conn: &mut Conn) -> Result<bool, AppError> {
        Ok(self.mine.load(Ordering::Acquire) && facts::remembered(conn, PLACE)?.is_some_and(|known| known == self.mark))
    }

    /// Says that the instance lives here now.
    ///
    /// # Errors
    /// Database errors; when the file cannot be written.
    pub fn arm(&self, conn: &mut Conn) -> Result<(), AppError> {
        facts::remember(conn, PLACE, &self.mark)?;
        write(&self.file, &self.instance)?;
        self.mine.store(true, Ordering::Release);
        Ok(())
    }
}

/// This machine, and this very file: a copy of it is another one.
fn local_mark(config: &Config) -> String {
    let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let url = config.database();
    let file = fs::metadata(url.strip_prefix("sqlite://").unwrap_or(&url)).ok();
    #[cfg(unix)]
    let file = file.map(|about| std::os::unix::fs::MetadataExt::ino(&about).to_string());
    #[cfg(not(unix))]
    let file = file.and_then(|about| about.created().ok()).map(|at| format!("{at:?}"));
    format!("{}|{}", machine.trim(), file.unwrap_or_default())
}

fn hex(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update(b"|");
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn read(file: &Path) -> Result<Option<String>, AppError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err(AppError::internal("the file `instance` of the data folder cannot be read")),
    }
}

fn write(file: &Path, instance: &str) -> Result<(), AppError> {
    fs::write(file, format!("{instance}\n"))
        .map_err(|_| AppError::internal("the file `instance` of the data folder cannot be written"))
}
