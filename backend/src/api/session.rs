//! One's own session, whatever the role: when it was proven, a new proof, and the second factor behind it. Answers that
//! hold a secret are kept nowhere.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::SessionId;
use domain::standing::Role;
use serde::{Deserialize, Serialize};
use store::{Conn, Zeroizing, second_factors};

use super::extract::Json;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{AnySignedIn, ChangeSecondFactor, Guarded, Routes, SignedIn};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/session", show)
        .post("/api/v1/session/fresh", prove)
        .post("/api/v1/session/second-factor", begin)
        .delete("/api/v1/session/second-factor", remove)
        .post("/api/v1/session/second-factor/confirm", confirm)
        .post("/api/v1/session/second-factor/recovery-codes", renew);
}

#[derive(Serialize)]
struct SecondFactorResponse {
    /// It must be set up before anything else.
    required_now: bool,
    /// The role may do without one.
    optional: bool,
    confirmed_at: Option<DateTime<Utc>>,
    recovery_codes_left: i64,
}

#[derive(Serialize)]
struct SessionResponse {
    session_id: SessionId,
    role: Role,
    signed_in_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    second_factor: SecondFactorResponse,
}

async fn show(app: Data<App>, who: Guarded<AnySignedIn>) -> ApiResult {
    let who = who.into_inner();
    let answer = app.read(move |conn, _| response(conn, &who)).await?;
    ok(&answer)
}

fn response(conn: &mut Conn, who: &SignedIn) -> Result<SessionResponse, AppError> {
    let session = who.session().ok_or(AppError::SignIn)?;
    let account = &session.account.id;
    Ok(SessionResponse {
        session_id: session.id.clone(),
        role: session.account.role,
        signed_in_at: session.signed_in_at,
        expires_at: session.expires_at,
        second_factor: SecondFactorResponse {
            required_now: matches!(who, SignedIn::Enrolling(_)),
            optional: usecases::may_do_without(who),
            confirmed_at: second_factors::enrolled_at(conn, account)?,
            recovery_codes_left: second_factors::codes_left(conn, account)?,
        },
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    totp: String,
}

async fn prove(app: Data<App>, who: Guarded<AnySignedIn>, body: Json<CodeBody>) -> ApiResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    app.write(move |conn, app| usecases::prove_again(conn, app, &session, &body.0.totp)).await??;
    done()
}

/// The secret as apps take it, for the person who sets it up.
#[derive(Serialize)]
struct SecretResponse<'a> {
    secret: &'a str,
    uri: &'a str,
}

async fn begin(app: Data<App>, who: Guarded<ChangeSecondFactor>) -> ApiResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let of = session.clone();
    let secret = app
        .write(move |conn, app| {
            usecases::begin_second_factor(conn, app, &of)?;
            usecases::waiting_secret(conn, app, &of.account.id)
        })
        .await?
        .ok_or_else(|| AppError::internal("a secret that was just made is not there"))?;
    let uri = usecases::key_uri(&app, &session, &secret);
    not_kept(HttpResponse::Created(), &SecretResponse { secret: &secret, uri: &uri })
}

#[derive(Serialize)]
struct CodesResponse<'a> {
    recovery_codes: Vec<&'a str>,
}

impl<'a> CodesResponse<'a> {
    fn of(codes: &'a [Zeroizing<String>]) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.as_str()).collect() }
    }
}

async fn confirm(app: Data<App>, who: Guarded<ChangeSecondFactor>, body: Json<CodeBody>) -> ApiResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let write = move |conn: &mut Conn, app: &App| usecases::confirm_second_factor(conn, app, &session, &body.0.totp);
    let codes = app.write(write).await??;
    not_kept(HttpResponse::Ok(), &CodesResponse::of(&codes))
}

async fn renew(app: Data<App>, who: Guarded<ChangeSecondFactor>) -> ApiResult {
    let session = who.session().cloned().ok_or(AppError::SignIn)?;
    let codes = app.write(move |conn, app| usecases::renew_recovery_codes(conn, app, &session)).await?;
    not_kept(HttpResponse::Ok(), &CodesResponse::of(&codes))
}

async fn remove(app: Data<App>, who: Guarded<ChangeSecondFactor>) -> ApiResult {
    let who = who.into_inner();
    app.write(move |conn, app| usecases::remove_second_factor(conn, app, &who)).await?;
    done()
}

fn not_kept(mut answer: actix_web::HttpResponseBuilder, body: &impl Serialize) -> ApiResult {
    Ok(answer.insert_header(("Cache-Control", "no-store")).json(body))
}
