//! A member's profile.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::input::ProfileInput;
use domain::profile::Profile;
use domain::standing::MemberStanding;
use serde::Serialize;
use store::members::Member;

use super::extract::Json;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/api/v1/me/profile", show).put("/api/v1/me/profile", replace);
}

#[derive(Serialize)]
pub(super) struct ProfileResponse {
    member_id: MemberId,
    standing: MemberStanding,
    #[serde(flatten)]
    profile: ProfileInput,
    saved_at: Option<DateTime<Utc>>,
}

impl ProfileResponse {
    pub(super) fn of(member: &Member, profile: &Profile, saved_at: Option<DateTime<Utc>>) -> Self {
        Self { member_id: member.id.clone(), standing: member.standing, profile: ProfileInput::from(profile), saved_at }
    }
}

async fn show(app: Data<App>, who: Guarded<OwnMembership>) -> ApiResult {
    let member = who.member.clone();
    let answer = app
        .read(move |conn, _| {
            let profile = store::profiles::get(conn, &member.id)?;
            Ok(ProfileResponse::of(&member, &profile, member.profile_saved_at))
        })
        .await?;
    ok(&answer)
}

async fn replace(app: Data<App>, who: Guarded<OwnMembership>, body: Json<ProfileInput>) -> ApiResult {
    let member = who.member.clone();
    let answer = app
        .write(move |conn, app| {
            let profile = usecases::save_profile(conn, app, &member, &body.0)?;
            Ok(ProfileResponse::of(&member, &profile, Some(app.now())))
        })
        .await?;
    ok(&answer)
}
