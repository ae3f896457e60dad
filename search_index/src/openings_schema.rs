//! The fields of the openings index and how an opening fills them.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};

use crate::engine::Layout;
use crate::facets::PayBand;
use crate::lists::kind_number;
use crate::openings::OpeningDoc;
use crate::text;

/// Names of the fast fields, read back by `rows`.
pub(crate) mod column {
    pub(crate) const ID: &str = "id";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const SPECIALTY: &str = "specialty";
    pub(crate) const MARKET: &str = "market";
    pub(crate) const STATE: &str = "state";
    pub(crate) const REMOTE: &str = "remote";
    pub(crate) const TAKES_CANDIDATES: &str = "takes_candidates";
    pub(crate) const PAY: &str = "pay_cents";
    pub(crate) const PAY_BAND: &str = "pay_band";
    pub(crate) const PUBLISHED: &str = "published_at";
    pub(crate) const CLOSES: &str = "closes_on";
}

/// Handles of the fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) title: Field,
    pub(crate) alias: Field,
    pub(crate) company: Field,
    pub(crate) description: Field,
    /// Every word of the four above, without stems.
    pub(crate) words: Field,
    kind: Field,
    specialty: Field,
    market: Field,
    state: Field,
    remote: Field,
    takes_candidates: Field,
    pay: Field,
    pay_band: Field,
    published: Field,
    closes: Field,
}

/// The layout of the openings index.
pub(crate) fn layout() -> (Layout, Fields) {
    let mut schema = Schema::builder();
    let stemmed = searched(text::STEMMED, IndexRecordOption::WithFreqs);
    let raw = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    let id = TextOptions::default().set_indexing_options(raw).set_fast("raw");
    let fast = || NumericOptions::default().set_fast();
    let fields = Fields {
        id: schema.add_text_field(column::ID, id),
        title: schema.add_text_field("title", stemmed.clone()),
        alias: schema.add_text_field("alias", stemmed.clone()),
        company: schema.add_text_field("company", stemmed.clone()),
        description: schema.add_text_field("description", stemmed),
        words: schema.add_text_field("words", searched(text::PLAIN, IndexRecordOption::Basic)),
        kind: schema.add_u64_field(column::KIND, fast()),
        specialty: schema.add_u64_field(column::SPECIALTY, fast()),
        market: schema.add_u64_field(column::MARKET, fast()),
        state: schema.add_u64_field(column::STATE, fast()),
        remote: schema.add_bool_field(column::REMOTE, fast()),
        takes_candidates: schema.add_bool_field(column::TAKES_CANDIDATES, fast()),
        pay: schema.add_i64_field(column::PAY, fast()),
        pay_band: schema.add_u64_field(column::PAY_BAND, fast()),
        published: schema.add_i64_field(column::PUBLISHED, fast()),
        closes: schema.add_i64_field(column::CLOSES, fast()),
    };
    let layout = Layout { name: "openings", version: 1, schema: schema.build(), prepare: text::register };
    (layout, fields)
}

fn searched(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    TextOptions::default()
        .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option))
}

impl Fields {
    /// The document of an opening. Nothing is stored: a page is filled from the database by id.
    pub(crate) fn document(self, opening: &OpeningDoc) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        doc.add_text(self.id, &opening.id);
        self.add_words(&mut doc, opening);
        doc.add_u64(self.kind, kind_number(opening.kind));
        for specialty in opening.specialties.iter().collect::<BTreeSet<_>>() {
            doc.add_u64(self.specialty, u64::from(specialty.number()));
        }
        let markets: BTreeSet<_> = opening.markets.iter().collect();
        let states: BTreeSet<_> = markets.iter().map(|m| m.state()).collect();
        for market in markets {
            doc.add_u64(self.market, u64::from(market.number()));
        }
        for state in states {
            doc.add_u64(self.state, u64::from(state.number()));
        }
        doc.add_bool(self.remote, opening.remote);
        doc.add_bool(self.takes_candidates, opening.takes_candidates);
        if let Some(cents) = opening.pay_cents {
            doc.add_i64(self.pay, cents);
        }
        doc.add_u64(self.pay_band, PayBand::of(opening.pay_cents).number());
        doc.add_i64(self.published, opening.published_at.timestamp_micros());
        doc.add_i64(self.closes, day_number(opening.closes_on));
        doc
    }

    fn add_words(self, doc: &mut TantivyDocument, opening: &OpeningDoc) {
        let parts = [
            (self.title, text::normalise(&opening.title)),
            (self.alias, text::normalise(&aliases(opening))),
            (self.company, text::normalise(&format!("{} {}", opening.company_name, opening.company_slug))),
            (self.description, text::normalise(&opening.description)),
        ];
        for (field, words) in &parts {
            doc.add_text(*field, words);
            doc.add_text(self.words, words);
        }
    }
}

/// Days since 1970-01-01, so that a day sorts as a number.
pub(crate) fn day_number(day: chrono::NaiveDate) -> i64 {
    day.signed_duration_since(chrono::NaiveDate::default()).num_days()
}

/// Other names people may search by: of the kind, the specialties and the places.
fn aliases(opening: &OpeningDoc) -> String {
    let mut names = vec![opening.kind.short().to_owned(), opening.kind.label().to_owned()];
    if opening.remote {
        names.push("Remote".to_owned());
    }
    for specialty in &opening.specialties {
        names.push(specialty.name().to_owned());
        names.extend(specialty.row().synonyms.iter().cloned());
    }
    for market in &opening.markets {
        names.push(market.label());
        names.extend(market.aliases());
    }
    let states: BTreeSet<_> = opening.markets.iter().map(|m| m.state()).collect();
    names.extend(states.into_iter().map(|s| s.name().to_owned()));
    names.join(" \u{b7} ")
}
