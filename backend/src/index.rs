//! This node's search indexes: opened from the data folder, rebuilt when needed, kept up by tailing the change log.

mod document;
mod fill;
mod tail;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use domain::standing::MemberStanding;
use search_index::{
    AlertsIndex, AlertsReader, Checkpoint, OpeningChange, OpeningsIndex, OpeningsReader, ProfilesIndex, ProfilesReader,
};
use store::Db;
use store::members::Member;

pub use fill::Progress;

use crate::error::AppError;

/// The most a restart has to replay because one index was not touched for long.
const REPLAY_AT_MOST: i64 = 10_000;
/// The three indexes.
pub struct Index {
    profiles: ProfilesReader,
    openings: OpeningsReader,
    alerts: AlertsReader,
    /// The place in the change log up to which revocations are known to the readers.
    revoked_to: AtomicI64,
    writers: Mutex<Writers>,
}

struct Writers {
    profiles: ProfilesIndex,
    openings: OpeningsIndex,
    alerts: AlertsIndex,
    /// The place in the change log both have seen. A commit is dear, so an index that a batch does not touch is
    /// not committed for its sake, and what is on disk may lag; a restart replays, which changes nothing.
    reached: i64,
}

impl Writers {
    fn on_disk(&self) -> i64 {
        self.profiles.checkpoint().min(self.openings.checkpoint()).min(self.alerts.checkpoint())
    }

    fn apply(&mut self, batch: &tail::Batch) -> search_index::Result<()> {
        let far = batch.seq - self.on_disk() > REPLAY_AT_MOST;
        if far || !batch.profiles.is_empty() {
            self.profiles.apply(&batch.profiles, batch.seq)?;
        }
        if far || !batch.openings.is_empty() {
            self.openings.apply(&batch.openings, batch.seq)?;
        }
        if far || !batch.alerts.is_empty() {
            self.alerts.apply(&batch.alerts, batch.seq)?;
        }
        if !batch.erased.is_empty() {
            self.profiles.purge()?;
            self.alerts.purge()?;
        }
        Ok(())
    }

    /// Opens both anew after a fault, as they were committed last.
    fn reopen(&mut self, db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
        if let Checkpoint::Rebuild(_) = self.profiles.reopen().map_err(AppError::internal)? {
            fill::profiles(&mut self.profiles, db, &quiet)?;
        }
        if let Checkpoint::Rebuild(_) = self.openings.reopen().map_err(AppError::internal)? {
            fill::openings(&mut self.openings, db, now)?;
        }
        if let Checkpoint::Rebuild(_) = self.alerts.reopen().map_err(AppError::internal)? {
            fill::alerts(&mut self.alerts, db)?;
        }
        self.reached = self.on_disk();
        Ok(())
    }
}

impl Index {
    /// Opens the indexes, and builds anew what is missing, damaged or of another version.
    ///
    /// # Errors
    /// When the folder cannot be used or the database cannot be read.
    pub fn open(dir: &Path, db: &Db, now: DateTime<Utc>) -> Result<Self, AppError> {
        let dir: PathBuf = dir.join("search_index");
        std::fs::create_dir_all(&dir).map_err(AppError::internal)?;
        let (mut profiles, p) = ProfilesIndex::open(&dir)?;
        let (mut openings, o) = OpeningsIndex::open(&dir)?;
        let (mut alerts, a) = AlertsIndex::open(&dir)?;
        // An index that is ahead of its database was made from another one: a backup was put back.
        let last = db.read::<_, AppError>(|conn| Ok(store::changes::last(conn)?))?;
        let anew = |checkpoint: Checkpoint| match checkpoint {
            Checkpoint::Rebuild(_) => true,
            Checkpoint::Resume(seq) => seq > last,
        };
        if anew(p) {
            fill::profiles(&mut profiles, db, &quiet)?;
        }
        if anew(o) {
            fill::openings(&mut openings, db, now)?;
        }
        if anew(a) {
            fill::alerts(&mut alerts, db)?;
        }
        let readers = (profiles.reader(), openings.reader(), alerts.reader());
        let mut writers = Writers { profiles, openings, alerts, reached: 0 };
        writers.reached = writers.on_disk();
        let index = Self {
            profiles: readers.0,
            openings: readers.1,
            alerts: readers.2,
            revoked_to: AtomicI64::new(writers.reached),
            writers: Mutex::new(writers),
        };
        index.finish_erasures(db)?;
        Ok(index)
    }

    /// A process that died between taking somebody out and removing the traces did not finish.
    fn finish_erasures(&self, db: &Db) -> Result<(), AppError> {
        let mut w = self.writers();
        let from = w.reached - REPLAY_AT_MOST;
        for pid in db.read::<_, AppError>(|conn| tail::erased(conn, from))? {
            if self.holds(pid)? {
                w.profiles.purge()?;
                w.alerts.purge()?;
            }
        }
        Ok(())
    }

    /// True when any file of the indexes holds a member's number, be it of a deleted document.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn holds(&self, pid: u32) -> Result<bool, AppError> {
        Ok(self.profiles.holds(pid)? || self.alerts.holds(pid)?)
    }

    /// Builds all of them anew from the database, aside: readers see the old ones until the new are complete.
    ///
    /// # Errors
    /// As `open`.
    pub fn rebuild(&self, db: &Db, now: DateTime<Utc>, progress: Progress<'_>) -> Result<(), AppError> {
        let mut w = self.writers();
        fill::profiles(&mut w.profiles, db, progress)?;
        fill::openings(&mut w.openings, db, now)?;
        fill::alerts(&mut w.alerts, db)?;
        w.reached = w.on_disk();
        Ok(())
    }

    /// The openings index.
    pub const fn openings(&self) -> &OpeningsReader {
        &self.openings
    }

    /// The index of saved alerts.
    pub const fn alerts(&self) -> &AlertsReader {
        &self.alerts
    }

    /// The profiles index.
    pub const fn profiles(&self) -> &ProfilesReader {
        &self.profiles
    }

    /// The place in the change log both indexes have reached.
    pub fn reached(&self) -> i64 {
        self.writers().reached
    }

    /// Tells the readers at once whom a commit has just taken out: a permission switched off, a membership paused or
    /// ended. From then on no answer holds them, though the index itself follows only with its next commit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn hide_revoked(&self, db: &Db) -> Result<(), AppError> {
        let after = self.revoked_to.load(Ordering::Acquire);
        let (revoked, reached) = db.read::<_, AppError>(|conn| tail::revoked(conn, after))?;
        for (pid, seq) in revoked {
            self.profiles.revoke(pid, seq);
        }
        self.revoked_to.fetch_max(reached, Ordering::AcqRel);
        Ok(())
    }

    /// Applies the changes since the checkpoint in one commit; `true` when there were any. What comes in while it
    /// commits makes the next batch. Blocking.
    ///
    /// # Errors
    /// When the index or the database fails; after a fault of the index it is opened again, and the next call
    /// replays from what was committed.
    pub fn catch_up(&self, db: &Db, now: DateTime<Utc>) -> Result<bool, AppError> {
        self.hide_revoked(db)?;
        let mut w = self.writers();
        let from = w.reached;
        let Some(batch) = db.read::<_, AppError>(|conn| tail::next_batch(conn, from, now))? else { return Ok(false) };
        if let Err(error) = w.apply(&batch) {
            w.reopen(db, now)?;
            return Err(AppError::internal(error));
        }
        w.reached = batch.seq;
        for pid in &batch.erased {
            if self.holds(*pid)? {
                return Err(AppError::internal("the files of the index still hold a member who left"));
            }
        }
        Ok(true)
    }

    fn writers(&self) -> MutexGuard<'_, Writers> {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes openings whose time has run out of the index; their rows did not change.
    ///
    /// # Errors
    /// When the index fails.
    pub fn drop_openings(&self, gone: Vec<String>) -> Result<(), AppError> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut w = self.writers();
        let seq = w.openings.checkpoint();
        let changes: Vec<OpeningChange> = gone.into_iter().map(|id| OpeningChange::Delete { id }).collect();
        w.openings.apply(&changes, seq).map_err(AppError::internal)
    }
}

const fn quiet(_done: u64, _all: u64) {}

/// No permission, no key: a member who switched neither alerts nor outreach on cannot be matched for mail, by
/// construction. Such a member still sees what fits, judged when they sign in or save (`match_member`).
#[must_use]
pub fn may_be_matched(member: &Member) -> bool {
    let asked = member.permissions.alerts_email || member.permissions.admin_outreach;
    asked && member.standing == MemberStanding::Active
}

/// Whether the member's alerts may fire.
#[must_use]
pub fn may_be_told(member: &Member) -> bool {
    member.permissions.alerts_email && member.standing == MemberStanding::Active
}
