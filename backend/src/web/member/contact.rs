//! `/profile/contact`: the sealed part, shown to its owner alone.

use actix_web::http::StatusCode;
use domain::contact::{Contact, ContactField};
use domain::errors::Errors;
use frontend::Private;
use frontend::pages::ContactEdit;
use store::contacts::OwnContact;
use store::members::Member;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, ContactInput};
use crate::web::WebResult;
use crate::web::form::{Form, field_errors};
use crate::web::shell::Shell;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/profile/contact", show).post("/profile/contact", save);
}

/// The member's own contact.
pub(super) async fn own(app: &App, member: &Member) -> Result<Contact, AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    app.read(move |conn, app| Ok(store::contacts::own(conn, &app.vault, &owner)?)).await
}

/// The address that waits to be confirmed, for its owner's page.
async fn waiting(app: &App, member: &Member) -> Result<Option<Private>, AppError> {
    let member = member.clone();
    let waits = app.read(move |conn, app| usecases::waiting_email(conn, app, &member)).await?;
    Ok(waits.map(|email| Private::from(email.reveal())))
}

/// A licence a line.
fn listed(contact: &Contact) -> String {
    contact.licences.iter().map(|licence| licence.reveal()).collect::<Vec<_>>().join("\n")
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let contact = own(&shell.app, &who.member).await?;
    let value = |field| Private::from(contact.field(field).unwrap_or_default());
    shell.page(&ContactEdit {
        name: value(ContactField::Name),
        email: value(ContactField::Email),
        waiting: waiting(&shell.app, &who.member).await?,
        phone: value(ContactField::Phone),
        npi: value(ContactField::Npi),
        cv: value(ContactField::Cv),
        licences: Private::from(listed(&contact).as_str()),
        errors: Vec::new(),
    })
}

async fn save(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let who = who.into_inner();
    let (member, fresh) = (who.member, who.fresh);
    let input = ContactInput {
        name: form.text("name").to_owned(),
        email: form.filled("email"),
        phone: form.filled("phone"),
        npi: form.filled("npi"),
        cv: form.filled("cv"),
        licences: form.text("licences").lines().map(str::to_owned).collect(),
    };
    let owner = member.clone();
    match shell.app.write(move |conn, app| usecases::save_contact(conn, app, &member, fresh, &input)).await {
        Ok(_) if waiting(&shell.app, &owner).await?.is_some() => shell.done(
            "/profile/contact",
            "Your contact details are saved. The new address counts once you open the link that was sent there.",
        ),
        Ok(_) => shell.done("/profile", "Your contact details are saved. Nobody sees them before you say yes."),
        Err(AppError::Invalid(errors)) => {
            let page = ContactEdit { waiting: waiting(&shell.app, &owner).await?, ..as_typed(&form, &errors) };
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

fn as_typed(form: &Form, errors: &Errors) -> ContactEdit {
    ContactEdit {
        name: Private::from(form.text("name")),
        email: Private::from(form.text("email")),
        waiting: None,
        phone: Private::from(form.text("phone")),
        npi: Private::from(form.text("npi")),
        cv: Private::from(form.text("cv")),
        licences: Private::from(form.text("licences")),
        errors: field_errors(errors, str::to_owned),
    }
}
