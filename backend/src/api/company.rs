//! A company's own record.

use actix_web::web::Data;
use domain::CompanyId;
use domain::standing::CompanyStanding;
use serde::Serialize;
use store::companies::Company;

use super::extract::Json;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, ManageCompany, Routes, SeeCompany};
use crate::usecases::{self, CompanyChange};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/company", show).patch("/api/v1/company", change);
}

#[derive(Serialize)]
struct OwnCompanyResponse {
    id: CompanyId,
    slug: String,
    name: String,
    website: String,
    about: String,
    standing: CompanyStanding,
}

impl From<Company> for OwnCompanyResponse {
    fn from(c: Company) -> Self {
        Self { id: c.id, slug: c.slug, name: c.name, website: c.website, about: c.about, standing: c.standing }
    }
}

async fn show(who: Guarded<SeeCompany>) -> ApiResult {
    ok(&OwnCompanyResponse::from(who.into_inner().company))
}

async fn change(app: Data<App>, who: Guarded<ManageCompany>, body: Json<CompanyChange>) -> ApiResult {
    let company = who.into_inner().company;
    let changed = app.write(move |conn, _| usecases::change_company(conn, &company, &body.0)).await?;
    ok(&OwnCompanyResponse::from(changed))
}
