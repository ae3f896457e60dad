//! Searching openings: one walk over what the text finds filters, counts and keeps the page.

use std::cmp::Reverse;
use std::path::Path;

use chrono::{DateTime, Utc};
use tantivy::DocId;

use crate::correct;
use crate::cursor::{Cursor, Place, Position};
use crate::distance::Miles;
use crate::engine;
use crate::error::Result;
use crate::facets::Tally;
use crate::hits::each_hit;
use crate::openings_query::{OpeningPage, OpeningQuery, Sort};
use crate::openings_schema::layout;
use crate::rows::{Columns, Numbers, Row, live};
use crate::text::{self, Word};
use crate::top::{Hit, Named, Top};
use crate::view::{Part, Shared, View};

/// Reads the openings index; cheap to clone, and always sees the last commit.
#[derive(Clone)]
pub struct OpeningsReader {
    shared: Shared<Columns>,
}

impl OpeningsReader {
    pub(crate) const fn new(shared: Shared<Columns>) -> Self {
        Self { shared }
    }

    /// Opens the committed state for reading only, without the lock; for checks beside a running server. It
    /// does not follow later commits. Returns its sequence number too.
    ///
    /// # Errors
    /// `Damaged` when there is no usable index.
    pub fn open(dir: &Path) -> Result<(Self, i64)> {
        let (layout, _) = layout();
        let (shared, seq) = engine::peek(dir, &layout)?;
        Ok((Self::new(shared), seq))
    }

    /// Searches. No text is an error. When no live opening holds every word, words that stand in no live
    /// opening and in no list of ours are taken for typing errors and put right, where that finds something;
    /// the page says so.
    ///
    /// # Errors
    /// `BadCursor`; `Damaged`, `Io` or `Tantivy` when the files cannot be read.
    pub fn search(&self, query: &OpeningQuery) -> Result<OpeningPage> {
        let cursor = query.cursor.as_deref().map(|c| Cursor::parse(c, query.sort)).transpose()?;
        let (after, carried) = cursor.map_or((None, None), |c| (Some(c.after), c.corrected));
        let view = self.view();
        let text = query.text.as_deref().map(text::tidy).filter(|text| !text.is_empty());
        let walk = |words: Option<&[Word]>| Walk::through(&view, query, after.as_ref(), words);
        let Some(text) = text else {
            return Ok(walk(None)?.page(None));
        };
        let found = walk(Some(&text::words(carried.as_deref().unwrap_or(&text))))?;
        // A later page goes on with what the first one decided.
        if found.any || after.is_some() {
            return Ok(found.page(carried));
        }
        match correct::corrected(&view, &text, query.now)? {
            Some(better) => Ok(walk(Some(&text::words(&better)))?.page(Some(better))),
            None => Ok(found.page(None)),
        }
    }

    /// How many openings are in the index, those whose time has run out included.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.count()
    }

    /// How many openings are live at this moment.
    #[must_use]
    pub fn live(&self, now: DateTime<Utc>) -> usize {
        let (view, now) = (self.view(), now.timestamp_micros());
        view.parts.iter().map(|part| (0..part.kept.len()).filter(|doc| live(part, *doc, now).is_some()).count()).sum()
    }

    /// Every public id in the index, sorted.
    ///
    /// # Errors
    /// None today; the files were read when the segments were opened.
    pub fn ids(&self) -> Result<Vec<String>> {
        let view = self.view();
        let alive = |part: &Part<Columns>| {
            let docs = (0..part.kept.len()).filter(|doc| part.is_alive(*doc));
            docs.map(|doc| part.kept.id(doc).to_owned()).collect::<Vec<_>>()
        };
        let mut all: Vec<String> = view.parts.iter().flat_map(alive).collect();
        all.sort_unstable();
        Ok(all)
    }

    /// Shows every term of the files, decoded; for a search for values that must not be there.
    ///
    /// # Errors
    /// `Damaged`, `Io` or `Tantivy` when the files cannot be read.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str)) -> Result<()> {
        self.shared.each_term(visit)
    }

    /// The last commit.
    pub(crate) fn view(&self) -> std::sync::Arc<View<Columns>> {
        self.shared.get()
    }
}

/// How many live openings hold every word.
pub(crate) fn count_live(view: &View<Columns>, words: &[Word], now: i64) -> tantivy::Result<u64> {
    let mut count = 0;
    for part in &view.parts {
        each_hit(&part.kept.scored, words, |doc, _| count += u64::from(live(part, doc, now).is_some()))?;
    }
    Ok(count)
}

/// An opening by its place in a segment.
#[derive(Clone, Copy)]
struct Of<'v> {
    columns: &'v Columns,
    doc: DocId,
}

impl Named for Of<'_> {
    fn id(&self) -> &str {
        self.columns.id(self.doc)
    }
}

/// How many documents are looked at together.
const AT_ONCE: usize = 128;

/// One walk over what the text finds.
struct Walk<'v, 'q> {
    now: i64,
    order: Order,
    tally: Tally,
    top: Top<'q, Of<'v>>,
    sort: Sort,
    /// The text finds something, whatever the filters say.
    any: bool,
}

impl<'v, 'q> Walk<'v, 'q> {
    /// Without words everything that is live is found.
    fn through(
        view: &'v View<Columns>,
        query: &'q OpeningQuery,
        after: Option<&'q Position>,
        words: Option<&[Word]>,
    ) -> tantivy::Result<Self> {
        let mut walk = Self {
            now: query.now.timestamp_micros(),
            order: Order::of(query),
            tally: Tally::new(query),
            top: Top::new(query.limit, after),
            sort: query.sort,
            any: false,
        };
        // Later openings are newer, so the page is full early when the walk begins with them.
        for part in view.parts.iter().rev() {
            let mut some = Vec::with_capacity(AT_ONCE);
            let mut take = |doc, score| {
                some.push((doc, score));
                if some.len() == AT_ONCE {
                    walk.take(part, &some);
                    some.clear();
                }
            };
            match words {
                Some(words) => each_hit(&part.kept.scored, words, take)?,
                None => (0..part.kept.len()).rev().for_each(|doc| take(doc, 0)),
            }
            walk.take(part, &some);
        }
        Ok(walk)
    }

    /// Takes some documents at once: asking all of them for something first brings their rows near while none
    /// waits for another.
    fn take(&mut self, part: &'v Part<Columns>, some: &[(DocId, u32)]) {
        let lives = some.iter().filter(|(doc, _)| part.kept.row(*doc).is_some_and(|row| self.now < row.live_until));
        if lives.count() > 0 {
            some.iter().for_each(|(doc, score)| self.take_one(part, *doc, *score));
        }
    }

    fn take_one(&mut self, part: &'v Part<Columns>, doc: DocId, score: u32) {
        let Some(row) = live(part, doc, self.now) else { return };
        self.any = true;
        let numbers = part.kept.numbers(row);
        if !self.tally.admit(row, numbers) {
            return;
        }
        let rank = Reverse(self.order.rank(row, numbers, score));
        let place = Place { rank, published: Reverse(row.published) };
        self.top.push(Hit { place, what: Of { columns: &part.kept, doc } });
    }

    fn page(self, corrected: Option<String>) -> OpeningPage {
        let (hits, has_more) = self.top.page();
        let last = hits.last().filter(|_| has_more);
        let next_cursor = last.map(|hit| {
            let after = Position { place: hit.place, id: hit.what.id().to_owned() };
            Cursor { after, corrected: corrected.clone() }.write(self.sort)
        });
        OpeningPage {
            ids: hits.into_iter().map(|hit| hit.what.id().to_owned()).collect(),
            total: self.tally.total(),
            next_cursor,
            facets: self.tally.facets(),
            corrected,
        }
    }
}

/// How a search sorts, with what that needs.
enum Order {
    Score,
    Published,
    Pay,
    Closing,
    Distance(Miles),
}

impl Order {
    fn of(query: &OpeningQuery) -> Self {
        match query.sort {
            Sort::Best => Self::Score,
            Sort::Newest => Self::Published,
            Sort::Pay => Self::Pay,
            Sort::Closing => Self::Closing,
            Sort::Distance => Miles::from(&query.from).map_or(Self::Published, Self::Distance),
        }
    }

    /// Highest first.
    fn rank(&self, row: &Row, numbers: Numbers<'_>, score: u32) -> i64 {
        match self {
            Self::Score => i64::from(score),
            Self::Published => 0,
            Self::Pay => row.pay,
            Self::Closing => -i64::from(row.closes),
            Self::Distance(miles) => -miles.to(numbers.markets, row.remote),
        }
    }
}
