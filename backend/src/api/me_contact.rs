//! A member's own contact.

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::contact::{Contact, ContactField};
use serde::Serialize;
use store::contacts::OwnContact;

use super::ApiResult;
use super::extract::Json;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::usecases::{self, ContactInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/me/contact", show).put("/api/v1/me/contact", replace);
}

/// A contact as its owner sees it, and nobody else.
#[derive(Serialize)]
pub(super) struct OwnContactResponse {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    npi: Option<String>,
    cv: Option<String>,
}

impl From<&Contact> for OwnContactResponse {
    fn from(c: &Contact) -> Self {
        Self {
            name: c.field(ContactField::Name),
            email: c.field(ContactField::Email),
            phone: c.field(ContactField::Phone),
            npi: c.field(ContactField::Npi),
            cv: c.field(ContactField::Cv),
        }
    }
}

fn private(contact: &Contact) -> ApiResult {
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(OwnContactResponse::from(contact)))
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let owner = OwnContact::of_signed_in(who.member.account.clone());
    let contact = app.read(move |conn, app| Ok(store::contacts::own(conn, &app.vault, &owner)?)).await?;
    private(&contact)
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, body: Json<ContactInput>) -> ApiResult {
    let member = who.member.clone();
    let contact = app.write(move |conn, app| usecases::save_contact(conn, app, &member, &body.0)).await?;
    private(&contact)
}
