//! Everything the instance holds about a member, to take along: JSON, or one table for spreadsheets.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::limits::Act;
use domain::permission::{Permission, PermissionChange, Permissions};
use domain::standing::MemberStanding;
use domain::{MemberId, OpeningId};
use serde::Serialize;
use serde_json::Value;
use store::Conn;
use store::contacts::OwnContact;
use store::members::Member;

use super::ApiResult;
use super::extract::Params;
use super::me_alerts::AlertResponse;
use super::me_contact::OwnContactResponse;
use super::me_disputes::{OwnDisputeResponse, own};
use super::me_introductions::{IntroductionResponse, responses};
use super::me_ledger::{EntryResponse, entries};
use super::me_matches::MatchResponse;
use super::me_membership::{BlockResponse, blocked};
use super::me_messages::{OwnMessage, all_of};
use super::me_profile::ProfileResponse;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership};
use crate::csv;
use crate::errand;
use crate::error::AppError;
use crate::usecases;

/// The most rows of one kind an export holds.
const EXPORT_MOST: i64 = 100_000;

#[derive(Serialize)]
struct PermissionEventResponse {
    permission: Permission,
    change: PermissionChange,
    text_version: String,
    method: String,
    at: DateTime<Utc>,
}

#[derive(Serialize)]
struct SessionResponse {
    signed_in_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// What the community team wrote to the member.
#[derive(Serialize)]
struct OutreachReceived {
    opening_id: OpeningId,
    text: String,
    at: DateTime<Utc>,
}

#[derive(Serialize)]
struct ExportResponse {
    member_id: MemberId,
    exported_at: DateTime<Utc>,
    standing: MemberStanding,
    joined_at: DateTime<Utc>,
    contact: OwnContactResponse,
    profile: ProfileResponse,
    permissions: Permissions,
    permission_events: Vec<PermissionEventResponse>,
    alerts: Vec<AlertResponse>,
    matches: Vec<MatchResponse>,
    introductions: Vec<IntroductionResponse>,
    messages: Vec<OwnMessage>,
    outreach: Vec<OutreachReceived>,
    ledger: Vec<EntryResponse>,
    disputes: Vec<OwnDisputeResponse>,
    blocks: Vec<BlockResponse>,
    sessions: Vec<SessionResponse>,
    second_factor_since: Option<DateTime<Utc>>,
}

/// `json` (when nothing is said), or `csv`: one table with the columns section, number, field and value.
pub(super) async fn export(app: Data<App>, who: Guarded<OwnMembership>, mut params: Params) -> ApiResult {
    let known = |word: &str| ["json", "csv"].contains(&word).then(|| word == "csv");
    let as_csv = params.parsed("format", known, "Give json or csv.").unwrap_or(false);
    params.finish()?;
    let member = who.into_inner().member;
    errand::take_alone(&app, Act::Export, member.id.as_str().to_owned()).await?;
    let everything = app.read(move |conn, app| everything(conn, app, member)).await?;
    let (text, kind, name) = if as_csv {
        (table(&everything)?, "text/csv; charset=utf-8", "rosterline-export.csv")
    } else {
        let text = serde_json::to_string(&everything).map_err(AppError::internal)?;
        (text, "application/json", "rosterline-export.json")
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text))
}

fn everything(conn: &mut Conn, app: &App, member: Member) -> Result<ExportResponse, AppError> {
    let owner = OwnContact::of_signed_in(member.account.clone());
    let contact = store::contacts::own(conn, &app.vault, &owner)?;
    let waiting = usecases::waiting_email(conn, app, &member)?;
    let profile = store::profiles::get(conn, &member.id)?;
    let introductions = store::introductions::of_member(conn, &member.id)?;
    let events = store::permissions::log(conn, &member.id)?.into_iter().map(|e| PermissionEventResponse {
        permission: e.event.permission,
        change: e.event.change,
        text_version: e.text_version,
        method: e.method,
        at: e.at,
    });
    let sessions = store::accounts::sessions_of(conn, &member.account, app.now())?
        .into_iter()
        .map(|s| SessionResponse { signed_in_at: s.signed_in_at, seen_at: s.seen_at, expires_at: s.expires_at });
    let disputes = store::disputes::of_member(conn, &member.id)?;
    let outreach = store::outreach::received(conn, &member.id, EXPORT_MOST)?.into_iter().map(|r| OutreachReceived {
        opening_id: r.opening,
        text: r.text,
        at: r.at,
    });
    let matches = store::matches::all_of_member(conn, &member.id, EXPORT_MOST)?;
    Ok(ExportResponse {
        exported_at: app.now(),
        second_factor_since: store::second_factors::enrolled_at(conn, &member.account)?,
        contact: OwnContactResponse::new(&contact, waiting.as_ref()),
        profile: ProfileResponse::of(&member, &profile, member.profile_saved_at),
        permission_events: events.collect(),
        alerts: store::alerts::of_member(conn, &member.id)?.into_iter().map(AlertResponse::from).collect(),
        matches: matches.into_iter().map(MatchResponse::from).collect(),
        introductions: responses(conn, app, introductions)?,
        messages: all_of(conn, app, &member, EXPORT_MOST)?,
        outreach: outreach.collect(),
        ledger: entries(conn, &member.id, None, EXPORT_MOST)?,
        disputes: own(conn, app, disputes)?,
        blocks: blocked(conn, &member.id)?,
        sessions: sessions.collect(),
        standing: member.standing,
        joined_at: member.joined_at,
        permissions: member.permissions,
        member_id: member.id,
    })
}

/// The same as one table, so that every program reads it: a value a line, with what it belongs to.
fn table(everything: &ExportResponse) -> Result<String, AppError> {
    let all = serde_json::to_value(everything).map_err(AppError::internal)?;
    let mut text = csv::line(["section", "number", "field", "value"]);
    for (section, value) in all.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => flatten(&mut text, section, "", "", value),
            Value::Array(items) => {
                for (number, item) in (1..).zip(items) {
                    flatten(&mut text, section, &format!("{number}"), "", item);
                }
            }
            value => flatten(&mut text, "account", "", section, value),
        }
    }
    Ok(text)
}

fn flatten(text: &mut String, section: &str, number: &str, field: &str, value: &Value) {
    let inner = |key: &str| if field.is_empty() { key.to_owned() } else { format!("{field}.{key}") };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                flatten(text, section, number, &inner(key), value);
            }
        }
        Value::Array(items) => {
            for (at, value) in (1..).zip(items) {
                flatten(text, section, number, &inner(&format!("{at}")), value);
            }
        }
        Value::Null => text.push_str(&csv::line([section, number, field, ""])),
        Value::String(value) => text.push_str(&csv::line([section, number, field, value])),
        other => text.push_str(&csv::line([section, number, field, &other.to_string()])),
    }
}
