use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FacetOption, FieldError, Link, OpeningRow},
};

/// `/openings`: browse and filter. Everything is a GET form; see the field names in the template: `q`, `kind` (repeated), `specialty`, `market`, `state`, `remote`, `min_pay`, `near`, `takes_candidates`, `sort`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Openings {
    /// One sentence with the counts.
    pub lede: String,
    /// How many openings the filters leave.
    pub total: i64,
    /// The text that was searched for.
    pub q: String,
    /// What a browser may offer while it is typed.
    pub hints: Vec<String>,
    /// The text whose results are shown, when nothing is found for `q` as it was typed.
    pub corrected: Option<String>,
    /// Kinds of work (`kind`).
    pub kinds: Vec<FacetOption>,
    /// Specialties (`specialty`).
    pub specialties: Vec<FacetOption>,
    /// Markets (`market`).
    pub markets: Vec<FacetOption>,
    /// States (`state`).
    pub states: Vec<FacetOption>,
    /// Only remote work (`remote=true`).
    pub remote: bool,
    /// How many that would leave.
    pub remote_count: i64,
    /// The market distances are measured from (`near`); empty for none.
    pub near: String,
    /// The markets to choose it from.
    pub nears: Vec<Choice>,
    /// The least pay in dollars as typed.
    pub min_pay: String,
    /// Only openings that take physicians on the way (`takes_candidates=true`).
    pub takes_candidates: bool,
    /// How many that would leave.
    pub candidates_count: i64,
    /// `best`, `newest`, `pay`, `closing` or `distance`.
    pub sort: String,
    /// The orders as links.
    pub sorts: Vec<SortLink>,
    /// Filters that are on; the link switches one off.
    pub chips: Vec<Link>,
    /// The list without filters.
    pub clear_href: String,
    /// Where the work is.
    pub bars: Vec<MarketBar>,
    /// This page of results.
    pub rows: Vec<OpeningRow>,
    /// When nothing is found for the text: what may be meant, such as "Pain Medicine: 12 openings".
    pub meant: Vec<Link>,
    /// When nothing is left: which filter to drop, in words such as "Without Bakersfield: 12 openings".
    pub drops: Vec<Link>,
    /// The first page, when this is a later one.
    pub first_href: Option<String>,
    /// The next (older) page.
    pub next_href: Option<String>,
    /// Where to save this search as an alert, for members.
    pub alert_href: Option<String>,
    /// A notice, for example that text search is not available now.
    pub note: Option<String>,
    /// Filters that could not be read.
    pub errors: Vec<FieldError>,
}

impl Page for Openings {
    const TEMPLATE: &'static str = "openings";

    fn title(&self) -> String {
        "Openings".to_owned()
    }
}

/// One order of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SortLink {
    /// The list in this order.
    pub href: String,
    /// Its words.
    pub label: String,
    /// Whether it is the current order.
    pub current: bool,
}

/// One market with its number of openings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MarketBar {
    /// The list of this market.
    pub href: String,
    /// The market's name.
    pub label: String,
    /// How many openings.
    pub count: i64,
    /// The length of the bar, 0 to 100.
    pub percent: i64,
}
