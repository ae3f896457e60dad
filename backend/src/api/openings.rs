//! Public openings and companies.

use actix_web::web::{self, Data, Path, ServiceConfig};
use chrono::{DateTime, Utc};
use domain::input::OpeningInput;
use domain::opening::OpeningStatus;
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::standing::CompanyStanding;
use domain::{Kind, OpeningId};
use search_index::{FacetCount, Facets, OpeningQuery, Sort};
use serde::Serialize;
use store::openings::Opening;

use super::extract::Params;
use super::{ApiResult, ok};
use crate::app::App;
use crate::error::AppError;

/// Routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/api/v1/openings", web::get().to(list))
        .route("/api/v1/openings/{id}", web::get().to(one))
        .route("/api/v1/companies/{slug}", web::get().to(company));
}

/// A company as anyone sees it.
#[derive(Serialize)]
pub(super) struct CompanyName {
    slug: String,
    name: String,
}

/// An opening as anyone sees it; companies read the same shape.
#[derive(Serialize)]
pub(super) struct OpeningResponse {
    id: OpeningId,
    revision: i32,
    status: OpeningStatus,
    company: CompanyName,
    #[serde(flatten)]
    terms: OpeningInput,
    confirmed_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
}

impl From<&Opening> for OpeningResponse {
    fn from(o: &Opening) -> Self {
        Self {
            id: o.id.clone(),
            revision: o.revision,
            status: o.liveness.status,
            company: CompanyName { slug: o.company_slug.clone(), name: o.company_name.clone() },
            terms: OpeningInput::from(&o.terms),
            confirmed_at: o.liveness.confirmed_at,
            published_at: o.published_at,
        }
    }
}

#[derive(Serialize)]
struct FacetValue {
    value: String,
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

#[derive(Serialize)]
struct ListResponse {
    items: Vec<OpeningResponse>,
    next_cursor: Option<String>,
    total: usize,
    facets: FacetsResponse,
}

fn query(mut p: Params) -> Result<OpeningQuery, AppError> {
    let query = OpeningQuery {
        text: p.text("q"),
        kinds: p.parsed_list("kind", Kind::parse, "Give qme, ime or chart_review."),
        specialty: p.parsed("specialty", Specialty::parse, "Give a specialty's slug."),
        market: p.parsed("market", Market::parse, "Give a market's slug."),
        state: p.parsed("state", State::parse, "Give a two-letter state code."),
        remote: p.flag("remote"),
        min_pay_cents: p.parsed("min_pay_cents", |t| t.parse().ok().filter(|c| *c >= 0), "Give an amount in cents."),
        takes_candidates: p.flag("takes_candidates"),
        sort: p.parsed("sort", Sort::parse, "Give best, newest, pay or closing.").unwrap_or_default(),
        limit: p.limit(),
        cursor: p.text("cursor"),
    };
    p.finish()?;
    Ok(query)
}

async fn list(app: Data<App>, params: Params) -> ApiResult {
    let query = query(params)?;
    let answer = app
        .read(move |conn, app| {
            let page = app.index.openings().search(&query).map_err(|e| match e {
                search_index::SearchError::BadCursor => {
                    AppError::field("cursor", "unknown", "Give the cursor as it was given to you.")
                }
                other => AppError::internal(other),
            })?;
            let now = app.now();
            // The index proposes; the row decides whether it is still live.
            let found = store::openings::find_many(conn, &page.ids)?;
            Ok(ListResponse {
                items: found.iter().filter(|o| o.liveness.is_live(now)).map(OpeningResponse::from).collect(),
                next_cursor: page.next_cursor,
                total: page.total,
                facets: page.facets.into(),
            })
        })
        .await?;
    ok(&answer)
}

async fn one(app: Data<App>, id: Path<String>) -> ApiResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let opening = app
        .read(move |conn, app| {
            let opening = store::openings::find(conn, &id)?;
            // What was never public does not exist; what was and is over says so.
            match (opening.published_at, opening.liveness.is_live(app.now())) {
                (_, true) => Ok(opening),
                (None, false) => Err(AppError::NotFound),
                (Some(_), false) => Err(AppError::Gone("This opening is no longer open.")),
            }
        })
        .await?;
    ok(&OpeningResponse::from(&opening))
}

#[derive(Serialize)]
struct CompanyResponse {
    slug: String,
    name: String,
    website: String,
    about: String,
    verified_at: Option<DateTime<Utc>>,
    openings: Vec<OpeningResponse>,
}

async fn company(app: Data<App>, slug: Path<String>) -> ApiResult {
    let slug = slug.into_inner();
    let answer = app
        .read(move |conn, app| {
            let company = store::companies::by_slug(conn, &slug)?;
            match company.standing {
                CompanyStanding::Approved => {}
                CompanyStanding::Pending => return Err(AppError::NotFound),
                CompanyStanding::Suspended | CompanyStanding::Banned => {
                    return Err(AppError::Gone("This company is no longer here."));
                }
            }
            let now = app.now();
            let openings = store::openings::of_company(conn, &company.id)?;
            Ok(CompanyResponse {
                slug: company.slug,
                name: company.name,
                website: company.website,
                about: company.about,
                verified_at: company.approved_at,
                openings: openings.iter().filter(|o| o.liveness.is_live(now)).map(OpeningResponse::from).collect(),
            })
        })
        .await?;
    ok(&answer)
}
