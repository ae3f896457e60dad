//! Sign-in by mail link, and access tokens.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use domain::SessionId;
use domain::contact::EmailAddress;
use domain::standing::Role;
use serde::{Deserialize, Serialize};

use super::extract::{Json, read_json};
use super::{ApiResult, done};
use crate::app::App;
use crate::auth::{ACCESS_LIFE, AnySignedIn, COOKIE, Guarded, Routes};
use crate::client::Client;
use crate::error::AppError;
use crate::usecases;
use crate::web::set_session_cookie;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .post("/api/v1/sign-in", request)
        .post("/api/v1/sign-in/confirm", confirm)
        .post("/api/v1/sign-in/refresh", refresh)
        .post("/api/v1/sign-out", sign_out);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestBody {
    email: String,
}

#[derive(Serialize)]
struct Accepted {
    status: &'static str,
}

async fn request(app: Data<App>, client: Client, body: Json<RequestBody>) -> ApiResult {
    let email = EmailAddress::parse(&body.0.email).ok_or_else(|| {
        AppError::field("email", "malformed", "Give an e-mail address, for example name@example.org.")
    })?;
    app.write(move |conn, app| usecases::request_sign_in(conn, app, client, &email, None)).await?;
    // The same words whether or not the address is known.
    Ok(HttpResponse::Accepted().json(Accepted { status: "a link is on its way if the address has an account" }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    token: String,
    // Needed by an account with a second factor: a code of the app, or a recovery code.
    #[serde(default)]
    totp: Option<String>,
}

#[derive(Serialize)]
struct SignedInResponse {
    access_token: String,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    role: Role,
    session_id: SessionId,
}

async fn confirm(app: Data<App>, client: Client, body: Json<ConfirmBody>) -> ApiResult {
    let ConfirmBody { token, totp } = body.0;
    usecases::try_link(&app, client).await?;
    let opened = app.write(move |conn, app| usecases::confirm_sign_in(conn, app, &token, totp.as_deref()));
    let opened = opened.await.map_err(|e| match e {
        AppError::NotFound => {
            AppError::field("token", "unknown", "This link is used, out of date or unknown; ask for a new one.")
        }
        other => other,
    })??;
    let answer = SignedInResponse {
        access_token: app.tokens.make(&opened.id, app.now())?,
        expires_in: ACCESS_LIFE.num_seconds(),
        refresh_token: Some(opened.token.clone()),
        role: opened.account.role,
        session_id: opened.id,
    };
    Ok(HttpResponse::Ok()
        .cookie(set_session_cookie(&app, &opened.token))
        .insert_header(("Cache-Control", "no-store"))
        .json(answer))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RefreshBody {
    refresh_token: Option<String>,
}

async fn refresh(app: Data<App>, req: HttpRequest, body: Bytes) -> ApiResult {
    let sent: RefreshBody = if body.is_empty() { RefreshBody::default() } else { read_json(&body)? };
    let secret =
        sent.refresh_token.or_else(|| req.cookie(COOKIE).map(|c| c.value().to_owned())).ok_or(AppError::SignIn)?;
    let session = app.write(move |conn, app| usecases::refresh_session(conn, app, &secret)).await?;
    let answer = SignedInResponse {
        access_token: app.tokens.make(&session.id, app.now())?,
        expires_in: ACCESS_LIFE.num_seconds(),
        refresh_token: None,
        role: session.account.role,
        session_id: session.id,
    };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}

async fn sign_out(app: Data<App>, who: Guarded<AnySignedIn>) -> ApiResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    app.write(move |conn, app| usecases::sign_out(conn, app, &session)).await?;
    done()
}
