//! Joining and registering.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use super::ApiResult;
use super::extract::Json;
use crate::app::App;
use crate::auth::Routes;
use crate::client::Client;
use crate::usecases::{self, CompanyInput, JoinInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.post("/api/v1/join", join).post("/api/v1/companies", register);
}

#[derive(Serialize)]
struct Received {
    status: &'static str,
}

async fn join(app: Data<App>, client: Client, body: Json<JoinInput>) -> ApiResult {
    app.write(move |conn, app| usecases::join(conn, app, client, &body.0)).await?;
    Ok(HttpResponse::Accepted()
        .json(Received { status: "a sign-in link is on its way; an admin looks at new members" }))
}

async fn register(app: Data<App>, client: Client, body: Json<CompanyInput>) -> ApiResult {
    app.write(move |conn, app| usecases::register_company(conn, app, client, &body.0)).await?;
    Ok(HttpResponse::Accepted()
        .json(Received { status: "a sign-in link is on its way; an admin looks at new companies" }))
}
