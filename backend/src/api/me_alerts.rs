//! A member's alerts.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use domain::alert::{Cadence, weekday_word};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::{AlertId, Kind, OpeningId};
use serde::Serialize;
use store::alerts::{Alert, Card};

use super::extract::{Json, Params};
use super::list::Paging;
use super::{ApiResult, done, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, AlertInput};

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/alerts", list)
        .post("/api/v1/me/alerts", create)
        .get("/api/v1/me/alerts/preview", preview)
        .get("/api/v1/me/alerts/{id}", show)
        .put("/api/v1/me/alerts/{id}", replace)
        .delete("/api/v1/me/alerts/{id}", remove);
}

#[derive(Serialize)]
pub(super) struct AlertResponse {
    id: AlertId,
    name: String,
    kinds: Vec<Kind>,
    specialties: Vec<Specialty>,
    markets: Vec<Market>,
    states: Vec<State>,
    remote_too: bool,
    min_pay_cents: Option<i64>,
    words: String,
    cadence: Cadence,
    weekday: &'static str,
    time: String,
    paused: bool,
    paused_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<Alert> for AlertResponse {
    fn from(a: Alert) -> Self {
        Self {
            id: a.id,
            name: a.name,
            kinds: a.wish.kinds,
            specialties: a.wish.specialties,
            markets: a.wish.markets,
            states: a.wish.states,
            remote_too: a.wish.remote_too,
            min_pay_cents: a.wish.min_pay_cents,
            words: a.wish.words.to_string(),
            cadence: a.rhythm.cadence,
            weekday: weekday_word(a.rhythm.weekday),
            time: a.rhythm.at.format("%H:%M").to_string(),
            paused: a.paused,
            paused_until: a.pause_until,
            created_at: a.created_at,
        }
    }
}

async fn list(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    let paging = Paging::only(params)?;
    let id = who.member.id.clone();
    let all = app.read(move |conn, _| Ok(store::alerts::of_member(conn, &id)?)).await?;
    ok(&paging.cut(all.into_iter().map(AlertResponse::from).collect(), |a| a.id.to_string()))
}

async fn create(app: Data<App>, who: Guarded<OwnMembership>, body: Json<AlertInput>) -> ApiResult {
    let member = who.member.clone();
    let alert = app.write(move |conn, app| usecases::save_alert(conn, app, &member, None, &body.0)).await?;
    Ok(HttpResponse::Created().json(AlertResponse::from(alert)))
}

fn id(path: &str) -> Result<AlertId, AppError> {
    AlertId::parse(path).ok_or(AppError::NotFound)
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>) -> ApiResult {
    let (id, member) = (id(&path)?, who.member.id.clone());
    let alert = app.read(move |conn, _| Ok(store::alerts::find(conn, &member, &id)?)).await?;
    ok(&AlertResponse::from(alert))
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>, body: Json<AlertInput>) -> ApiResult {
    let (id, member) = (id(&path)?, who.member.clone());
    let alert = app.write(move |conn, app| usecases::save_alert(conn, app, &member, Some(&id), &body.0)).await?;
    ok(&AlertResponse::from(alert))
}

async fn remove(app: Data<App>, who: Guarded<OwnMembership>, path: Path<String>) -> ApiResult {
    let (id, member) = (id(&path)?, who.member.clone());
    app.write(move |conn, app| usecases::delete_alert(conn, app, &member, &id)).await?;
    done()
}

/// A card of the next digest.
#[derive(Serialize)]
struct PreviewItem {
    opening_id: OpeningId,
    opening_revision: i32,
    /// `shown`, `waiting` or `dropped`.
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'static str>,
    alerts: Vec<String>,
}

#[derive(Serialize)]
struct PreviewResponse {
    due_at: Option<DateTime<Utc>>,
    items: Vec<PreviewItem>,
}

fn item(card: &Card, fate: &'static str) -> PreviewItem {
    PreviewItem {
        opening_id: card.opening.clone(),
        opening_revision: card.revision,
        fate,
        reason: None,
        text: None,
        alerts: Vec::new(),
    }
}

/// What the next digest would show, and what not.
async fn preview(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.member.clone();
    let found = app.read(move |conn, app| usecases::preview_digest(conn, app, &member)).await?;
    let judged = &found.judged;
    let shown = judged.shown.iter().map(|s| PreviewItem { alerts: s.names.clone(), ..item(&s.card, "shown") });
    let waiting = judged.waiting.iter().map(|(card, why)| PreviewItem {
        reason: Some(why.as_str()),
        text: Some(why.text()),
        ..item(card, "waiting")
    });
    let dropped = judged.dropped.iter().map(|(card, why)| PreviewItem {
        reason: Some(why.as_str()),
        text: Some(why.text()),
        ..item(card, "dropped")
    });
    ok(&PreviewResponse { due_at: found.due_at, items: shown.chain(waiting).chain(dropped).collect() })
}
