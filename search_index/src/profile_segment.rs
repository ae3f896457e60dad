//! What is kept in memory of a segment of the profiles index, and the walk over its lists.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::io;

use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, SegmentReader};

use crate::ask::{Ask, List};
use crate::facts::{Facts, NEVER};
use crate::points::Found;
use crate::postings::{Lists, Mix};
use crate::view::{Part, Segment};

/// Names of the fields.
pub(crate) mod column {
    pub(crate) const PID: &str = "pid";
    pub(crate) const KEY: &str = "key";
    pub(crate) const PACK: &str = "pack";
    pub(crate) const SOFT: &str = "soft";
    pub(crate) const LICENCES: &str = "licences";
    pub(crate) const CERTIFICATIONS: &str = "certifications";
    pub(crate) const LANGUAGES: &str = "languages";
    pub(crate) const BLOCKED: &str = "blocked";
    pub(crate) const MORE: &str = "more";
}

/// Documents in a block of a list.
const BLOCK: usize = 128;

/// Documents of a segment.
pub(crate) type Docs = HashSet<DocId, BuildHasherDefault<Mix>>;

/// Members whose rows say that they may not be matched any more, with the place in the change log that says so.
pub(crate) type Revoked = HashMap<u32, i64>;

/// The columns every search reads are kept whole; those of the rare cases stay in the files.
pub(crate) struct ProfileSegment {
    pub(crate) pids: Vec<u32>,
    pub(crate) pack: Vec<u64>,
    pub(crate) soft: Vec<u64>,
    pub(crate) lists: Lists,
    licences: Column<u64>,
    certifications: Column<u64>,
    languages: Column<u64>,
    pub(crate) blocked: Column<u64>,
    /// Who has blocked a company.
    blockers: HashMap<[u64; 2], Docs>,
    more: Column<u64>,
}

impl Segment for ProfileSegment {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        // A segment in which no member has a value lacks that column altogether.
        let list = |name: &str| -> tantivy::Result<Column<u64>> {
            Ok(fast.column_opt(name)?.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
        };
        let whole = |name: &str| -> tantivy::Result<Vec<u64>> {
            let values = fast.u64(name)?.first_or_default_col(0);
            Ok(values.iter().collect())
        };
        let blocked = list(column::BLOCKED)?;
        let pids = whole(column::PID)?.into_iter().map(|pid| u32::try_from(pid).unwrap_or(u32::MAX)).collect();
        Ok(Self {
            pids,
            pack: whole(column::PACK)?,
            soft: whole(column::SOFT)?,
            lists: Lists::open(segment, segment.schema().get_field(column::KEY)?)?,
            licences: list(column::LICENCES)?,
            certifications: list(column::CERTIFICATIONS)?,
            languages: list(column::LANGUAGES)?,
            blockers: blockers(&blocked, segment.max_doc()),
            blocked,
            more: list(column::MORE)?,
        })
    }
}

impl ProfileSegment {
    /// Adds the numbers of the members behind documents of a block.
    #[expect(clippy::indexing_slicing, reason = "there is a number for every document")]
    #[inline]
    pub(crate) fn add_pids(&self, docs: &[DocId], all: &mut Vec<u32>) {
        all.extend(docs.iter().map(|doc| self.pids[at(*doc)]));
    }

    /// Hands on the documents of a block with what they are scored by.
    #[expect(clippy::indexing_slicing, reason = "there are both numbers for every document")]
    #[inline]
    pub(crate) fn each(&self, docs: &[DocId], mut visit: impl FnMut(DocId, Found<'_>)) {
        // All of them at once, so that the processor waits for many at the same time.
        let mut softs = [0; BLOCK];
        for (soft, doc) in softs.iter_mut().zip(docs) {
            *soft = self.soft[at(*doc)];
        }
        for (doc, soft) in docs.iter().zip(softs) {
            visit(
                *doc,
                Found { pack: self.pack[at(*doc)], soft, facts: DocFacts { segment: self, doc: *doc, blockers: None } },
            );
        }
    }
}

/// Few members have blocked any one company, so its name leads to them at once.
fn blockers(blocked: &Column<u64>, docs: DocId) -> HashMap<[u64; 2], Docs> {
    let mut all: HashMap<[u64; 2], Docs> = HashMap::new();
    for doc in 0..docs {
        let mut halves = blocked.values_for_doc(doc);
        while let Some((high, low)) = halves.next().zip(halves.next()) {
            all.entry([high, low]).or_default().insert(doc);
        }
    }
    all
}

/// One document of a segment.
pub(crate) struct DocFacts<'a> {
    pub(crate) segment: &'a ProfileSegment,
    pub(crate) doc: DocId,
    /// Who has blocked the company that asks, looked up once for the segment.
    pub(crate) blockers: Option<&'a Docs>,
}

impl Facts for DocFacts<'_> {
    fn licences(&self) -> impl Iterator<Item = u64> {
        self.segment.licences.values_for_doc(self.doc)
    }

    fn certifications(&self) -> impl Iterator<Item = u64> {
        self.segment.certifications.values_for_doc(self.doc)
    }

    fn languages(&self) -> impl Iterator<Item = u64> {
        self.segment.languages.values_for_doc(self.doc)
    }

    fn blocks(&self, _: [u64; 2]) -> bool {
        self.blockers.is_some_and(|docs| docs.contains(&self.doc))
    }

    fn more(&self) -> impl Iterator<Item = u64> {
        self.segment.more.values_for_doc(self.doc)
    }
}

/// Reused by every search of a thread.
#[derive(Default)]
struct Scratch {
    /// One bit for each document of the largest segment so far; all clear between searches.
    seen: Vec<u64>,
    touched: Vec<DocId>,
    list: Option<BlockSegmentPostings>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Where a document's value stands in a column.
#[inline]
pub(crate) fn at(doc: DocId) -> usize {
    usize::try_from(doc).unwrap_or(usize::MAX)
}

impl Part<ProfileSegment> {
    /// At most so many members stand in the lists.
    pub(crate) fn at_most(&self, ask: &Ask) -> usize {
        ask.lists().iter().map(|l| at(self.kept.lists.len(l.key))).sum()
    }

    /// Hands on the members of this segment who fit, list by list. With `once` nobody comes twice, even when
    /// they stand in several lists.
    pub(crate) fn walk(
        &self,
        ask: &Ask,
        revoked: &Revoked,
        once: bool,
        mut visit: impl FnMut(&[DocId], u16),
    ) -> io::Result<()> {
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { seen, touched, list: reused } = scratch;
            let once = once && ask.is_overlapping();
            let words = self.kept.pack.len() / 64 + 1;
            if once {
                seen.resize(seen.len().max(words), 0);
            }
            // Afterwards the bits are cleared: one by one when few were set, else all of them, which is quicker.
            let few = once && self.at_most(ask) < words;
            let blockers = ask.rest.company.and_then(|company| self.kept.blockers.get(&company));
            let mut done = Ok(());
            for list in ask.lists() {
                let sift = Sift::of(self, ask, *list, blockers);
                done = self.kept.lists.each_block(list.key, reused, |docs| {
                    let mut found = [0; BLOCK];
                    let mut count = sift.through(docs, &mut found);
                    if self.alive.is_some() || !revoked.is_empty() {
                        count = self.still_there(revoked, &mut found, count);
                    }
                    if once {
                        count = first_time(seen, &mut found, count);
                        if few {
                            touched.extend_from_slice(found.get(..count).unwrap_or_default());
                        }
                    }
                    if count > 0 {
                        visit(found.get(..count).unwrap_or_default(), list.spot);
                    }
                });
                if done.is_err() {
                    break;
                }
            }
            if once && !few {
                seen.iter_mut().take(words).for_each(|word| *word = 0);
            }
            for doc in touched.drain(..) {
                if let Some(word) = seen.get_mut(at(doc) / 64) {
                    *word = 0;
                }
            }
            // It would hold on to the files of a segment that may be gone by the next search.
            *reused = None;
            done
        })
    }

    /// Keeps those who are neither deleted nor revoked; returns how many.
    #[expect(clippy::indexing_slicing, reason = "a block holds no more, and there is a number for every document")]
    fn still_there(&self, revoked: &Revoked, found: &mut [DocId; BLOCK], count: usize) -> usize {
        let mut kept = 0;
        for n in 0..count {
            let doc = found[n];
            found[kept] = doc;
            let is_revoked = !revoked.is_empty() && revoked.contains_key(&self.kept.pids[at(doc)]);
            kept += usize::from(self.is_alive(doc) && !is_revoked);
        }
        kept
    }
}

/// What is left to check of the members of one list, with all that can be worked out before.
struct Sift<'a> {
    segment: &'a ProfileSegment,
    ask: &'a Ask,
    spot: u16,
    blockers: Option<&'a Docs>,
    /// A packed number with a later first expiry, and none of these flags, is sure.
    sure_after: u64,
    look: u64,
}

impl<'a> Sift<'a> {
    fn of(part: &'a Part<ProfileSegment>, ask: &'a Ask, list: List, blockers: Option<&'a Docs>) -> Self {
        let sure_after = if ask.is_implied(list.spot) { ask.rest.sure_after() } else { u64::MAX };
        Self { segment: &part.kept, ask, spot: list.spot, blockers, sure_after, look: ask.rest.look() }
    }

    /// Keeps of a block those who fit; returns how many.
    #[expect(clippy::indexing_slicing, reason = "a list names only documents of its segment, at most a block of them")]
    #[inline]
    fn through(&self, docs: &[DocId], found: &mut [DocId; BLOCK]) -> usize {
        let docs = &docs[..docs.len().min(BLOCK)];
        // All of them at once, so that the processor waits for many at the same time.
        let mut packs = [0; BLOCK];
        for (p, doc) in packs.iter_mut().zip(docs) {
            *p = self.segment.pack[at(*doc)];
        }
        let mut open = [(0, 0); BLOCK];
        let (mut count, mut left) = (0, 0);
        for (doc, p) in docs.iter().zip(packs) {
            let yes = self.ask.rest.admits(p);
            let sure = (p & NEVER > self.sure_after) & (p & self.look == 0);
            found[count] = *doc;
            open[left] = (*doc, p);
            count += usize::from(yes & sure);
            left += usize::from(yes & !sure);
        }
        for (doc, p) in &open[..left] {
            let facts = DocFacts { segment: self.segment, doc: *doc, blockers: self.blockers };
            found[count] = *doc;
            count += usize::from(self.ask.fits(*p, &facts, self.spot));
        }
        count
    }
}

/// Keeps of a block those who were not seen before; returns how many.
#[expect(clippy::indexing_slicing, reason = "there is a bit for every document, and a block holds no more")]
fn first_time(seen: &mut [u64], found: &mut [DocId; BLOCK], count: usize) -> usize {
    let mut kept = 0;
    for n in 0..count {
        let doc = found[n];
        let word = &mut seen[at(doc) / 64];
        let bit = 1 << (doc % 64);
        found[kept] = doc;
        kept += usize::from(*word & bit == 0);
        *word |= bit;
    }
    kept
}
