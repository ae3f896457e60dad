//! Public openings and companies.

mod search;
mod suggest;

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::OpeningId;
use domain::input::OpeningInput;
use domain::opening::OpeningStatus;
use domain::standing::CompanyStanding;
use serde::Serialize;
use store::openings::Opening;

use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::Routes;
use crate::error::AppError;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/openings", search::list)
        .get("/api/v1/openings/suggest", suggest::suggest)
        .get("/api/v1/openings/{id}", one)
        .get("/api/v1/companies/{slug}", company);
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
