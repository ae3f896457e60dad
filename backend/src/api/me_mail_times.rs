//! When mail may come to a member, and whom not to hear of.

use actix_web::web::Data;
use domain::alert::{MailTimes, Mute};
use domain::input::MailTimesInput;
use domain::place::Market;
use serde::{Deserialize, Serialize};
use store::members::Member;
use store::{Conn, member_mail};

use super::extract::{Json, Params};
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes
        .get("/api/v1/me/mail-times", show)
        .put("/api/v1/me/mail-times", replace)
        .get("/api/v1/me/mutes", mutes)
        .put("/api/v1/me/mutes", mute);
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.into_inner().member;
    let times = app.read(move |conn, _| Ok(response(&member, &member_mail::of(conn, &member.id)?.times))).await?;
    ok(&times)
}

/// The shape that `PUT` takes.
fn response(member: &Member, times: &MailTimes) -> MailTimesInput {
    MailTimesInput::from((times, member.time_zone.as_str()))
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, body: Json<MailTimesInput>) -> ApiResult {
    let (member, input) = (who.into_inner().member, body.0);
    let zone = input.time_zone.trim().to_owned();
    let times = app.write(move |conn, app| usecases::set_mail_times(conn, app, &member, &input)).await?;
    ok(&MailTimesInput::from((&times, zone.as_str())))
}

#[derive(Serialize)]
pub(super) struct MutesResponse {
    companies: Vec<String>,
    markets: Vec<Market>,
}

/// What a member muted: companies by slug, markets by slug.
pub(super) fn muted(conn: &mut Conn, member: &Member) -> Result<MutesResponse, AppError> {
    let mut all = MutesResponse { companies: Vec::new(), markets: Vec::new() };
    for mute in member_mail::mutes(conn, &member.id)? {
        match mute {
            Mute::Company(id) => all.companies.push(store::companies::find(conn, &id)?.slug),
            Mute::Market(market) => all.markets.push(market),
        }
    }
    Ok(all)
}

async fn mutes(app: Data<App>, who: Guarded<OwnMembership>, params: Params) -> ApiResult {
    params.finish()?;
    let member = who.into_inner().member;
    ok(&app.read(move |conn, _| muted(conn, &member)).await?)
}

/// One company or one market.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MuteBody {
    company: Option<String>,
    market: Option<String>,
    muted: bool,
}

async fn mute(app: Data<App>, who: Guarded<OwnMembership>, body: Json<MuteBody>) -> ApiResult {
    let (member, body) = (who.into_inner().member, body.0);
    let after = app
        .write(move |conn, app| {
            let mute = match (&body.company, &body.market) {
                (Some(slug), None) => Mute::Company(store::companies::by_slug(conn, slug)?.id),
                (None, Some(slug)) => Mute::Market(
                    Market::parse(slug)
                        .ok_or_else(|| AppError::field("market", "unknown", "Give the slug of a market."))?,
                ),
                _ => return Err(AppError::field("company", "required", "Give either a company or a market.")),
            };
            usecases::set_mute(conn, app, &member, &mute, body.muted)?;
            muted(conn, &member)
        })
        .await?;
    ok(&after)
}
