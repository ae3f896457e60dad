//! Openings as filters, facets and sorts look at them: read from the files once for each segment, then kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::place::Market;
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{IndexRecordOption, Schema};
use tantivy::{DocId, InvertedIndexReader, SegmentReader, TantivyError};

use crate::facets::PayBand;
use crate::openings_schema::{COMPANY_SEPARATOR, column};
use crate::text::Analysis;
use crate::view::{Part, Segment};
use crate::wanted::Wanted;

/// What is kept of one segment.
pub(crate) struct Columns {
    rows: Vec<Row>,
    /// Of each opening that names many: its specialties, then its markets, then their states.
    numbers: Vec<u16>,
    /// Public ids one after the other.
    ids: Arena,
    companies: Vec<Company>,
    /// The field `scored`.
    pub(crate) scored: Arc<InvertedIndexReader>,
    /// The field `words`.
    pub(crate) words: Arc<InvertedIndexReader>,
    /// For the search from a member to openings.
    pub(crate) wanted: Wanted,
    /// Until when the first of them is live, in microseconds since 1970.
    live_until: i64,
}

/// How many numbers of each list stand in the row itself.
pub(crate) const FEW: usize = 3;
/// Fills the places of a row that hold no number; no list grows this long.
pub(crate) const NO_NUMBER: u16 = u16::MAX;

/// One opening. All of it lies in one line of the processor's cache: a search looks at thousands of rows here
/// and there, and waiting for memory is most of its time.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Row {
    /// Microseconds since 1970.
    pub(crate) published: i64,
    /// Microseconds since 1970; from then on it is not live.
    pub(crate) live_until: i64,
    /// Cents; `NOT_STATED` when no amount is stated.
    pub(crate) pay: i64,
    /// Days since 1970.
    pub(crate) closes: i32,
    /// Its company among those of the segment.
    pub(crate) company: u32,
    /// Where all its numbers begin in `Columns::numbers`, when one of its lists is longer than the row holds.
    start: u32,
    pub(crate) specialties: Few,
    pub(crate) markets: Few,
    pub(crate) states: Few,
    pub(crate) kind: u8,
    pub(crate) pay_band: u8,
    pub(crate) remote: bool,
    pub(crate) takes_candidates: bool,
}

/// The numbers of an opening in one closed list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Few {
    /// The first of them, then `NO_NUMBER`.
    pub(crate) first: [u16; FEW],
    /// How many there are.
    pub(crate) count: u16,
}

impl Few {
    fn of(numbers: &[u16]) -> tantivy::Result<Self> {
        let mut first = [NO_NUMBER; FEW];
        first.iter_mut().zip(numbers).for_each(|(place, number)| *place = *number);
        Ok(Self { first, count: small(numbers.len(), column::MARKET)? })
    }

    fn len(self) -> usize {
        usize::from(self.count)
    }
}

impl Row {
    /// Every number stands in the row.
    pub(crate) fn is_short(&self) -> bool {
        [self.specialties, self.markets, self.states].iter().all(|few| few.len() <= FEW)
    }
}

/// Below every amount, so that it sorts last.
pub(crate) const NOT_STATED: i64 = i64::MIN;

/// The numbers of one opening in the closed lists.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers<'a> {
    pub(crate) specialties: &'a [u16],
    pub(crate) markets: &'a [u16],
    pub(crate) states: &'a [u16],
}

/// A company with openings in the segment.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// Its name as plain words.
    pub(crate) words: Vec<String>,
}

/// An opening that is neither deleted nor past its time, which is given in microseconds since 1970.
#[inline]
pub(crate) fn live(part: &Part<Columns>, doc: DocId, now: i64) -> Option<&Row> {
    part.kept.row(doc).filter(|row| now < row.live_until && part.is_alive(doc))
}

impl Columns {
    /// One opening; nothing when there is no such document.
    pub(crate) fn row(&self, doc: DocId) -> Option<&Row> {
        self.rows.get(usize::try_from(doc).ok()?)
    }

    /// Until then, in microseconds since 1970, every opening is live unless it is deleted.
    pub(crate) const fn live_until(&self) -> i64 {
        self.live_until
    }

    /// How many openings, deleted ones included.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// What it names of the closed lists.
    pub(crate) fn numbers<'a>(&'a self, row: &'a Row) -> Numbers<'a> {
        let (specialties, markets, states) = (row.specialties.len(), row.markets.len(), row.states.len());
        if row.is_short() {
            let some = |few: &'a Few| few.first.get(..few.len()).unwrap_or_default();
            return Numbers {
                specialties: some(&row.specialties),
                markets: some(&row.markets),
                states: some(&row.states),
            };
        }
        let start = usize::try_from(row.start).unwrap_or(usize::MAX);
        let all = start.checked_add(specialties + markets + states).and_then(|end| self.numbers.get(start..end));
        let parts = all.and_then(|all| {
            let (specialties, rest) = all.split_at_checked(specialties)?;
            let (markets, states) = rest.split_at_checked(markets)?;
            Some(Numbers { specialties, markets, states })
        });
        parts.unwrap_or_default()
    }

    /// Its public id; empty when there is no such document.
    pub(crate) fn id(&self, doc: DocId) -> &str {
        usize::try_from(doc).map_or("", |doc| self.ids.get(doc))
    }

    /// The companies that rows name by number.
    pub(crate) fn companies(&self) -> &[Company] {
        &self.companies
    }
}

impl Segment for Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let files = Files::open(segment)?;
        let mut kept = Self {
            rows: Vec::with_capacity(usize::try_from(segment.max_doc()).unwrap_or(0)),
            numbers: Vec::new(),
            ids: files.ids(segment.max_doc())?,
            companies: files.companies()?,
            scored: inverted(segment, column::SCORED)?,
            words: inverted(segment, column::WORDS)?,
            wanted: Wanted::open(segment)?,
            live_until: i64::MAX,
        };
        for doc in 0..segment.max_doc() {
            let row = files.row(doc, &mut kept.numbers)?;
            kept.live_until = kept.live_until.min(row.live_until);
            kept.rows.push(row);
        }
        kept.numbers.shrink_to_fit();
        Ok(kept)
    }
}

fn inverted(segment: &SegmentReader, name: &str) -> tantivy::Result<Arc<InvertedIndexReader>> {
    let schema: &Schema = segment.schema();
    match schema.get_field(name) {
        Ok(field) => segment.inverted_index(field),
        // The layout was compared when the index was opened.
        Err(_) => Ok(Arc::new(InvertedIndexReader::empty(IndexRecordOption::Basic))),
    }
}

/// A segment in which no opening has a value lacks that column altogether.
fn none<T>(segment: &SegmentReader) -> Column<T>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + Default + 'static,
{
    Column::build_empty_column(segment.max_doc())
}

/// The columns as they lie in the files.
struct Files {
    id: StrColumn,
    company: StrColumn,
    kind: Column<u64>,
    specialty: Column<u64>,
    market: Column<u64>,
    remote: Column<bool>,
    takes_candidates: Column<bool>,
    pay: Column<i64>,
    published: Column<i64>,
    closes: Column<i64>,
    live_until: Column<i64>,
}

impl Files {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            id: fast.str(column::ID)?.ok_or_else(|| missing(column::ID))?,
            company: fast.str(column::COMPANY)?.ok_or_else(|| missing(column::COMPANY))?,
            kind: fast.u64(column::KIND)?,
            specialty: fast.column_opt(column::SPECIALTY)?.unwrap_or_else(|| none(segment)),
            market: fast.column_opt(column::MARKET)?.unwrap_or_else(|| none(segment)),
            remote: fast.bool(column::REMOTE)?,
            takes_candidates: fast.bool(column::TAKES_CANDIDATES)?,
            pay: fast.column_opt(column::PAY)?.unwrap_or_else(|| none(segment)),
            published: fast.i64(column::PUBLISHED)?,
            closes: fast.i64(column::CLOSES)?,
            live_until: fast.i64(column::LIVE_UNTIL)?,
        })
    }

    /// The ids in the order of the documents.
    fn ids(&self, count: DocId) -> tantivy::Result<Arena> {
        let sorted = terms(&self.id)?;
        let mut ids = Arena::default();
        for doc in 0..count {
            let place = need(self.id.ords(), doc, column::ID)?;
            let id = usize::try_from(place).map_or("", |place| sorted.get(place));
            ids.push(id)?;
        }
        Ok(ids)
    }

    fn companies(&self) -> tantivy::Result<Vec<Company>> {
        let sorted = terms(&self.company)?;
        let mut analysis = Analysis::new();
        let mut company = |text: &str| {
            let (slug, name) = text.split_once(COMPANY_SEPARATOR).unwrap_or((text, text));
            let words = analysis.words(name).map(|(_, word)| word).collect();
            Company { slug: slug.to_owned(), name: name.to_owned(), words }
        };
        Ok((0..sorted.len()).map(|place| company(sorted.get(place))).collect())
    }

    fn row(&self, doc: DocId, numbers: &mut Vec<u16>) -> tantivy::Result<Row> {
        let (specialties, markets) =
            (listed(self.specialty.values_for_doc(doc)), listed(self.market.values_for_doc(doc)));
        let states: BTreeSet<u16> = markets.iter().filter_map(|m| state_of(*m)).collect();
        let states: Vec<u16> = states.into_iter().collect();
        let pay = self.pay.first(doc);
        let row = Row {
            published: need(&self.published, doc, column::PUBLISHED)?,
            live_until: need(&self.live_until, doc, column::LIVE_UNTIL)?,
            pay: pay.unwrap_or(NOT_STATED),
            closes: small(need(&self.closes, doc, column::CLOSES)?, column::CLOSES)?,
            company: small(need(self.company.ords(), doc, column::COMPANY)?, column::COMPANY)?,
            start: small(numbers.len(), column::MARKET)?,
            specialties: Few::of(&specialties)?,
            markets: Few::of(&markets)?,
            states: Few::of(&states)?,
            kind: small(need(&self.kind, doc, column::KIND)?, column::KIND)?,
            pay_band: PayBand::of(pay).number(),
            remote: need(&self.remote, doc, column::REMOTE)?,
            takes_candidates: need(&self.takes_candidates, doc, column::TAKES_CANDIDATES)?,
        };
        if !row.is_short() {
            numbers.extend(specialties.into_iter().chain(markets).chain(states));
        }
        Ok(row)
    }
}

/// A number outside of the lists fits no filter, as none at all.
fn listed(values: impl Iterator<Item = u64>) -> Vec<u16> {
    values.filter_map(|v| u16::try_from(v).ok()).collect()
}

fn state_of(market: u16) -> Option<u16> {
    Market::of_number(market).map(|m| u16::from(m.state().number()))
}

fn small<T, U: TryFrom<T>>(value: T, name: &str) -> tantivy::Result<U> {
    U::try_from(value).map_err(|_| TantivyError::SchemaError(format!("an opening with a wrong {name}")))
}

fn need<T>(column: &Column<T>, doc: DocId, name: &str) -> tantivy::Result<T>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    column.first(doc).ok_or_else(|| missing(name))
}

/// Every opening has these values, so their absence is damage.
fn missing(name: &str) -> TantivyError {
    TantivyError::SchemaError(format!("an opening without {name}"))
}

/// The values of a column in their order, each once.
fn terms(column: &StrColumn) -> tantivy::Result<Arena> {
    let mut all = Arena::default();
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        all.push(&String::from_utf8_lossy(stream.key()))?;
    }
    Ok(all)
}

/// Many short texts in one.
#[derive(Default)]
struct Arena {
    text: String,
    ends: Vec<u32>,
}

impl Arena {
    fn push(&mut self, text: &str) -> tantivy::Result<()> {
        self.text.push_str(text);
        self.ends.push(small(self.text.len(), column::ID)?);
        Ok(())
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, place: usize) -> &str {
        let end = |place: usize| self.ends.get(place).and_then(|end| usize::try_from(*end).ok());
        let start = place.checked_sub(1).map_or(Some(0), end);
        start.zip(end(place)).and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }
}
