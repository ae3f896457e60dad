//! Physicians ask to join, companies register; both are told to look at their mail.

use actix_web::http::StatusCode;
use domain::errors::Errors;
use frontend::Private;
use frontend::pages::{ForCompanies, Join, JoinSent};

use super::WebResult;
use super::form::{Form, field_errors};
use super::shell::{Shell, see_other};
use crate::auth::Routes;
use crate::client::Client;
use crate::error::AppError;
use crate::usecases::{self, CompanyInput, JoinInput};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/join", show)
        .post("/join", join)
        .get("/join/sent", joined)
        .get("/for-companies", show_companies)
        .post("/for-companies", register)
        .get("/for-companies/sent", registered);
}

async fn show(shell: Shell) -> WebResult {
    shell.page(&Join::default())
}

async fn join(shell: Shell, client: Client, form: Form) -> WebResult {
    let input = JoinInput {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        npi: form.filled("npi"),
        invite_code: form.filled("invite_code"),
    };
    match shell.app.write(move |conn, app| usecases::join(conn, app, client, &input)).await {
        Ok(()) => see_other("/join/sent"),
        Err(AppError::Invalid(errors)) => {
            let page = Join {
                name: Private::from(form.text("name")),
                email: Private::from(form.text("email")),
                npi: Private::from(form.text("npi")),
                invite_code: Private::from(form.text("invite_code")),
                errors: field_errors(&errors, str::to_owned),
            };
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn joined(shell: Shell) -> WebResult {
    sent(
        &shell,
        "A mail with a sign-in link is on its way to you. The link works once, for 15 minutes; the sign-in page sends another one.",
        "Sign in and fill in your profile meanwhile. A community admin looks at every new member; you get a mail when you are approved.",
    )
}

async fn show_companies(shell: Shell) -> WebResult {
    shell.page(&ForCompanies::default())
}

async fn register(shell: Shell, client: Client, form: Form) -> WebResult {
    let input = CompanyInput {
        name: form.text("name").to_owned(),
        website: form.text("website").to_owned(),
        owner_name: form.text("owner_name").to_owned(),
        owner_email: form.text("owner_email").to_owned(),
        about: form.text("about").to_owned(),
    };
    match shell.app.write(move |conn, app| usecases::register_company(conn, app, client, &input)).await {
        Ok(()) => see_other("/for-companies/sent"),
        Err(AppError::Invalid(errors)) => shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &as_typed(&form, &errors)),
        Err(error) => Err(error),
    }
}

fn as_typed(form: &Form, errors: &Errors) -> ForCompanies {
    ForCompanies {
        name: form.text("name").to_owned(),
        website: form.text("website").to_owned(),
        owner_name: Private::from(form.text("owner_name")),
        owner_email: Private::from(form.text("owner_email")),
        about: form.text("about").to_owned(),
        errors: field_errors(errors, str::to_owned),
    }
}

async fn registered(shell: Shell) -> WebResult {
    sent(
        &shell,
        "A mail with a sign-in link is on its way to you. The link works once, for 15 minutes; the sign-in page sends another one.",
        "You can sign in and write your first opening now. It is shown to physicians once an admin has approved your company and the opening.",
    )
}

fn sent(shell: &Shell, mail: &str, next: &str) -> WebResult {
    let mut paragraphs = vec![mail.to_owned(), next.to_owned()];
    if shell.app.config.demo {
        paragraphs.push(
            "This is a demonstration: every mail is caught and shown under “Caught mail” at the foot of the page."
                .to_owned(),
        );
    }
    shell.page(&JoinSent { heading: "Check your mail".to_owned(), paragraphs })
}
