//! `/openings`: browse, search and filter.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use domain::candidate::Candidate;
use domain::eligibility::{Verdict, check};
use domain::markup::plain;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use frontend::pages::Openings;
use frontend::view::{FieldError, Link, OpeningRow, Piece};
use search_index::{Sort, Suggestion, SuggestionKind, snippet};
use store::Conn;
use store::members::Member;
use store::openings::Opening;

use super::filters;
use super::find::{Found, count, find};
use super::search::{Search, encode};
use crate::app::App;
use crate::auth::{Routes, SignedIn};
use crate::error::AppError;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/openings", list);
}

async fn list(shell: Shell, req: HttpRequest) -> WebResult {
    let search = Search::read(req.query_string())?;
    let reader = match &shell.signed {
        SignedIn::Member(m) => Some(m.member.clone()),
        _ => None,
    };
    let page = shell.app.read(move |conn, app| page_of(conn, app, search, reader.as_ref())).await?;
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    shell.page_with(status, &page)
}

fn page_of(conn: &mut Conn, app: &App, search: Search, reader: Option<&Member>) -> Result<Openings, AppError> {
    let who = match reader {
        Some(member) => store::profiles::candidates(conn, std::slice::from_ref(member))?.pop(),
        None => None,
    };
    let search = &measured(search, who.as_ref());
    let found = find(conn, app, &search.query(app.now()))?;
    let rows = rows(conn, app, search, &found, who.as_ref())?;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let is_empty = rows.is_empty();
    Ok(Openings {
        lede: lede(app),
        total: i64::try_from(found.total).unwrap_or(i64::MAX),
        q: search.q.clone(),
        hints: filters::hints(),
        corrected: found.corrected,
        kinds: filters::kinds(search, &found.facets),
        specialties: filters::specialties(search, &found.facets),
        markets: filters::markets(search, &found.facets),
        states: filters::states(search, &found.facets),
        remote: search.remote,
        remote_count: count(found.facets.remote),
        near: search.near.map_or_else(String::new, |m| m.slug().to_owned()),
        nears: filters::nears(search, &found.facets),
        min_pay: search.min_pay.clone(),
        takes_candidates: search.takes_candidates,
        candidates_count: count(found.facets.takes_candidates),
        sort: search.sort.as_str().to_owned(),
        sorts: filters::sorts(search),
        chips: search.filters().into_iter().map(|(label, without)| Link::new(without.href(), label)).collect(),
        clear_href: "/openings".to_owned(),
        bars: filters::bars(search, &found.facets),
        rows,
        meant: if is_empty { meant(app, search)? } else { Vec::new() },
        drops: if is_empty { drops(app, search) } else { Vec::new() },
        first_href: search.cursor.as_ref().map(|_| search.href()),
        next_href: found.next_cursor.as_deref().map(|c| search.href_after(c)),
        alert_href: reader.and_then(|_| search.alert_href()),
        note: found.note,
        errors: search.errors.clone(),
    })
}

/// With the reader's bases to measure from. Without any place the list cannot be sorted by distance, and says so.
fn measured(mut search: Search, who: Option<&Candidate>) -> Search {
    search.bases = who.map(|who| who.profile.bases.iter().map(|base| base.market).collect()).unwrap_or_default();
    if search.sort == Sort::Distance && search.from().is_empty() {
        search.sort = Sort::Newest;
        search.errors.push(FieldError::new("near", "Choose the place to measure from."));
    }
    search
}

fn lede(app: &App) -> String {
    match app.index.openings().live(app.now()) {
        0 => "QME, IME and chart review work for physicians, posted by companies and read by an admin before it is shown.".to_owned(),
        1 => "One opening is live, confirmed by its company in the last 14 days.".to_owned(),
        n => format!("{n} openings are live, each confirmed by its company in the last 14 days."),
    }
}

/// The rows, each with the way back to this list, with what the text found in it and, for a member, with how it fits.
fn rows(
    conn: &mut Conn,
    app: &App,
    search: &Search,
    found: &Found,
    who: Option<&Candidate>,
) -> Result<Vec<OpeningRow>, AppError> {
    let now = app.now();
    let rules = store::facts::rulebook(conn)?;
    let back = search.query_string();
    let text = found.corrected.as_ref().unwrap_or(&search.q);
    let row = |opening: &Opening| {
        let verdict: Option<Verdict> = who.map(|who| check(&rules, &opening.offer(), who, now));
        let mut row = words::row(opening, now, verdict.as_ref());
        if !back.is_empty() {
            row.href = format!("{}?{}", row.href, encode(&[("from", &back)]));
        }
        let pieces = snippet(&plain(&opening.terms.description), text).into_iter();
        row.snippet = pieces.map(|piece| Piece { text: piece.text, mark: piece.is_match }).collect();
        row
    };
    Ok(found.openings.iter().map(row).collect())
}

/// When nothing is found for a text: what it might mean, as searches that find something.
fn meant(app: &App, search: &Search) -> Result<Vec<Link>, AppError> {
    const AT_MOST: usize = 5;
    let found = app.index.openings().did_you_mean(&search.q, AT_MOST, app.now())?;
    let link = |s: Suggestion| {
        let all = Search::default();
        let href = match s.kind {
            SuggestionKind::Specialty => all.with(|a| a.specialty = Specialty::parse(&s.value)).href(),
            SuggestionKind::Market => all.with(|a| a.market = Market::parse(&s.value)).href(),
            SuggestionKind::State => all.with(|a| a.state = State::parse(&s.value)).href(),
            SuggestionKind::Company => format!("/companies/{}", s.value),
            SuggestionKind::Word => all.with(|a| a.q.clone_from(&s.value)).href(),
        };
        Link::new(href, format!("{}: {}", s.text, openings(i64::try_from(s.count).unwrap_or(i64::MAX))))
    };
    Ok(found.into_iter().map(link).collect())
}

fn openings(count: i64) -> String {
    if count == 1 { "1 opening".to_owned() } else { format!("{count} openings") }
}

/// When nothing is left: what would be found without each of the filters, most first.
fn drops(app: &App, search: &Search) -> Vec<Link> {
    let mut gains: Vec<(i64, String, Search)> = search
        .filters()
        .into_iter()
        .filter_map(|(label, without)| Some((count(app, &without.query(app.now()))?, label, without)))
        .filter(|(n, _, _)| *n > 0)
        .collect();
    gains.sort_by_key(|(n, _, _)| -n);
    if gains.is_empty() {
        let all = Search::default();
        gains.extend(count(app, &all.query(app.now())).filter(|n| *n > 0).map(|n| (n, "any filter".to_owned(), all)));
    }
    gains
        .into_iter()
        .map(|(n, label, without)| Link::new(without.href(), format!("Without {label}: {}", openings(n))))
        .collect()
}

/// A page of the list for the address in `from`, read and written again so that nothing else can be in it.
pub(super) fn way_back(from: &str) -> (String, &'static str) {
    match Search::read(from) {
        Ok(search) if !search.query_string().is_empty() => (search.href(), "Back to your search"),
        _ => ("/openings".to_owned(), "All openings"),
    }
}

/// Live openings like this one: the same kind and specialty, else the same kind.
pub(super) fn similar(conn: &mut Conn, app: &App, to: &Opening) -> Result<Vec<OpeningRow>, AppError> {
    const MOST: usize = 3;
    let search =
        Search { kinds: vec![to.terms.kind], specialty: to.terms.specialties.first().copied(), ..Search::default() };
    let mut all: Vec<Opening> = Vec::new();
    for search in [
        search.with(|s| s.market = to.terms.markets.first().copied()),
        search.clone(),
        search.with(|s| s.specialty = None),
    ] {
        let Found { openings, .. } = find(conn, app, &search.query(app.now()))?;
        for opening in openings {
            if opening.id != to.id && all.len() < MOST && all.iter().all(|o| o.id != opening.id) {
                all.push(opening);
            }
        }
        if all.len() == MOST {
            break;
        }
    }
    Ok(all.iter().map(|o| words::row(o, app.now(), None)).collect())
}
