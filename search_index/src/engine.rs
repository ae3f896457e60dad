//! What both indexes share: opening, committing with a checkpoint, reopening and rebuilding.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};

use crate::error::{Result, SearchError};
use crate::folder::{self, Folder};
use crate::lists;
use crate::view::{Segment, Shared};

/// The least a writer takes for each thread; changes come in small batches.
const WRITER_BYTES: usize = 15_000_000;
/// For filling a whole index: fewer, larger segments.
const REBUILD_BYTES: usize = 250_000_000;
/// A segment with more deleted documents than this is merged.
const DELETED_SHARE: f32 = 0.2;

/// Where an index stands when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkpoint {
    /// It holds every change up to this sequence number; replay what came after.
    Resume(i64),
    /// It is empty; call `rebuild`.
    Rebuild(RebuildReason),
}

impl Checkpoint {
    /// The sequence number to replay from; 0 when the index must be rebuilt.
    #[must_use]
    pub const fn change_seq(self) -> i64 {
        match self {
            Self::Resume(seq) => seq,
            Self::Rebuild(_) => 0,
        }
    }
}

/// Why an index must be rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildReason {
    /// There was none, or nothing was ever committed to it.
    Missing,
    /// It was written by another version of the program or of the reference lists.
    OtherVersion,
    /// Its files are damaged.
    Damaged,
}

/// What tells one index from another.
#[derive(Clone)]
pub(crate) struct Layout {
    /// Folder and lock are named after it.
    pub(crate) name: &'static str,
    /// Counts up with every change of the schema, of the keys or of the text analysis.
    pub(crate) version: u32,
    pub(crate) schema: Schema,
    /// Registers tokenizers.
    pub(crate) prepare: fn(&Index),
}

/// Stored in every commit, in one step with the segments.
#[derive(Serialize, Deserialize)]
struct Mark {
    schema_version: u32,
    change_seq: i64,
    /// Fingerprint of the reference lists.
    lists: u64,
}

struct Open {
    writer: IndexWriter,
    reader: IndexReader,
}

/// One index with its writer. Drops in order: the writer with its merges first, the lock last.
pub(crate) struct Engine<S> {
    open: Option<Open>,
    shared: Shared<S>,
    checkpoint: i64,
    layout: Layout,
    folder: Folder,
}

impl<S: Segment> Engine<S> {
    /// Opens the index of this layout below `dir`; what cannot be used is replaced by an empty one and the
    /// checkpoint asks for a rebuild.
    pub(crate) fn open(dir: &Path, layout: Layout) -> Result<(Self, Checkpoint)> {
        let folder = Folder::claim(dir, layout.name, layout.version)?;
        let (open, checkpoint) = begin(&folder, &layout)?;
        let engine = Self {
            shared: Shared::new(&open.reader.searcher())?,
            open: Some(open),
            checkpoint: checkpoint.change_seq(),
            layout,
            folder,
        };
        Ok((engine, checkpoint))
    }

    /// Opens the files anew after a fault; readers handed out before see what is on disk.
    pub(crate) fn reopen(&mut self) -> Result<Checkpoint> {
        self.close();
        let (open, checkpoint) = begin(&self.folder, &self.layout)?;
        self.put_in_force(open, checkpoint.change_seq())?;
        Ok(checkpoint)
    }

    pub(crate) fn shared(&self) -> Shared<S> {
        self.shared.clone()
    }

    /// Sequence number of the last commit; 0 when there was none.
    pub(crate) const fn checkpoint(&self) -> i64 {
        self.checkpoint
    }

    /// Commits the edits with their sequence number and shows them to every reader.
    pub(crate) fn write(&mut self, seq: i64, edit: impl FnOnce(&IndexWriter) -> tantivy::Result<()>) -> Result<()> {
        let mark = self.mark(seq)?;
        let Some(open) = self.open.as_mut() else {
            return Err(SearchError::Reopen("the writer is closed".to_owned()));
        };
        match edit(&open.writer).and_then(|()| commit(open, &mark)).and_then(|searcher| self.shared.put(&searcher)) {
            Ok(()) => {
                self.checkpoint = seq;
                Ok(())
            }
            Err(e) => {
                // After a fault the writer's stamps cannot be trusted, so it is never used again.
                self.close();
                Err(SearchError::Reopen(e.to_string()))
            }
        }
    }

    /// Fills a new generation beside the one in force, then puts it in its place. Until then readers see the
    /// old one; on a fault the old one stays.
    pub(crate) fn rebuild<E: From<SearchError>>(
        &mut self,
        seq: i64,
        fill: impl FnOnce(&IndexWriter) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.folder.sweep()?;
        let path = self.folder.fresh()?;
        let index = create(&path, &self.layout).map_err(SearchError::from)?;
        let writer: IndexWriter = index.writer_with_num_threads(1, REBUILD_BYTES).map_err(SearchError::from)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        fill(&writer)?;
        Ok(self.finish_rebuild(&path, &index, writer, seq)?)
    }

    fn finish_rebuild(&mut self, path: &Path, index: &Index, mut writer: IndexWriter, seq: i64) -> Result<()> {
        seal(&mut writer, &self.mark(seq)?)?;
        // One segment is the quickest to search, and now is the time for it.
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        let open = start(index)?;
        self.folder.point_to(path)?;
        self.close();
        self.put_in_force(open, seq)?;
        // The new index stands whether or not the old files could be removed; opening sweeps again.
        self.folder.sweep().ok();
        self.folder.remove_other_versions().ok();
        Ok(())
    }

    /// Merges until no segment holds a deleted document, and removes the files that did.
    pub(crate) fn purge(&mut self) -> Result<()> {
        let Some(open) = self.open.take() else {
            return Err(SearchError::Reopen("the writer is closed".to_owned()));
        };
        // Everything is committed, so a fault costs nothing but the work: the caller opens the files again.
        let open = purge(open).map_err(|e| SearchError::Reopen(e.to_string()))?;
        self.put_in_force(open, self.checkpoint)
    }

    fn put_in_force(&mut self, open: Open, seq: i64) -> Result<()> {
        self.shared.put(&open.reader.searcher())?;
        self.open = Some(open);
        self.checkpoint = seq;
        Ok(())
    }

    fn mark(&self, seq: i64) -> Result<String> {
        let mark = Mark { schema_version: self.layout.version, change_seq: seq, lists: lists::fingerprint() };
        serde_json::to_string(&mark).map_err(|e| SearchError::Io(e.into()))
    }

    #[cfg(test)]
    pub(crate) fn writer(&mut self) -> Option<&mut IndexWriter> {
        self.open.as_mut().map(|o| &mut o.writer)
    }

    #[cfg(test)]
    pub(crate) fn close_writer(&mut self) {
        self.close();
    }
}

impl<S> Engine<S> {
    /// Ends the writer and its merges: one that went on would change files under whoever opens them next. What it
    /// reports no longer matters, since everything that counts is committed.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.writer.wait_merging_threads().ok();
        }
    }
}

impl<S> Drop for Engine<S> {
    fn drop(&mut self) {
        self.close();
    }
}

/// Opens an index for reading only, while another process may hold the writer; with its sequence number.
pub(crate) fn peek<S: Segment>(dir: &Path, layout: &Layout) -> Result<(Shared<S>, i64)> {
    match find(&folder::home(dir, layout.name, layout.version), layout)? {
        Found::Usable(index, seq) => Ok((Shared::new(&reader(&index)?.searcher())?, seq)),
        Found::Not(reason) => Err(SearchError::Damaged(
            match reason {
                RebuildReason::Missing => "there is no index yet",
                RebuildReason::OtherVersion => "it was written by another version",
                RebuildReason::Damaged => "its files do not check",
            }
            .to_owned(),
        )),
    }
}

enum Found {
    Usable(Index, i64),
    Not(RebuildReason),
}

fn begin(folder: &Folder, layout: &Layout) -> Result<(Open, Checkpoint)> {
    let (index, checkpoint) = match find(folder.home(), layout)? {
        Found::Usable(index, seq) => (index, Checkpoint::Resume(seq)),
        Found::Not(reason) => {
            let is_upgrade = reason == RebuildReason::Missing && !folder.other_versions()?.is_empty();
            let reason = if is_upgrade { RebuildReason::OtherVersion } else { reason };
            let path = folder.fresh()?;
            let index = create(&path, layout)?;
            folder.point_to(&path)?;
            (index, Checkpoint::Rebuild(reason))
        }
    };
    folder.sweep()?;
    Ok((start(&index)?, checkpoint))
}

/// The index in force, if it can be used. Every file's checksum is compared, because damage met later, in
/// the middle of a search, may be a panic.
fn find(home: &Path, layout: &Layout) -> Result<Found> {
    let Some(path) = folder::current(home)? else {
        return Ok(Found::Not(RebuildReason::Missing));
    };
    match inspect(&path, layout).map_err(SearchError::from) {
        Ok(found) => Ok(found),
        Err(SearchError::Damaged(_)) => Ok(Found::Not(RebuildReason::Damaged)),
        Err(e) => Err(e),
    }
}

fn inspect(path: &Path, layout: &Layout) -> tantivy::Result<Found> {
    if !path.is_dir() {
        return Ok(Found::Not(RebuildReason::Damaged));
    }
    let index = Index::open_in_dir(path)?;
    if index.schema() != layout.schema {
        return Ok(Found::Not(RebuildReason::OtherVersion));
    }
    let Some(payload) = index.load_metas()?.payload else {
        return Ok(Found::Not(RebuildReason::Missing));
    };
    let Ok(mark) = serde_json::from_str::<Mark>(&payload) else {
        return Ok(Found::Not(RebuildReason::OtherVersion));
    };
    if mark.schema_version != layout.version || mark.lists != lists::fingerprint() {
        return Ok(Found::Not(RebuildReason::OtherVersion));
    }
    if !index.validate_checksum()?.is_empty() {
        return Ok(Found::Not(RebuildReason::Damaged));
    }
    (layout.prepare)(&index);
    // A missing segment file shows only when the segments are opened.
    reader(&index)?;
    Ok(Found::Usable(index, mark.change_seq))
}

fn create(path: &Path, layout: &Layout) -> tantivy::Result<Index> {
    let index = Index::create_in_dir(path, layout.schema.clone())?;
    (layout.prepare)(&index);
    Ok(index)
}

fn start(index: &Index) -> tantivy::Result<Open> {
    let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
    // A process killed in the middle of a commit leaves files that nothing names. The next writer would use
    // their names again and fail, at every start, so they go before anything is written.
    writer.garbage_collect_files().wait()?;
    writer.set_merge_policy(merge_policy());
    Ok(Open { writer, reader: reader(index)? })
}

fn reader(index: &Index) -> tantivy::Result<IndexReader> {
    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()
}

fn seal(writer: &mut IndexWriter, mark: &str) -> std::result::Result<(), TantivyError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(mark);
    prepared.commit()?;
    Ok(())
}

fn commit(open: &mut Open, mark: &str) -> tantivy::Result<Searcher> {
    seal(&mut open.writer, mark)?;
    open.reader.reload()?;
    Ok(open.reader.searcher())
}

fn purge(open: Open) -> tantivy::Result<Open> {
    let index = open.writer.index().clone();
    // A merge by policy could take a segment away from under this one.
    open.writer.wait_merging_threads()?;
    let mut open = start(&index)?;
    open.writer.set_merge_policy(Box::new(NoMergePolicy));
    for worn in index.searchable_segment_metas()?.iter().filter(|m| m.num_deleted_docs() > 0) {
        open.writer.merge(&[worn.id()]).wait()?;
    }
    open.writer.garbage_collect_files().wait()?;
    open.writer.set_merge_policy(merge_policy());
    open.reader.reload()?;
    Ok(open)
}

fn merge_policy() -> Box<LogMergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
    Box::new(policy)
}
