//! The profiles index: who fits an opening.
//!
//! A document is a number, its eligibility keys, and packed criteria. No name, no text and no id is in it. For
//! what it was told up to its checkpoint its answer is exact: everyone the check finds eligible, and nobody else.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::schema::{Field, NumericOptions, Schema};
use tantivy::{DocId, IndexWriter, TantivyDocument, Term};

use crate::ask::Ask;
use crate::engine::{self, Checkpoint, Engine, Layout};
use crate::error::Result;
use crate::facts::ProfileDoc;
use crate::points::Points;
use crate::profile_segment::{ProfileSegment, Revoked, at, column};
use crate::view::{Part, Shared};

/// A change to the profiles index; `pid` is the caller's internal number of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// The member now looks like this; without any key the member is not in the index.
    Put {
        /// Who.
        pid: u32,
        /// From `ProfileDoc::of`.
        doc: Box<ProfileDoc>,
    },
    /// The member is out.
    Delete {
        /// Who.
        pid: u32,
    },
}

impl ProfileChange {
    const fn pid(&self) -> u32 {
        match self {
            Self::Put { pid, .. } | Self::Delete { pid } => *pid,
        }
    }
}

/// A member with points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// Who.
    pub pid: u32,
    /// As `domain::score` gives them.
    pub score: i32,
}

/// The one writer of the profiles index.
pub struct ProfilesIndex {
    engine: Engine<ProfileSegment>,
    fields: Fields,
    revoked: Arc<RwLock<Revoked>>,
}

/// Reads the profiles index; cheap to clone, and always sees the last commit.
#[derive(Clone)]
pub struct ProfilesReader {
    pub(crate) shared: Shared<ProfileSegment>,
    revoked: Arc<RwLock<Revoked>>,
}

#[derive(Clone, Copy)]
struct Fields {
    pid: Field,
    key: Field,
    pack: Field,
    soft: Field,
    licences: Field,
    certifications: Field,
    languages: Field,
    blocked: Field,
    more: Field,
}

fn layout() -> (Layout, Fields) {
    let mut schema = Schema::builder();
    let fast = || NumericOptions::default().set_fast();
    let fields = Fields {
        pid: schema.add_u64_field(column::PID, fast().set_indexed()),
        key: schema.add_u64_field(column::KEY, NumericOptions::default().set_indexed()),
        pack: schema.add_u64_field(column::PACK, fast()),
        soft: schema.add_u64_field(column::SOFT, fast()),
        licences: schema.add_u64_field(column::LICENCES, fast()),
        certifications: schema.add_u64_field(column::CERTIFICATIONS, fast()),
        languages: schema.add_u64_field(column::LANGUAGES, fast()),
        blocked: schema.add_u64_field(column::BLOCKED, fast()),
        more: schema.add_u64_field(column::MORE, fast()),
    };
    (Layout { name: "profiles", version: 2, schema: schema.build(), prepare: |_| {} }, fields)
}

impl ProfilesIndex {
    /// Opens the index below `dir`, making it when it is missing. The checkpoint says from where to replay,
    /// or that the index is empty and must be rebuilt.
    ///
    /// # Errors
    /// `Locked` when another process holds it; `Io` when the folder cannot be used.
    pub fn open(dir: &Path) -> Result<(Self, Checkpoint)> {
        let (layout, fields) = layout();
        let (engine, checkpoint) = Engine::open(dir, layout)?;
        Ok((Self { engine, fields, revoked: Arc::default() }, checkpoint))
    }

    /// Applies the changes in their order and commits them as everything up to `seq`. Applying the same
    /// changes again does no harm.
    ///
    /// # Errors
    /// `Reopen`: nothing was applied; call `reopen` and replay.
    pub fn apply(&mut self, changes: &[ProfileChange], seq: i64) -> Result<()> {
        let fields = self.fields;
        self.engine.write(seq, |writer| {
            for change in changes {
                writer.delete_term(Term::from_field_u64(fields.pid, u64::from(change.pid())));
                if let ProfileChange::Put { pid, doc } = change {
                    fields.add(writer, *pid, doc)?;
                }
            }
            Ok(())
        })?;
        self.forget_revoked(seq);
        Ok(())
    }

    /// Replaces the whole index by these members, each named once, as the state at `seq`. It is built aside;
    /// readers see the old one until the new one is complete.
    ///
    /// # Errors
    /// The caller's, when a member cannot be read; `Io` or `Tantivy`: the old index stays in force.
    pub fn rebuild<E: From<crate::SearchError>>(
        &mut self,
        members: impl IntoIterator<Item = std::result::Result<(u32, ProfileDoc), E>>,
        seq: i64,
    ) -> std::result::Result<(), E> {
        let fields = self.fields;
        self.engine.rebuild::<E>(seq, |writer| {
            for member in members {
                let (pid, doc) = member?;
                fields.add(writer, pid, &doc).map_err(crate::SearchError::from)?;
            }
            Ok(())
        })?;
        self.forget_revoked(seq);
        Ok(())
    }

    /// Removes every trace of deleted members from the files: merges until no segment holds deleted documents.
    ///
    /// # Errors
    /// `Reopen`: call `reopen` and try again.
    pub fn purge(&mut self) -> Result<()> {
        self.engine.purge()
    }

    /// Opens the files anew after `Reopen`; readers stay valid.
    ///
    /// # Errors
    /// As `open`.
    pub fn reopen(&mut self) -> Result<Checkpoint> {
        self.engine.reopen()
    }

    /// Sequence number of the last commit; 0 when there was none.
    #[must_use]
    pub const fn checkpoint(&self) -> i64 {
        self.engine.checkpoint()
    }

    /// A reader.
    #[must_use]
    pub fn reader(&self) -> ProfilesReader {
        ProfilesReader { shared: self.engine.shared(), revoked: Arc::clone(&self.revoked) }
    }

    /// What the index knows by itself needs no list of its own.
    fn forget_revoked(&self, seq: i64) {
        self.revoked.write().unwrap_or_else(PoisonError::into_inner).retain(|_, said_at| *said_at > seq);
    }

    #[cfg(test)]
    pub(crate) fn engine(&mut self) -> &mut Engine<ProfileSegment> {
        &mut self.engine
    }
}

impl Fields {
    fn add(self, writer: &IndexWriter, pid: u32, profile: &ProfileDoc) -> tantivy::Result<()> {
        if profile.keys.is_empty() {
            return Ok(());
        }
        let mut doc = TantivyDocument::default();
        doc.add_u64(self.pid, u64::from(pid));
        doc.add_u64(self.pack, profile.pack);
        doc.add_u64(self.soft, profile.soft);
        for (field, values) in [
            (self.key, &profile.keys),
            (self.licences, &profile.licences),
            (self.certifications, &profile.certifications),
            (self.languages, &profile.languages),
            (self.blocked, &profile.blocked),
            (self.more, &profile.more),
        ] {
            for value in values {
                doc.add_u64(field, *value);
            }
        }
        writer.add_document(doc).map(|_| ())
    }
}

impl ProfilesReader {
    /// Opens the committed state for reading only, without the lock; for checks beside a running server. It
    /// does not follow later commits. Returns its sequence number too.
    ///
    /// # Errors
    /// `Damaged` when there is no usable index.
    pub fn open(dir: &Path) -> Result<(Self, i64)> {
        let (shared, seq) = engine::peek(dir, &layout().0)?;
        Ok((Self { shared, revoked: Arc::default() }, seq))
    }

    /// Everyone who fits, each once, in no order.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn eligible(&self, ask: &Ask) -> Result<Vec<u32>> {
        let view = self.shared.get();
        let mut all = Vec::with_capacity(view.parts.iter().map(|p| p.at_most(ask)).sum());
        for part in &view.parts {
            self.walk(part, ask, true, |docs, _| part.kept.add_pids(docs, &mut all))?;
        }
        Ok(all)
    }

    /// How many fit.
    ///
    /// # Errors
    /// As `eligible`.
    pub fn count_eligible(&self, ask: &Ask) -> Result<usize> {
        let mut count = 0;
        for part in &self.shared.get().parts {
            self.walk(part, ask, true, |docs, _| count += docs.len())?;
        }
        Ok(count)
    }

    /// The best of those who fit, best first; equal scores by number.
    ///
    /// # Errors
    /// As `eligible`.
    pub fn best(&self, ask: &Ask, most: usize) -> Result<Vec<Scored>> {
        let points = Points::of(ask);
        let view = self.shared.get();
        let at_most: usize = view.parts.iter().map(|p| p.at_most(ask)).sum();
        let keys = Vec::with_capacity(at_most.min(Best::room(most)));
        let mut best = Best { most, keys, worst: u64::MAX };
        for part in &view.parts {
            let segment = &*part.kept;
            let pid = |doc: DocId| segment.pids.get(at(doc)).copied().unwrap_or_default();
            if ask.spots.len() < 2 {
                self.walk(part, ask, true, |docs, spot| {
                    segment.each(docs, |doc, who| best.add(points.total(&who, points.miles(&who, spot)), pid(doc)));
                })?;
                continue;
            }
            // Someone who fits at several places is judged at the nearest, as the check does: remote work is no
            // distance at all, and of equals the first counts.
            let mut found: Vec<(DocId, i64, u16)> = Vec::new();
            self.walk(part, ask, false, |docs, spot| {
                segment.each(docs, |doc, who| found.push((doc, points.miles(&who, spot).unwrap_or(0), spot)));
            })?;
            found.sort_unstable();
            found.dedup_by_key(|(doc, ..)| *doc);
            for (doc, whole, spot) in found {
                let on_site = ask.spots.get(usize::from(spot)).is_some_and(|s| s.market.is_some());
                let miles = on_site.then_some(whole);
                segment.each(&[doc], |doc, who| best.add(points.total(&who, miles), pid(doc)));
            }
        }
        Ok(best.sorted())
    }

    /// Says that a member may not be matched any more, before the index is told so: from now on no answer holds
    /// the member, until a commit reaches that place in the change log.
    pub fn revoke(&self, pid: u32, seq: i64) {
        let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
        let said_at = revoked.entry(pid).or_insert(seq);
        *said_at = seq.max(*said_at);
    }

    fn walk(&self, part: &Part<ProfileSegment>, ask: &Ask, once: bool, visit: impl FnMut(&[DocId], u16)) -> Result<()> {
        let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
        Ok(part.walk(ask, &revoked, once, visit)?)
    }

    /// How many members are in the index.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.count()
    }

    /// How many segments the index has.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.shared.get().parts.len()
    }

    /// Every member in the index, ascending; a number that stands twice is a fault of the caller's rebuild.
    #[must_use]
    pub fn ids(&self) -> Vec<u32> {
        let view = self.shared.get();
        let mut all: Vec<u32> = Vec::new();
        for part in &view.parts {
            let alive = (0..).zip(&part.kept.pids).filter(|(doc, _)| part.is_alive(*doc));
            all.extend(alive.map(|(_, pid)| *pid));
        }
        all.sort_unstable();
        all
    }
}

/// Keeps the best. A key puts the highest score first and the lowest number first among equals.
struct Best {
    most: usize,
    keys: Vec<u64>,
    worst: u64,
}

impl Best {
    #[inline]
    fn add(&mut self, score: i32, pid: u32) {
        let key = u64::from(score.abs_diff(i32::MAX)) << 32 | u64::from(pid);
        if key < self.worst {
            self.keys.push(key);
            if self.keys.len() >= Self::room(self.most) {
                self.trim();
            }
        }
    }

    /// Keys that are gathered before the worst are thrown out.
    fn room(most: usize) -> usize {
        most.saturating_mul(4).clamp(256, 1 << 20)
    }

    fn trim(&mut self) {
        if self.keys.len() > self.most {
            if self.most == 0 {
                self.keys.clear();
                return;
            }
            let (_, worst, _) = self.keys.select_nth_unstable(self.most - 1);
            self.worst = *worst;
            self.keys.truncate(self.most);
        }
    }

    fn sorted(mut self) -> Vec<Scored> {
        self.trim();
        self.keys.sort_unstable();
        let low = |key: u64| u32::try_from(key & 0xffff_ffff).unwrap_or_default();
        let score = |key: u64| i32::MAX.saturating_sub_unsigned(low(key >> 32));
        self.keys.into_iter().map(|key| Scored { pid: low(key), score: score(key) }).collect()
    }
}
