//! `/admin/members/{id}/contact`: an admin's look at a contact. The page before it says what it means; the contact is
//! shown in the answer to the look itself and nowhere else.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::MemberId;
use domain::contact::ContactField;
use frontend::pages::{AdminContact, AdminContactSeen};
use frontend::view::{FieldError, PrivateFact};

use super::super::WebResult;
use super::super::company::contact_fact;
use super::super::form::{Form, field_errors};
use super::super::shell::{Shell, not_kept};
use super::labels::member;
use crate::auth::{Guarded, LookAtContact, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/members/{id}/contact", ask).post("/admin/members/{id}/contact", look);
}

async fn ask(shell: Shell, _: Guarded<LookAtContact>, id: Path<String>) -> WebResult {
    let id = MemberId::parse(&id).ok_or(AppError::NotFound)?;
    page(&shell, StatusCode::OK, id, "", Vec::new()).await
}

async fn page(shell: &Shell, status: StatusCode, id: MemberId, reason: &str, errors: Vec<FieldError>) -> WebResult {
    let of = id.clone();
    let allowed =
        shell.app.read(move |conn, _| Ok(store::members::find(conn, &of)?.permissions.admin_outreach)).await?;
    let page = AdminContact { id: id.to_string(), label: member(&id), allowed, reason: reason.to_owned(), errors };
    shell.page_with(status, &page)
}

async fn look(shell: Shell, who: Result<Guarded<LookAtContact>, AppError>, id: Path<String>, form: Form) -> WebResult {
    let admin = who?.into_inner();
    let id = MemberId::parse(&id).ok_or(AppError::NotFound)?;
    let (of, reason) = (id.clone(), form.text("reason").to_owned());
    let seen = shell.app.write(move |conn, app| usecases::look_at_contact(conn, app, &admin, &of, &reason)).await;
    let fields: Vec<(ContactField, String)> = match seen {
        Ok(fields) => fields,
        Err(AppError::Invalid(errors)) => {
            let errors = field_errors(&errors, str::to_owned);
            return page(&shell, StatusCode::UNPROCESSABLE_ENTITY, id, form.text("reason"), errors).await;
        }
        Err(error) => return Err(error),
    };
    let facts: Vec<PrivateFact> = fields.iter().map(|(field, value)| contact_fact(*field, value)).collect();
    not_kept(shell.page(&AdminContactSeen { id: id.to_string(), label: member(&id), fields: facts })?)
}
