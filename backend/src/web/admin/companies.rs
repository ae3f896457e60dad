//! `/admin/companies`: companies by name, site and standing.

use actix_web::HttpRequest;
use domain::standing::CompanyStanding;
use frontend::pages::{AdminCompanies, AdminRow};
use store::companies::Company;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::day;
use super::labels::{company_standing, options};
use super::paging::cut;
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/companies", list);
}

async fn list(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let standing = CompanyStanding::parse(query.text("status"));
    let all = shell.app.read(move |conn, _| Ok(store::companies::list(conn, standing, i64::MAX)?)).await?;
    let wanted = query.text("q").to_lowercase();
    let found = all
        .into_iter()
        .filter(|c| c.name.to_lowercase().contains(&wanted) || c.website.to_lowercase().contains(&wanted));
    let (rows, next) = cut(found.collect(), query.text("cursor"), |c: &Company| c.id.to_string());
    let status = standing.map_or("", CompanyStanding::as_str);
    let next = next.map(|id| {
        let pairs = [("q", query.text("q")), ("status", status), ("cursor", &id)];
        serde_urlencoded::to_string(pairs).map(|query| format!("/admin/companies?{query}"))
    });
    shell.page(&AdminCompanies {
        q: query.text("q").to_owned(),
        status: status.to_owned(),
        status_options: options(CompanyStanding::ALL, CompanyStanding::as_str, company_standing),
        rows: rows.iter().map(row).collect(),
        next_href: next.transpose().map_err(AppError::internal)?,
    })
}

fn row(company: &Company) -> AdminRow {
    AdminRow {
        href: format!("/admin/companies/{}", company.id),
        label: company.name.clone(),
        status: company_standing(company.standing),
        facts: company.website.trim_start_matches("https://").to_owned(),
        since: day(company.created_at.date_naive()),
    }
}
