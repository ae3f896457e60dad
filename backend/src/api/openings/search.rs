//! `GET /openings`: search, filters and facets.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::Kind;
use domain::markup::plain;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use search_index::{FacetCount, Facets, Fragment, OpeningQuery, SearchError, Sort, snippet};
use serde::Serialize;
use store::Conn;
use store::openings::Opening;

use super::OpeningResponse;
use crate::api::extract::Params;
use crate::api::{ApiResult, ok};
use crate::app::App;
use crate::auth::SignedIn;
use crate::error::AppError;

#[derive(Serialize)]
struct FacetValue {
    value: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct FacetsResponse {
    kind: Vec<FacetValue>,
    specialty: Vec<FacetValue>,
    market: Vec<FacetValue>,
    state: Vec<FacetValue>,
    pay_band: Vec<FacetValue>,
}

impl From<Facets> for FacetsResponse {
    fn from(f: Facets) -> Self {
        let values = |counts: Vec<FacetCount>| {
            counts.into_iter().map(|c| FacetValue { value: c.value, count: c.count }).collect()
        };
        Self {
            kind: values(f.kind),
            specialty: values(f.specialty),
            market: values(f.market),
            state: values(f.state),
            pay_band: values(f.pay_band),
        }
    }
}

/// A piece of the description, plain text.
#[derive(Serialize)]
struct Piece {
    text: String,
    #[serde(rename = "match")]
    is_match: bool,
}

/// An opening that was found.
#[derive(Serialize)]
struct FoundResponse {
    #[serde(flatten)]
    opening: OpeningResponse,
    /// Where the words of the search stand in the description; absent when they do not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    snippet: Vec<Piece>,
}

impl FoundResponse {
    fn new(opening: &Opening, text: &str) -> Self {
        let piece = |f: Fragment| Piece { text: f.text, is_match: f.is_match };
        let pieces = snippet(&plain(&opening.terms.description), text);
        Self { opening: OpeningResponse::from(opening), snippet: pieces.into_iter().map(piece).collect() }
    }
}

#[derive(Serialize)]
struct ListResponse {
    items: Vec<FoundResponse>,
    next_cursor: Option<String>,
    total: usize,
    /// What was searched for instead of a misspelt `q` that finds nothing.
    corrected: Option<String>,
    facets: FacetsResponse,
}

fn query(mut p: Params, now: DateTime<Utc>) -> Result<OpeningQuery, AppError> {
    let query = OpeningQuery {
        now,
        text: p.text("q"),
        kinds: p.parsed_list("kind", Kind::parse, "Give qme, ime or chart_review."),
        specialty: p.parsed("specialty", Specialty::parse, "Give a specialty's slug."),
        market: p.parsed("market", Market::parse, "Give a market's slug."),
        state: p.parsed("state", State::parse, "Give a two-letter state code."),
        remote: p.flag("remote"),
        min_pay_cents: p.parsed("min_pay_cents", |t| t.parse().ok().filter(|c| *c >= 0), "Give an amount in cents."),
        takes_candidates: p.flag("takes_candidates"),
        sort: p.parsed("sort", Sort::parse, "Give best, newest, pay, closing or distance.").unwrap_or_default(),
        from: p.parsed_list("near", Market::parse, "Give the slug of the market to measure from."),
        limit: p.limit(),
        cursor: p.text("cursor"),
    };
    p.finish()?;
    Ok(query)
}

/// Where to measure from: what was asked for, else the bases of a member.
fn measured(conn: &mut Conn, mut query: OpeningQuery, who: &SignedIn) -> Result<OpeningQuery, AppError> {
    if query.sort != Sort::Distance || !query.from.is_empty() {
        return Ok(query);
    }
    if let SignedIn::Member(who) = who {
        let profile = store::profiles::get(conn, &who.member.id)?;
        query.from = profile.bases.into_iter().map(|base| base.market).collect();
    }
    if query.from.is_empty() {
        return Err(AppError::field("near", "required", "Give the slug of the market to measure from."));
    }
    Ok(query)
}

pub(super) async fn list(app: Data<App>, who: SignedIn, params: Params) -> ApiResult {
    let query = query(params, app.now())?;
    let answer = app
        .read(move |conn, app| {
            let query = measured(conn, query, &who)?;
            found(conn, app, &query)
        })
        .await?;
    ok(&answer)
}

fn found(conn: &mut Conn, app: &App, query: &OpeningQuery) -> Result<ListResponse, AppError> {
    let page = app.index.openings().search(query).map_err(|e| match e {
        SearchError::BadCursor => AppError::field("cursor", "unknown", "Give the cursor as it was given to you."),
        other => AppError::internal(other),
    })?;
    // The index proposes; the row decides whether it is still live.
    let rows = store::openings::find_many(conn, &page.ids)?;
    let text = page.corrected.as_deref().or(query.text.as_deref()).unwrap_or_default();
    let live = rows.iter().filter(|o| o.liveness.is_live(query.now));
    Ok(ListResponse {
        items: live.map(|o| FoundResponse::new(o, text)).collect(),
        next_cursor: page.next_cursor,
        total: page.total,
        corrected: page.corrected,
        facets: page.facets.into(),
    })
}
