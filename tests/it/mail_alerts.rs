//! When alerts come, what is in them, and how they stop: the plays of a mailer that people trust.

mod address;
mod links;
mod pauses;
mod plays;
mod reports;
mod times;

use chrono::{Duration, NaiveDateTime};
use harness::{
    app::TestApp,
    factory::{self, Draft},
    journeys::{self, Company, Member, Opening},
    smtp_peer::Mail,
};
use serde_json::{Value, json};

pub const JANE: &str = "jane@clinic.example";
pub const OWNER: &str = "olive@kern.example";

/// The alert mails to this address so far.
pub fn alerts(app: &TestApp, email: &str) -> Vec<Mail> {
    let mails = app.mail.mails_to(email).into_iter();
    mails.filter(|mail| mail.letter().header("List-Unsubscribe").is_some()).collect()
}

/// The text of the last alert.
pub fn last_text(app: &TestApp) -> String {
    alerts(app, JANE).last().expect("an alert").letter().text.expect("a text part")
}

/// A member whose one alert writes so.
pub async fn jane(app: &TestApp, alert: Value) -> Member {
    let member = journeys::alerted_member(app, "Jane Rivera", JANE, &factory::california_qme()).await;
    replace_alert(app, &member, alert).await;
    member
}

/// Replaces the member's first alert.
pub async fn replace_alert(app: &TestApp, member: &Member, alert: Value) {
    let api = member.api.refreshed().await;
    let id = api.get("/me/alerts").await.items()[0]["id"].as_str().expect("an id").to_owned();
    api.put(&format!("/me/alerts/{id}"), &alert).await.ok();
    app.settle().await;
}

pub fn daily() -> Value {
    json!({ "name": "By day", "cadence": "daily", "time": "07:00" })
}

pub fn instant() -> Value {
    json!({ "name": "At once", "cadence": "instant" })
}

pub async fn kern(app: &TestApp) -> Company {
    journeys::company(app, "Kern Evaluations", OWNER).await
}

/// An opening with this title that fits, live.
pub async fn publish(app: &TestApp, company: &Company, title: &str) -> Opening {
    publish_draft(app, company, &factory::bakersfield_opening().set("/title", title)).await
}

pub async fn publish_draft(app: &TestApp, company: &Company, draft: &Draft) -> Opening {
    let api = company.api.refreshed().await;
    let company = Company { api, slug: company.slug.clone(), email: company.email.clone() };
    journeys::live_opening(app, &company, draft).await
}

/// Moves the clock to a local time of the member's, in California unless said otherwise.
pub async fn at(app: &TestApp, local: &str) {
    at_in(app, "America/Los_Angeles", local).await;
}

pub async fn at_in(app: &TestApp, zone: &str, local: &str) {
    let local: NaiveDateTime = local.parse().expect("a local time");
    let zone = domain::alert::zone(zone).expect("a zone");
    let then = domain::alert::first_instant(zone, local);
    app.advance(then - app.now()).await;
}

/// Past the spread of twenty minutes.
pub async fn past_the_spread(app: &TestApp) {
    app.advance(Duration::minutes(21)).await;
}
