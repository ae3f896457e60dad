//! Openings read back from the columns of a segment.

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader, TantivyError};

use crate::openings_schema::column;
use crate::view::Segment;

/// The columns of one segment.
pub(crate) struct Columns {
    id: StrColumn,
    kind: Column<u64>,
    specialty: Column<u64>,
    market: Column<u64>,
    state: Column<u64>,
    remote: Column<bool>,
    takes_candidates: Column<bool>,
    pay: Column<i64>,
    pay_band: Column<u64>,
    published: Column<i64>,
    closes: Column<i64>,
}

/// What filters, facets and sorts look at.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) kind: u64,
    pub(crate) specialties: Vec<u64>,
    pub(crate) markets: Vec<u64>,
    pub(crate) states: Vec<u64>,
    pub(crate) remote: bool,
    pub(crate) takes_candidates: bool,
    pub(crate) pay_cents: Option<i64>,
    pub(crate) pay_band: u64,
    /// Microseconds since 1970.
    pub(crate) published: i64,
    /// Days since 1970.
    pub(crate) closes: i64,
}

impl Segment for Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        // A segment in which no opening has a value lacks that column altogether.
        let none = || Column::build_empty_column(segment.max_doc());
        let none_signed = || Column::build_empty_column(segment.max_doc());
        Ok(Self {
            id: fast.str(column::ID)?.ok_or_else(|| missing(column::ID))?,
            kind: fast.u64(column::KIND)?,
            specialty: fast.column_opt(column::SPECIALTY)?.unwrap_or_else(none),
            market: fast.column_opt(column::MARKET)?.unwrap_or_else(none),
            state: fast.column_opt(column::STATE)?.unwrap_or_else(none),
            remote: fast.bool(column::REMOTE)?,
            takes_candidates: fast.bool(column::TAKES_CANDIDATES)?,
            pay: fast.column_opt(column::PAY)?.unwrap_or_else(none_signed),
            pay_band: fast.u64(column::PAY_BAND)?,
            published: fast.i64(column::PUBLISHED)?,
            closes: fast.i64(column::CLOSES)?,
        })
    }
}

impl Columns {
    /// One opening.
    pub(crate) fn row(&self, doc: DocId) -> tantivy::Result<Row> {
        Ok(Row {
            kind: need(&self.kind, doc, column::KIND)?,
            specialties: self.specialty.values_for_doc(doc).collect(),
            markets: self.market.values_for_doc(doc).collect(),
            states: self.state.values_for_doc(doc).collect(),
            remote: need(&self.remote, doc, column::REMOTE)?,
            takes_candidates: need(&self.takes_candidates, doc, column::TAKES_CANDIDATES)?,
            pay_cents: self.pay.first(doc),
            pay_band: need(&self.pay_band, doc, column::PAY_BAND)?,
            published: need(&self.published, doc, column::PUBLISHED)?,
            closes: need(&self.closes, doc, column::CLOSES)?,
        })
    }

    /// Its public id.
    pub(crate) fn id(&self, doc: DocId) -> tantivy::Result<String> {
        let ord = need(self.id.ords(), doc, column::ID)?;
        let mut id = String::new();
        if self.id.ord_to_str(ord, &mut id)? { Ok(id) } else { Err(missing(column::ID)) }
    }
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
