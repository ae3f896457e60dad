//! A member's own contact.

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::contact::{Contact, ContactField, EmailAddress};
use serde::Serialize;
use store::Conn;
use store::contacts::OwnContact;
use store::members::Member;

use super::ApiResult;
use super::extract::Json;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
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
    licences: Vec<String>,
    /// A new address that has not been confirmed yet.
    email_waiting: Option<String>,
}

impl OwnContactResponse {
    pub(super) fn new(c: &Contact, waiting: Option<&EmailAddress>) -> Self {
        Self {
            email_waiting: waiting.map(|email| email.reveal().to_owned()),
            name: c.field(ContactField::Name),
            email: c.field(ContactField::Email),
            phone: c.field(ContactField::Phone),
            npi: c.field(ContactField::Npi),
            cv: c.field(ContactField::Cv),
            licences: c.licences.iter().map(|licence| licence.reveal().to_owned()).collect(),
        }
    }
}

fn private(answer: &OwnContactResponse) -> ApiResult {
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}

fn response(conn: &mut Conn, app: &App, member: &Member, contact: &Contact) -> Result<OwnContactResponse, AppError> {
    Ok(OwnContactResponse::new(contact, usecases::waiting_email(conn, app, member)?.as_ref()))
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let member = who.into_inner().member;
    let answer = app.read(move |conn, app| {
        let owner = OwnContact::of_signed_in(member.account.clone());
        let contact = store::contacts::own(conn, &app.vault, &owner)?;
        response(conn, app, &member, &contact)
    });
    private(&answer.await?)
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, body: Json<ContactInput>) -> ApiResult {
    let who = who.into_inner();
    let answer = app.write(move |conn, app| {
        let contact = usecases::save_contact(conn, app, &who.member, who.fresh, &body.0)?;
        response(conn, app, &who.member, &contact)
    });
    private(&answer.await?)
}
