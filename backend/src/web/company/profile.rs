//! `/company/profile`: what the company says of itself.

use actix_web::http::StatusCode;
use domain::standing::CompanyStanding;
use frontend::pages::CompanyProfile;

use super::super::WebResult;
use super::super::form::{Form, field_errors};
use super::super::shell::Shell;
use crate::auth::{Guarded, ManageCompany, Routes};
use crate::error::AppError;
use crate::usecases::{self, CompanyChange};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/company/profile", show).post("/company/profile", save);
}

async fn show(shell: Shell, who: Guarded<ManageCompany>) -> WebResult {
    let company = who.into_inner().company;
    let is_public = company.standing == CompanyStanding::Approved;
    shell.page(&CompanyProfile {
        public_href: is_public.then(|| format!("/companies/{}", company.slug)),
        name: company.name,
        website: company.website,
        about: company.about,
        errors: Vec::new(),
    })
}

async fn save(shell: Shell, who: Guarded<ManageCompany>, form: Form) -> WebResult {
    let company = who.into_inner().company;
    let text = |name| Some(form.text(name).to_owned());
    let change = CompanyChange { name: text("name"), website: text("website"), about: text("about") };
    match shell.app.write(move |conn, _| usecases::change_company(conn, &company, &change)).await {
        Ok(_) => shell.done("/company/profile", "Saved. Physicians read it from now on."),
        Err(AppError::Invalid(errors)) => shell.page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &CompanyProfile {
                name: form.text("name").to_owned(),
                website: form.text("website").to_owned(),
                about: form.text("about").to_owned(),
                public_href: None,
                errors: field_errors(&errors, str::to_owned),
            },
        ),
        Err(error) => Err(error),
    }
}
