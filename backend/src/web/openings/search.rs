//! What a reader looks for, as the address of the list says it. All state of the list is in its address.

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::pay::dollars;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use frontend::view::FieldError;
use search_index::{OpeningQuery, Sort};

use crate::error::AppError;
use crate::web::form::{Form, cents};

/// Openings on one page.
const PAGE: usize = 20;
/// The longest text that is searched for.
const TEXT_AT_MOST: usize = 200;

/// A search as its address says it.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// Text.
    pub(super) q: String,
    /// Kinds; empty means any.
    pub(super) kinds: Vec<Kind>,
    /// Specialty.
    pub(super) specialty: Option<Specialty>,
    /// Market.
    pub(super) market: Option<Market>,
    /// State.
    pub(super) state: Option<State>,
    /// Only remote work.
    pub(super) remote: bool,
    /// Least pay as it was typed.
    pub(super) min_pay: String,
    /// The same in cents, when it could be read.
    pub(super) min_pay_cents: Option<i64>,
    /// Only openings that take physicians on the way.
    pub(super) takes_candidates: bool,
    /// Order.
    pub(super) sort: Sort,
    /// Where distances are measured from.
    pub(super) near: Option<Market>,
    /// The bases of the reader, measured from without `near`; not part of the address.
    pub(super) bases: Vec<Market>,
    /// Place in the list.
    pub(super) cursor: Option<String>,
    /// Filters that could not be read and are left out.
    pub(super) errors: Vec<FieldError>,
}

impl Search {
    /// Reads a query string.
    ///
    /// # Errors
    /// `Malformed` when it is none.
    pub(super) fn read(query: &str) -> Result<Self, AppError> {
        let form = Form::read(query)?;
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| errors.push(FieldError::new(field, message));
        let min_pay_cents = cents(form.text("min_pay")).unwrap_or_else(|()| {
            wrong("min_pay", "Give the least pay in dollars, for example 1200.");
            None
        });
        let mut kinds: Vec<Kind> = Vec::new();
        for word in form.list("kind") {
            match Kind::parse(&word) {
                Some(kind) if kinds.contains(&kind) => {}
                Some(kind) => kinds.push(kind),
                None => wrong("kind", "Choose kinds of work from the list."),
            }
        }
        let specialty = one(&form, "specialty", Specialty::parse, &mut wrong);
        let market = one(&form, "market", Market::parse, &mut wrong);
        let state = one(&form, "state", State::parse, &mut wrong);
        let sort = one(&form, "sort", Sort::parse, &mut wrong).unwrap_or_default();
        let near = one(&form, "near", Market::parse, &mut wrong);
        Ok(Self {
            q: form.text("q").chars().take(TEXT_AT_MOST).collect(),
            kinds,
            specialty,
            market,
            state,
            remote: form.on("remote"),
            min_pay: form.text("min_pay").to_owned(),
            min_pay_cents,
            takes_candidates: form.on("takes_candidates"),
            sort,
            near,
            bases: Vec::new(),
            cursor: form.filled("cursor"),
            errors,
        })
    }

    /// Where distances are measured from; empty when nobody said.
    pub(super) fn from(&self) -> Vec<Market> {
        self.near.map_or_else(|| self.bases.clone(), |near| vec![near])
    }

    /// As the index takes it.
    pub(super) fn query(&self, now: DateTime<Utc>) -> OpeningQuery {
        OpeningQuery {
            now,
            text: Some(self.q.clone()).filter(|q| !q.is_empty()),
            kinds: self.kinds.clone(),
            specialty: self.specialty,
            market: self.market,
            state: self.state,
            remote: self.remote.then_some(true),
            min_pay_cents: self.min_pay_cents,
            takes_candidates: self.takes_candidates.then_some(true),
            sort: self.sort,
            from: self.from(),
            limit: PAGE,
            cursor: self.cursor.clone(),
        }
    }

    /// Its query string, without the place in the list; empty for the plain list.
    pub(super) fn query_string(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        if !self.q.is_empty() {
            pairs.push(("q", &self.q));
        }
        pairs.extend(self.kinds.iter().map(|k| ("kind", k.as_str())));
        pairs.extend(self.specialty.map(|s| ("specialty", s.slug())));
        pairs.extend(self.market.map(|m| ("market", m.slug())));
        pairs.extend(self.state.map(|s| ("state", s.code())));
        if self.remote {
            pairs.push(("remote", "true"));
        }
        if self.min_pay_cents.is_some() {
            pairs.push(("min_pay", &self.min_pay));
        }
        if self.takes_candidates {
            pairs.push(("takes_candidates", "true"));
        }
        if self.sort != Sort::Best {
            pairs.push(("sort", self.sort.as_str()));
        }
        pairs.extend(self.near.map(|m| ("near", m.slug())));
        encode(&pairs)
    }

    /// The address of its first page.
    pub(super) fn href(&self) -> String {
        with_query("/openings", &self.query_string())
    }

    /// The address of the page behind a cursor.
    pub(super) fn href_after(&self, cursor: &str) -> String {
        let sep = if self.query_string().is_empty() { '?' } else { '&' };
        format!("{}{sep}{}", self.href(), encode(&[("cursor", cursor)]))
    }

    /// The same with something changed, from the first page on.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        other.cursor = None;
        change(&mut other);
        other
    }

    /// Every filter that is on, in words, with the search that leaves it out.
    pub(super) fn filters(&self) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        if !self.q.is_empty() {
            all.push((format!("“{}”", self.q), self.with(|s| s.q.clear())));
        }
        for kind in &self.kinds {
            all.push((kind.label().to_owned(), self.with(|s| s.kinds.retain(|k| k != kind))));
        }
        if let Some(market) = self.market {
            all.push((market.label(), self.with(|s| s.market = None)));
        }
        if let Some(state) = self.state {
            all.push((state.name().to_owned(), self.with(|s| s.state = None)));
        }
        if self.remote {
            all.push(("Remote work only".to_owned(), self.with(|s| s.remote = false)));
        }
        if let Some(specialty) = self.specialty {
            all.push((specialty.name().to_owned(), self.with(|s| s.specialty = None)));
        }
        if let Some(cents) = self.min_pay_cents {
            let without = self.with(|s| {
                s.min_pay.clear();
                s.min_pay_cents = None;
            });
            all.push((format!("At least {}", dollars(cents)), without));
        }
        if self.takes_candidates {
            all.push(("Takes physicians on the way".to_owned(), self.with(|s| s.takes_candidates = false)));
        }
        all
    }

    /// The address of the form for an alert with the same wishes; nothing when an alert cannot hold them all. An alert
    /// has no way to want only remote work, or only openings that take physicians on the way.
    pub(super) fn alert_href(&self) -> Option<String> {
        if self.remote || self.takes_candidates {
            return None;
        }
        let dollars = self.min_pay_cents.map(|cents| (cents / 100).to_string());
        let mut pairs: Vec<(&str, &str)> = self.kinds.iter().map(|k| ("kind", k.as_str())).collect();
        pairs.extend(self.specialty.map(|s| ("specialty", s.slug())));
        pairs.extend(self.market.map(|m| ("market", m.slug())));
        pairs.extend(self.state.map(|s| ("state", s.code())));
        if self.market.is_some() || self.state.is_some() {
            pairs.push(("remote_too", "no"));
        }
        pairs.extend(dollars.as_deref().map(|d| ("min_pay", d)));
        if !self.q.is_empty() {
            pairs.push(("words", &self.q));
        }
        (!pairs.is_empty()).then(|| with_query("/alerts", &encode(&pairs)))
    }
}

/// A value from a closed list; one that is not in it is noted.
fn one<T>(form: &Form, name: &str, parse: impl Fn(&str) -> Option<T>, wrong: &mut impl FnMut(&str, &str)) -> Option<T> {
    let text = form.filled(name)?;
    let value = parse(&text);
    if value.is_none() {
        wrong(name, "Choose one from the list; this filter was left out.");
    }
    value
}

/// A query string.
pub(super) fn encode(pairs: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        for query in [
            "",
            "q=spine+%26+neck",
            "kind=qme&kind=ime",
            "market=bakersfield&state=CA&remote=true",
            "specialty=orthopaedic-surgery&min_pay=1%2C200&takes_candidates=true&sort=pay",
            "q=spine&sort=distance&near=bakersfield",
        ] {
            let search = Search::read(query).unwrap();
            assert!(search.errors.is_empty(), "{query}");
            assert_eq!(search.query_string(), query);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let search = Search::read("kind=x&market=nowhere&min_pay=lots&sort=up&kind=qme&kind=qme").unwrap();
        let fields: Vec<&str> = search.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["min_pay", "kind", "market", "sort"]);
        assert_eq!(search.query_string(), "kind=qme");
    }

    #[test]
    fn each_filter_can_be_left_out_alone() {
        let search = Search::read("q=hand&kind=qme&remote=true&cursor=abc").unwrap();
        let without: Vec<String> = search.filters().into_iter().map(|(_, s)| s.query_string()).collect();
        assert_eq!(without, ["kind=qme&remote=true", "q=hand&remote=true", "q=hand&kind=qme"]);
        assert_eq!(search.href_after("f00"), "/openings?q=hand&kind=qme&remote=true&cursor=f00");
        assert_eq!(Search::read("").unwrap().href_after("f00"), "/openings?cursor=f00");
        assert_eq!(search.alert_href(), None);
        assert_eq!(Search::read("kind=qme").unwrap().alert_href().unwrap(), "/alerts?kind=qme");
    }
}
