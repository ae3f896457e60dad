//! The filters beside the list, each choice with the number of openings it would leave.

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use frontend::pages::{MarketBar, SortLink};
use frontend::view::{Choice, FacetOption};
use search_index::{FacetCount, Facets, Sort};

use super::search::Search;

/// How many markets the bars show.
const BARS: usize = 8;

/// Every kind of work.
pub(super) fn kinds(search: &Search, facets: &Facets) -> Vec<FacetOption> {
    Kind::ALL
        .iter()
        .map(|kind| {
            let checked = search.kinds.contains(kind);
            let switched = search.with(|s| if checked { s.kinds.retain(|k| k != kind) } else { s.kinds.push(*kind) });
            FacetOption {
                value: kind.as_str().to_owned(),
                label: kind.label().to_owned(),
                count: count_of(&facets.kind, kind.as_str()),
                checked,
                href: switched.href(),
            }
        })
        .collect()
}

/// The specialties that openings ask for.
pub(super) fn specialties(search: &Search, facets: &Facets) -> Vec<FacetOption> {
    options(
        &facets.specialty,
        search.specialty,
        Specialty::parse,
        |s| (s.slug(), s.name().to_owned()),
        |to| search.with(|s| s.specialty = to).href(),
    )
}

/// The markets that openings lie in.
pub(super) fn markets(search: &Search, facets: &Facets) -> Vec<FacetOption> {
    options(
        &facets.market,
        search.market,
        Market::parse,
        |m| (m.slug(), m.label()),
        |to| search.with(|s| s.market = to).href(),
    )
}

/// The states that openings lie in.
pub(super) fn states(search: &Search, facets: &Facets) -> Vec<FacetOption> {
    options(
        &facets.state,
        search.state,
        State::parse,
        |s| (s.code(), s.name().to_owned()),
        |to| search.with(|s| s.state = to).href(),
    )
}

/// The choices of one filter by name; the one that is on stands among them even when nothing is left with it.
fn options<T: Copy + PartialEq>(
    counts: &[FacetCount],
    on: Option<T>,
    parse: impl Fn(&str) -> Option<T>,
    name: impl Fn(T) -> (&'static str, String),
    href: impl Fn(Option<T>) -> String,
) -> Vec<FacetOption> {
    let mut found: Vec<T> = counts.iter().filter_map(|c| parse(c.value)).collect();
    found.extend(on.filter(|on| !found.contains(on)));
    let mut all: Vec<FacetOption> = found
        .into_iter()
        .map(|choice| {
            let (value, label) = name(choice);
            let checked = on == Some(choice);
            FacetOption {
                value: value.to_owned(),
                label,
                count: count_of(counts, value),
                checked,
                href: href((!checked).then_some(choice)),
            }
        })
        .collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    all
}

fn count_of(counts: &[FacetCount], value: &str) -> i64 {
    counts.iter().find(|c| c.value == value).and_then(|c| i64::try_from(c.count).ok()).unwrap_or(0)
}

/// The markets with the most openings.
pub(super) fn bars(search: &Search, facets: &Facets) -> Vec<MarketBar> {
    let most = facets.market.iter().map(|c| c.count).max().unwrap_or(1).max(1);
    let of_market = |c: &FacetCount| {
        let market = Market::parse(c.value)?;
        Some(MarketBar {
            href: search.with(|s| s.market = Some(market)).href(),
            label: market.label(),
            count: i64::try_from(c.count).ok()?,
            percent: i64::try_from(c.count * 100 / most).ok()?,
        })
    };
    facets.market.iter().filter_map(of_market).take(BARS).collect()
}

/// Places to measure from: those that openings lie in, those asked for most, and the one that is chosen.
pub(super) fn nears(search: &Search, facets: &Facets) -> Vec<Choice> {
    let mut all: Vec<Market> = facets.market.iter().filter_map(|c| Market::parse(c.value)).collect();
    all.extend(Market::all().filter(|m| m.popular()).chain(search.near));
    all.sort_by_key(|m| m.label());
    all.dedup();
    all.into_iter().map(|m| Choice::new(m.slug(), m.label())).collect()
}

/// What to type into the search, for browsers that offer it.
pub(super) fn hints() -> Vec<String> {
    let places = Market::all().filter(|m| m.popular()).map(|m| m.label());
    Specialty::all().map(|s| s.name().to_owned()).chain(places).collect()
}

/// The orders of the list. Without a text nothing matches better than anything else, so the best is the newest;
/// without a place nothing is nearer.
pub(super) fn sorts(search: &Search) -> Vec<SortLink> {
    let shown = |sort: &Sort| match sort {
        Sort::Best => !search.q.is_empty(),
        Sort::Distance => !search.from().is_empty(),
        Sort::Newest | Sort::Pay | Sort::Closing => true,
    };
    let current = if search.sort == Sort::Best && search.q.is_empty() { Sort::Newest } else { search.sort };
    Sort::ALL
        .iter()
        .filter(|sort| shown(sort))
        .map(|sort| SortLink {
            href: search.with(|s| s.sort = *sort).href(),
            label: match sort {
                Sort::Best => "Best match",
                Sort::Newest => "Newest",
                Sort::Pay => "Highest pay",
                Sort::Closing => "Closing first",
                Sort::Distance => "Nearest first",
            }
            .to_owned(),
            current: *sort == current,
        })
        .collect()
}
