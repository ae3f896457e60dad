//! This node's search indexes: opened from the data folder, rebuilt when needed, kept up by tailing the change log.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::candidate::Offer;
use search_index::{
    Checkpoint, OpeningChange, OpeningDoc, OpeningsIndex, OpeningsReader, ProfileChange, ProfilesIndex, ProfilesReader,
    profile_keys,
};
use store::changes::Changed;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, Db, StoreError};

use crate::error::AppError;

/// How many changes go into one commit.
const BATCH: i64 = 1000;
/// The most a restart has to replay because one index was not touched for long.
const REPLAY_AT_MOST: i64 = 10_000;
/// How many members are read at once in a rebuild.
const PAGE: i64 = 1000;

/// Both indexes.
pub struct Index {
    profiles: ProfilesReader,
    openings: OpeningsReader,
    writers: Mutex<Writers>,
}

struct Writers {
    profiles: ProfilesIndex,
    openings: OpeningsIndex,
    /// The place in the change log both have seen. A commit is dear, so an index that a batch does not touch is
    /// not committed for its sake, and what is on disk may lag; a restart replays, which changes nothing.
    reached: i64,
}

impl Writers {
    fn on_disk(&self) -> i64 {
        self.profiles.checkpoint().min(self.openings.checkpoint())
    }
}

impl Index {
    /// Opens both indexes, and builds anew what is missing, damaged or of another version.
    ///
    /// # Errors
    /// When the folder cannot be used or the database cannot be read.
    pub fn open(dir: &Path, db: &Db, now: DateTime<Utc>) -> Result<Self, AppError> {
        let dir: PathBuf = dir.join("search_index");
        std::fs::create_dir_all(&dir).map_err(AppError::internal)?;
        let (mut profiles, p) = ProfilesIndex::open(&dir).map_err(AppError::internal)?;
        let (mut openings, o) = OpeningsIndex::open(&dir).map_err(AppError::internal)?;
        if matches!(p, Checkpoint::Rebuild(_)) {
            rebuild_profiles(&mut profiles, db)?;
        }
        if matches!(o, Checkpoint::Rebuild(_)) {
            rebuild_openings(&mut openings, db, now)?;
        }
        let (profiles_reader, openings_reader) = (profiles.reader(), openings.reader());
        let reached = profiles.checkpoint().min(openings.checkpoint());
        Ok(Self {
            profiles: profiles_reader,
            openings: openings_reader,
            writers: Mutex::new(Writers { profiles, openings, reached }),
        })
    }

    /// Builds both anew from the database.
    ///
    /// # Errors
    /// As `open`.
    pub fn rebuild(&self, db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
        let mut w = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        rebuild_profiles(&mut w.profiles, db)?;
        rebuild_openings(&mut w.openings, db, now)?;
        w.reached = w.on_disk();
        Ok(())
    }

    /// Members whose keys meet the opening's, by internal number. The index proposes; the check decides.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn candidates(&self, offer: &Offer) -> Result<Vec<i64>, AppError> {
        let numbers = self.profiles.candidates(offer).map_err(AppError::internal)?;
        Ok(numbers.into_iter().filter_map(|n| i64::try_from(n).ok()).collect())
    }

    /// The openings index.
    pub const fn openings(&self) -> &OpeningsReader {
        &self.openings
    }

    /// The profiles index.
    pub const fn profiles(&self) -> &ProfilesReader {
        &self.profiles
    }

    /// The place in the change log both indexes have reached.
    pub fn reached(&self) -> i64 {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner).reached
    }

    /// Applies the changes since the checkpoint; `true` when there were any. Blocking.
    ///
    /// # Errors
    /// When the index or the database fails; after a fault of the index it is opened again, and the next call
    /// replays from what was committed.
    pub fn catch_up(&self, db: &Db, now: DateTime<Utc>) -> Result<bool, AppError> {
        let mut w = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let from = w.reached;
        let Some(batch) = db.read::<_, AppError>(|conn| read_batch(conn, from, now))? else { return Ok(false) };
        let far = batch.seq - w.on_disk() > REPLAY_AT_MOST;
        let mut done = Ok(());
        if far || !batch.profiles.is_empty() {
            done = w.profiles.apply(&batch.profiles, batch.seq);
        }
        if done.is_ok() && (far || !batch.openings.is_empty()) {
            done = w.openings.apply(&batch.openings, batch.seq);
        }
        if let Err(error) = done {
            let reopened = w.profiles.reopen().and_then(|p| w.openings.reopen().map(|o| (p, o)));
            let (p, o) = reopened.map_err(AppError::internal)?;
            if matches!(p, Checkpoint::Rebuild(_)) {
                rebuild_profiles(&mut w.profiles, db)?;
            }
            if matches!(o, Checkpoint::Rebuild(_)) {
                rebuild_openings(&mut w.openings, db, now)?;
            }
            w.reached = w.on_disk();
            return Err(AppError::internal(error));
        }
        w.reached = batch.seq;
        Ok(true)
    }

    /// Takes openings whose time has run out of the index; their rows did not change.
    ///
    /// # Errors
    /// When the index fails.
    pub fn drop_openings(&self, gone: Vec<String>) -> Result<(), AppError> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut w = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = w.openings.checkpoint();
        let changes: Vec<OpeningChange> = gone.into_iter().map(|id| OpeningChange::Delete { id }).collect();
        w.openings.apply(&changes, seq).map_err(AppError::internal)
    }
}

struct Batch {
    seq: i64,
    profiles: Vec<ProfileChange>,
    openings: Vec<OpeningChange>,
}

fn read_batch(conn: &mut Conn, from: i64, now: DateTime<Utc>) -> Result<Option<Batch>, AppError> {
    let changes = store::changes::after(conn, from, BATCH)?;
    let Some(last) = changes.last() else { return Ok(None) };
    let mut batch = Batch { seq: last.seq, profiles: Vec::new(), openings: Vec::new() };
    let mut seen = std::collections::HashSet::new();
    // Only the state now counts, so each thing is read once, however often it changed.
    for change in changes {
        match change.what {
            Changed::Member(id) if seen.insert(id.as_str().to_owned()) => match store::members::find(conn, &id) {
                Ok(member) => batch.profiles.extend(profile_changes(conn, &[member])?),
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            },
            Changed::Opening(id) if seen.insert(id.as_str().to_owned()) => match store::openings::find(conn, &id) {
                Ok(opening) => batch.openings.push(OpeningChange::Put(Box::new(document(&opening, now)))),
                Err(StoreError::NotFound) => batch.openings.push(OpeningChange::Delete { id: id.as_str().to_owned() }),
                Err(error) => return Err(error.into()),
            },
            Changed::MemberGone(number) => {
                batch.profiles.extend(u64::try_from(number).ok().map(|pid| ProfileChange::Delete { pid }));
            }
            Changed::Member(_) | Changed::Opening(_) => {}
        }
    }
    Ok(Some(batch))
}

/// No permission, no key: a member who switched neither alerts nor outreach on cannot be matched for mail, by
/// construction. Such a member still sees what fits, judged when they sign in or save (`match_member`).
fn profile_changes(conn: &mut Conn, members: &[Member]) -> Result<Vec<ProfileChange>, AppError> {
    let candidates = store::profiles::candidates(conn, members)?;
    let keys = |m: &Member, c| {
        if m.permissions.alerts_email || m.permissions.admin_outreach { profile_keys(c) } else { Vec::new() }
    };
    Ok(members
        .iter()
        .zip(&candidates)
        .filter_map(|(m, c)| u64::try_from(m.number).ok().map(|pid| ProfileChange::Put { pid, keys: keys(m, c) }))
        .collect())
}

fn rebuild_profiles(index: &mut ProfilesIndex, db: &Db) -> Result<(), AppError> {
    // The place in the log is read first: what changes meanwhile is applied again afterwards.
    let seq = db.read::<_, AppError>(|conn| Ok(store::changes::last(conn)?))?;
    let mut all = Vec::new();
    let mut number = 0;
    loop {
        let (page, last) = db.read::<_, AppError>(|conn| {
            let members = store::members::after_number(conn, number, PAGE)?;
            let last = members.last().map(|m| m.number);
            Ok((profile_changes(conn, &members)?, last))
        })?;
        all.extend(page.into_iter().filter_map(|change| match change {
            ProfileChange::Put { pid, keys } if !keys.is_empty() => Some((pid, keys)),
            ProfileChange::Put { .. } | ProfileChange::Delete { .. } => None,
        }));
        match last {
            Some(last) => number = last,
            None => break,
        }
    }
    index.rebuild(all, seq).map_err(AppError::internal)
}

fn rebuild_openings(index: &mut OpeningsIndex, db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let (seq, live) = db.read::<_, AppError>(|conn| {
        let seq = store::changes::last(conn)?;
        Ok((seq, store::openings::live(conn, now)?))
    })?;
    index.rebuild(live.iter().map(|o| document(o, now)), seq).map_err(AppError::internal)
}

fn document(opening: &Opening, now: DateTime<Utc>) -> OpeningDoc {
    let terms = &opening.terms;
    let pay_cents = match terms.pay.basis {
        domain::pay::PayBasis::FeeShare => None,
        _ => terms.pay.best(),
    };
    OpeningDoc {
        id: opening.id.as_str().to_owned(),
        title: terms.title.clone(),
        description: terms.description.clone(),
        company_name: opening.company_name.clone(),
        company_slug: opening.company_slug.clone(),
        kind: terms.kind,
        specialties: terms.specialties.clone(),
        markets: terms.markets.clone(),
        remote: terms.remote,
        takes_candidates: terms.certification.takes_candidates,
        pay_cents,
        published_at: opening.published_at.unwrap_or(opening.created_at),
        closes_on: terms.closes_on,
        live: opening.liveness.is_live(now),
    }
}

/// The numbers of those members who belong into the index.
///
/// # Errors
/// Database errors only.
pub fn indexed(conn: &mut Conn, members: &[Member]) -> Result<Vec<u64>, AppError> {
    let changes = profile_changes(conn, members)?;
    Ok(changes
        .into_iter()
        .filter_map(|change| match change {
            ProfileChange::Put { pid, keys } if !keys.is_empty() => Some(pid),
            ProfileChange::Put { .. } | ProfileChange::Delete { .. } => None,
        })
        .collect())
}
