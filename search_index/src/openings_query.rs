//! Searching openings: text, filters, facets, sorts and pages.

use std::cmp::Reverse;
use std::path::Path;

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, Score, Searcher};

use crate::cursor::{Place, Position};
use crate::engine;
use crate::error::Result;
use crate::facets::{Facets, Tally};
use crate::openings_schema::{Fields, layout};
use crate::rows::{Columns, Row};
use crate::text;
use crate::view::{Part, Shared};

/// The order of a list; ties go to the newest, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best text match first; without text the same as `Newest`.
    #[default]
    Best,
    /// Last published first.
    Newest,
    /// Highest stated pay first, those without last.
    Pay,
    /// First to close first.
    Closing,
}

impl Sort {
    /// Every sort.
    pub const ALL: &'static [Self] = &[Self::Best, Self::Newest, Self::Pay, Self::Closing];

    /// Its one spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Newest => "newest",
            Self::Pay => "pay",
            Self::Closing => "closing",
        }
    }

    /// Reads the spelling.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == word)
    }
}

/// What to look for; an absent part does not restrict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningQuery {
    /// Free text: every word must be found. Blank is absent; text without any word finds nothing.
    pub text: Option<String>,
    /// One of these kinds; empty means any.
    pub kinds: Vec<Kind>,
    /// An opening that names no specialty passes too.
    pub specialty: Option<Specialty>,
    /// One of the opening's markets.
    pub market: Option<Market>,
    /// The state of one of its markets.
    pub state: Option<State>,
    /// Can, or cannot, be done remotely.
    pub remote: Option<bool>,
    /// Stated pay of at least this many cents.
    pub min_pay_cents: Option<i64>,
    /// Takes, or does not take, physicians on the way.
    pub takes_candidates: Option<bool>,
    /// Order.
    pub sort: Sort,
    /// Most items on a page; 0 for totals and facets alone.
    pub limit: usize,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Default for OpeningQuery {
    /// The first 20 of everything.
    fn default() -> Self {
        Self {
            text: None,
            kinds: Vec::new(),
            specialty: None,
            market: None,
            state: None,
            remote: None,
            min_pay_cents: None,
            takes_candidates: None,
            sort: Sort::Best,
            limit: 20,
            cursor: None,
        }
    }
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningPage {
    /// Public ids in order.
    pub ids: Vec<String>,
    /// How many openings the whole search finds.
    pub total: usize,
    /// Cursor of the next page; nothing on the last.
    pub next_cursor: Option<String>,
    /// Counts for the whole search.
    pub facets: Facets,
}

/// Reads the openings index; cheap to clone, and always sees the last commit.
#[derive(Clone)]
pub struct OpeningsReader {
    shared: Shared<Columns>,
    fields: Fields,
}

/// An opening of the result.
struct Hit {
    place: Place,
    segment: usize,
    doc: DocId,
}

impl OpeningsReader {
    pub(crate) const fn new(shared: Shared<Columns>, fields: Fields) -> Self {
        Self { shared, fields }
    }

    /// Opens the committed state for reading only, without the lock; for checks beside a running server. It
    /// does not follow later commits. Returns its sequence number too.
    ///
    /// # Errors
    /// `Damaged` when there is no usable index.
    pub fn open(dir: &Path) -> Result<(Self, i64)> {
        let (layout, fields) = layout();
        let (shared, seq) = engine::peek(dir, &layout)?;
        Ok((Self::new(shared, fields), seq))
    }

    /// Searches. No text is an error.
    ///
    /// # Errors
    /// `BadCursor`; `Damaged`, `Io` or `Tantivy` when the files cannot be read.
    pub fn search(&self, query: &OpeningQuery) -> Result<OpeningPage> {
        let after = query.cursor.as_deref().map(|c| Position::parse(c, query.sort)).transpose()?;
        let view = self.shared.get();
        let columns = &view.parts;
        let mut tally = Tally::new(query);
        let mut hits = Vec::new();
        for (segment, (of_segment, columns)) in self.matching(&view.searcher, query)?.into_iter().zip(columns).enumerate() {
            for (doc, score) in of_segment {
                let row = columns.kept.row(doc)?;
                if tally.admit(&row) {
                    hits.push(Hit { place: place(query.sort, score, &row), segment, doc });
                }
            }
        }
        let total = hits.len();
        let (ids, next_cursor) = page(hits, columns, query, after.as_ref())?;
        Ok(OpeningPage { ids, total, next_cursor, facets: tally.facets() })
    }

    /// What the text alone finds, segment by segment.
    fn matching(&self, searcher: &Searcher, query: &OpeningQuery) -> tantivy::Result<Vec<Vec<(DocId, Score)>>> {
        let text = query.text.as_deref().map(str::trim).unwrap_or_default();
        if text.is_empty() {
            return Ok(searcher
                .segment_readers()
                .iter()
                .map(|s| s.doc_ids_alive().map(|doc| (doc, 0.0)).collect())
                .collect());
        }
        let words = text::words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let exact = run(searcher, &text::exact(&self.fields, &words))?;
        if exact.iter().any(|docs| !docs.is_empty()) {
            return Ok(exact);
        }
        run(searcher, &text::forgiving(&self.fields, &words))
    }

    /// How many openings are in the index.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.count()
    }

    /// Every public id in the index, sorted.
    ///
    /// # Errors
    /// As `search`, without `BadCursor`.
    pub fn ids(&self) -> Result<Vec<String>> {
        let view = self.shared.get();
        let mut all = Vec::new();
        for (segment, part) in view.searcher.segment_readers().iter().zip(&view.parts) {
            for doc in segment.doc_ids_alive() {
                all.push(part.kept.id(doc)?);
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// Shows every term of the files, decoded; for a search for values that must not be there.
    ///
    /// # Errors
    /// As `ids`.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        self.shared.each_term(visit)
    }
}

fn run(searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Vec<Vec<(DocId, Score)>>> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    searcher
        .segment_readers()
        .iter()
        .map(|segment| {
            let mut found = Vec::new();
            weight.for_each(segment, &mut |doc, score| {
                if !segment.is_deleted(doc) {
                    found.push((doc, score));
                }
            })?;
            Ok(found)
        })
        .collect()
}

fn place(sort: Sort, score: Score, row: &Row) -> Place {
    let rank = match sort {
        Sort::Best => coarse(score),
        Sort::Newest => 0,
        Sort::Pay => row.pay_cents.unwrap_or(i64::MIN),
        Sort::Closing => -row.closes,
    };
    Place { rank: Reverse(rank), published: Reverse(row.published) }
}

/// A score as a whole number in the same order, with steps of about one percent: scores that close are a tie,
/// which the newest wins. The bits of a float that is not negative rise with it; the upper half is kept.
fn coarse(score: Score) -> i64 {
    i64::from(score.max(0.0).to_bits() >> 16)
}

/// The ids after the cursor, and the next cursor when there are more. Only ids near the page are read.
fn page(
    mut hits: Vec<Hit>,
    columns: &[Part<Columns>],
    query: &OpeningQuery,
    after: Option<&Position>,
) -> Result<(Vec<String>, Option<String>)> {
    if query.limit == 0 {
        return Ok((Vec::new(), None));
    }
    hits.sort_by_key(|h| h.place);
    let first = after.map_or(0, |a| hits.partition_point(|h| h.place < a.place));
    let rest = hits.get(first..).unwrap_or_default();
    let mut found: Vec<Position> = Vec::new();
    for tied in rest.chunk_by(|a, b| a.place == b.place) {
        let mut group = Vec::with_capacity(tied.len());
        for hit in tied {
            if let Some(columns) = columns.get(hit.segment) {
                group.push(Position { place: hit.place, id: columns.kept.id(hit.doc)? });
            }
        }
        group.sort_unstable();
        found.extend(group.into_iter().filter(|p| after.is_none_or(|a| p > a)));
        if found.len() > query.limit {
            break;
        }
    }
    let has_more = found.len() > query.limit;
    found.truncate(query.limit);
    let next = found.last().filter(|_| has_more).map(|p| p.cursor(query.sort));
    Ok((found.into_iter().map(|p| p.id).collect(), next))
}
