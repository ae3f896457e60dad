//! The fields of the openings index and how an opening fills them.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};

use crate::engine::Layout;
use crate::lists::kind_number;
use crate::openings::OpeningDoc;
use crate::text;
use crate::weights;

/// Names of the fields, read back by `rows`.
pub(crate) mod column {
    pub(crate) const ID: &str = "id";
    /// Stems; the frequency of one is what it adds to the score (`weights`).
    pub(crate) const SCORED: &str = "scored";
    /// Every word once, without stems.
    pub(crate) const WORDS: &str = "words";
    pub(crate) const COMPANY: &str = "company";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const SPECIALTY: &str = "specialty";
    pub(crate) const MARKET: &str = "market";
    pub(crate) const REMOTE: &str = "remote";
    pub(crate) const TAKES_CANDIDATES: &str = "takes_candidates";
    pub(crate) const PAY: &str = "pay_cents";
    pub(crate) const PUBLISHED: &str = "published_at";
    pub(crate) const CLOSES: &str = "closes_on";
    pub(crate) const LIVE_UNTIL: &str = "live_until";
    /// Keys for the search from a member to openings.
    pub(crate) const KEY: &str = "key";
    /// What that search looks at besides; order kept.
    pub(crate) const REST: &str = "rest";
}

/// Handles of the fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    scored: Field,
    words: Field,
    company: Field,
    kind: Field,
    specialty: Field,
    market: Field,
    remote: Field,
    takes_candidates: Field,
    pay: Field,
    published: Field,
    closes: Field,
    live_until: Field,
    key: Field,
    rest: Field,
}

/// The layout of the openings index.
pub(crate) fn layout() -> (Layout, Fields) {
    let mut schema = Schema::builder();
    let fast = || NumericOptions::default().set_fast();
    let fields = Fields {
        id: schema.add_text_field(column::ID, indexed("raw", IndexRecordOption::Basic).set_fast("raw")),
        scored: schema.add_text_field(column::SCORED, indexed(text::WEIGHTED, IndexRecordOption::WithFreqs)),
        words: schema.add_text_field(column::WORDS, indexed(text::SPACED, IndexRecordOption::Basic)),
        company: schema.add_text_field(column::COMPANY, TextOptions::default().set_fast("raw")),
        kind: schema.add_u64_field(column::KIND, fast()),
        specialty: schema.add_u64_field(column::SPECIALTY, fast()),
        market: schema.add_u64_field(column::MARKET, fast()),
        remote: schema.add_bool_field(column::REMOTE, fast()),
        takes_candidates: schema.add_bool_field(column::TAKES_CANDIDATES, fast()),
        pay: schema.add_i64_field(column::PAY, fast()),
        published: schema.add_i64_field(column::PUBLISHED, fast()),
        closes: schema.add_i64_field(column::CLOSES, fast()),
        live_until: schema.add_i64_field(column::LIVE_UNTIL, fast()),
        key: schema.add_u64_field(column::KEY, NumericOptions::default().set_indexed()),
        rest: schema.add_u64_field(column::REST, fast()),
    };
    let layout = Layout { name: "openings", version: 2, schema: schema.build(), prepare: text::register };
    (layout, fields)
}

fn indexed(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_fieldnorms(false).set_index_option(option);
    TextOptions::default().set_indexing_options(indexing)
}

/// Stands between the slug and the name of a company; in neither.
pub(crate) const COMPANY_SEPARATOR: char = '\n';

impl Fields {
    /// The document of an opening. Nothing is stored: a page is filled from the database by id.
    pub(crate) fn document(self, opening: &OpeningDoc) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        let texts = weights::texts(opening);
        doc.add_text(self.id, &opening.id);
        doc.add_text(self.scored, texts.scored);
        doc.add_text(self.words, texts.words);
        doc.add_text(self.company, format!("{}{COMPANY_SEPARATOR}{}", opening.company_slug, opening.company_name));
        doc.add_u64(self.kind, kind_number(opening.kind));
        for specialty in opening.specialties.iter().collect::<BTreeSet<_>>() {
            doc.add_u64(self.specialty, u64::from(specialty.number()));
        }
        for market in opening.markets.iter().collect::<BTreeSet<_>>() {
            doc.add_u64(self.market, u64::from(market.number()));
        }
        doc.add_bool(self.remote, opening.remote);
        doc.add_bool(self.takes_candidates, opening.takes_candidates);
        if let Some(cents) = opening.pay_cents {
            doc.add_i64(self.pay, cents);
        }
        doc.add_i64(self.published, opening.published_at.timestamp_micros());
        doc.add_i64(self.closes, day_number(opening.closes_on));
        doc.add_i64(self.live_until, opening.live_until.timestamp_micros());
        opening.keys.iter().for_each(|key| doc.add_u64(self.key, *key));
        opening.rest.iter().for_each(|value| doc.add_u64(self.rest, *value));
        doc
    }
}

/// Days since 1970-01-01, so that a day sorts as a number.
pub(crate) fn day_number(day: chrono::NaiveDate) -> i64 {
    day.signed_duration_since(chrono::NaiveDate::default()).num_days()
}
