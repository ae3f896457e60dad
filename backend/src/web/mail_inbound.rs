//! `POST /mail/inbound`: mail that came back to us, handed over whole by the mail server with a key.

use std::future::Future;
use std::pin::Pin;

use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};

use super::WebResult;
use crate::app::{App, blocking};
use crate::auth::{Routes, Says};
use crate::error::AppError;
use crate::mail::inbound;
use crate::usecases;

/// The largest mail taken, in bytes; reports are much smaller.
const MAIL_AT_MOST: usize = 1024 * 1024;

/// The header with the key. Not the one that people's tokens come in: this is nobody's session.
const KEY: &str = "x-inbound-key";

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.post("/mail/inbound", take);
}

/// A mail from somebody who knows the key; without it nothing of the body is read.
struct Inbound(Vec<u8>);

impl Says for Inbound {}

impl FromRequest for Inbound {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (req, body) = (req.clone(), Payload::from_request(req, payload));
        Box::pin(async move {
            let app = req.app_data::<Data<App>>().ok_or_else(|| AppError::internal("the application is not set"))?;
            let key = app.config.inbound_key.as_ref().ok_or(AppError::NotFound)?;
            let shown = req.headers().get(KEY).and_then(|value| value.to_str().ok());
            if !shown.is_some_and(|shown| key.is(shown)) {
                return Err(AppError::Forbidden("Send the key of ROSTERLINE_INBOUND_KEY in the header X-Inbound-Key."));
            }
            let body = body.await.map_err(|_| AppError::Malformed("The mail could not be read."))?;
            let read = body.to_bytes_limited(MAIL_AT_MOST).await.map_err(|_| AppError::TooLarge)?;
            let bytes = read.map_err(|_| AppError::Malformed("The mail could not be read."))?;
            Ok(Self(bytes.to_vec()))
        })
    }
}

/// The same answer whatever the mail was: a mail server has done its part.
async fn take(app: Data<App>, mail: Inbound) -> WebResult {
    let node = app.clone();
    if let Some(report) = blocking(move || Ok(inbound::read(&node.vault, &mail.0))).await? {
        app.write(move |conn, app| usecases::take_report(conn, app, &report)).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
