//! `/openings`: browse, search and filter.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use domain::eligibility::{Verdict, check};
use frontend::pages::Openings;
use frontend::view::{Link, OpeningRow};
use store::Conn;
use store::members::Member;
use store::openings::Opening;

use super::filters;
use super::find::{Found, count, find};
use super::search::{Search, encode};
use crate::app::App;
use crate::auth::SignedIn;
use crate::error::AppError;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/openings", web::get().to(list));
}

async fn list(shell: Shell, req: HttpRequest) -> WebResult {
    let search = Search::read(req.query_string())?;
    let reader = match &shell.signed {
        SignedIn::Member(m) => Some(m.member.clone()),
        _ => None,
    };
    let page = shell.app.read(move |conn, app| page_of(conn, app, &search, reader.as_ref())).await?;
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    shell.page_with(status, &page)
}

fn page_of(conn: &mut Conn, app: &App, search: &Search, reader: Option<&Member>) -> Result<Openings, AppError> {
    let query = search.query();
    let found = find(conn, app, &query)?;
    let rows = rows(conn, app, search, &found.openings, reader)?;
    let with = |change: fn(&mut Search)| count(app, &search.with(change).query()).unwrap_or(0);
    Ok(Openings {
        lede: lede(app),
        total: i64::try_from(found.total).unwrap_or(i64::MAX),
        q: search.q.clone(),
        kinds: filters::kinds(search, &found.facets),
        specialties: filters::specialties(search, &found.facets),
        markets: filters::markets(search, &found.facets),
        states: filters::states(search, &found.facets),
        remote: search.remote,
        remote_count: with(|s| s.remote = true),
        min_pay: search.min_pay.clone(),
        takes_candidates: search.takes_candidates,
        candidates_count: with(|s| s.takes_candidates = true),
        sort: search.sort.as_str().to_owned(),
        sorts: filters::sorts(search),
        chips: search.filters().into_iter().map(|(label, without)| Link::new(without.href(), label)).collect(),
        clear_href: "/openings".to_owned(),
        bars: filters::bars(search, &found.facets),
        drops: if rows.is_empty() { drops(app, search) } else { Vec::new() },
        rows,
        first_href: search.cursor.as_ref().map(|_| search.href()),
        next_href: found.next_cursor.as_deref().map(|c| search.href_after(c)),
        alert_href: reader.and_then(|_| search.alert_href()),
        note: found.note,
        errors: search.errors.clone(),
    })
}

fn lede(app: &App) -> String {
    match app.index.openings().count() {
        0 => "QME, IME and chart review work for physicians, posted by companies and read by an admin before it is shown.".to_owned(),
        1 => "One opening is live, confirmed by its company in the last 14 days.".to_owned(),
        n => format!("{n} openings are live, each confirmed by its company in the last 14 days."),
    }
}

/// The rows, each with the way back to this list and, for a member, with how it fits.
fn rows(
    conn: &mut Conn,
    app: &App,
    search: &Search,
    openings: &[Opening],
    reader: Option<&Member>,
) -> Result<Vec<OpeningRow>, AppError> {
    let now = app.now();
    let who = match reader {
        Some(member) => store::profiles::candidates(conn, std::slice::from_ref(member))?.pop(),
        None => None,
    };
    let rules = store::facts::rulebook(conn)?;
    let back = search.query_string();
    let row = |opening: &Opening| {
        let verdict: Option<Verdict> = who.as_ref().map(|who| check(&rules, &opening.offer(), who, now));
        let mut row = words::row(opening, now, verdict.as_ref());
        if !back.is_empty() {
            row.href = format!("{}?{}", row.href, encode(&[("from", &back)]));
        }
        row
    };
    Ok(openings.iter().map(row).collect())
}

/// When nothing is left: what would be found without each of the filters, most first.
fn drops(app: &App, search: &Search) -> Vec<Link> {
    let mut gains: Vec<(i64, String, Search)> = search
        .filters()
        .into_iter()
        .filter_map(|(label, without)| Some((count(app, &without.query())?, label, without)))
        .filter(|(n, _, _)| *n > 0)
        .collect();
    gains.sort_by_key(|(n, _, _)| -n);
    if gains.is_empty() {
        let all = Search::default();
        gains.extend(count(app, &all.query()).filter(|n| *n > 0).map(|n| (n, "any filter".to_owned(), all)));
    }
    let line = |n: i64| if n == 1 { "1 opening".to_owned() } else { format!("{n} openings") };
    gains
        .into_iter()
        .map(|(n, label, without)| Link::new(without.href(), format!("Without {label}: {}", line(n))))
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
        let Found { openings, .. } = find(conn, app, &search.query())?;
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
