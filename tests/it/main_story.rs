//! The promise of the product from end to end: nobody's contact leaves until that physician says
//! yes to that opening, and a no closes it again.

use harness::{
    app::TestApp,
    factory,
    journeys::{self, Company, Member, Opening, text},
    on_both,
    smtp_peer::Mail,
};
use serde_json::{Value, json};

const NAME: &str = "Jane Rivera";
const EMAIL: &str = "jane.rivera@clinic.example";
const PHONE: &str = "661-555-0143";
/// An id of the right form that belongs to nothing.
const NOBODY: &str = "3f2c1a64-9d1f-4e57-8c6d-5b0a7e9f1c22";

on_both! {
    /// Joins, matches, says yes, is seen, takes it back.
    async fn contact_leaves_by_consent_and_returns(database) {
        let app = TestApp::start(database).await;
        let member = member_joins(&app).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = opening_goes_live(&app, &company).await;
        member_is_matched(&member, &opening).await;
        alert_arrives(&app, &opening).await;
        let id = member_says_yes(&app, &member, &company, &opening).await;
        company_sees_what_was_chosen(&company, &id).await;
        stranger_sees_nothing(&app, &id).await;
        ledger_says(&member, &["introduction", "view"]).await;
        member_takes_it_back(&app, &member, &company, &id).await;
        ledger_says(&member, &["introduction", "view", "revocation"]).await;
    }
}

async fn member_joins(app: &TestApp) -> Member {
    let member = journeys::join(app, NAME, EMAIL).await;
    assert_eq!(member.api.role, "member");
    journeys::fill_in(&member, NAME, &factory::california_qme()).await;
    let kept = member.api.get("/me/profile").await.ok();
    assert_eq!(kept["specialties"][0]["slug"], "orthopaedic-surgery");
    assert_eq!(kept["certifications"][0]["status"], "appointed");
    let before = member.api.get("/me/permissions").await.ok();
    for name in ["alerts_email", "admin_outreach", "anonymous_counts"] {
        assert_eq!(before[name], false, "{name} is off until the member switches it on");
    }
    assert!(member.api.get("/me/alerts").await.items().is_empty());
    journeys::permit(&member, json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false }))
        .await;
    let alerts = member.api.get("/me/alerts").await.items();
    assert_eq!(alerts.len(), 1, "the first alert comes with the switch");
    assert_eq!(alerts[0]["cadence"], "instant");
    member
}

async fn opening_goes_live(app: &TestApp, company: &Company) -> Opening {
    let id = journeys::submitted_opening(company, &factory::bakersfield_opening()).await;
    app.settle().await;
    app.visitor().get(&format!("/openings/{id}")).await.problem(404);
    let queue = app.admin().await.get("/admin/queue").await.items();
    let item = queue.iter().find(|item| item["id"] == id).expect("the opening waits");
    assert_eq!(item["kind"], "opening");
    assert!(item["title"].as_str().is_some_and(|title| title.contains("Bakersfield")), "{item}");
    journeys::approve_opening(app, &id).await;
    let live = app.visitor().get(&format!("/openings/{id}")).await.ok();
    assert_eq!(live["company"]["slug"], company.slug.as_str());
    assert_eq!(live["pay"]["min_cents"], 150_000);
    let found = app.visitor().get("/openings?kind=qme&market=bakersfield").await.items();
    assert_eq!(found.len(), 1);
    Opening { id, revision: live["revision"].as_i64().expect("a revision") }
}

async fn member_is_matched(member: &Member, opening: &Opening) {
    let matches = member.api.get("/me/matches").await.items();
    assert_eq!(matches.len(), 1, "{matches:?}");
    let found = &matches[0];
    assert_eq!((&found["opening_id"], &found["state"]), (&json!(opening.id), &json!("released")));
    let reasons = found["reasons"].as_array().expect("reasons");
    for rule in ["kind", "specialty", "licence", "certification", "place", "pay"] {
        let reason = reasons.iter().find(|reason| reason["rule"] == rule);
        let reason = reason.unwrap_or_else(|| panic!("no {rule} in {reasons:?}"));
        assert_eq!(reason["met"], true, "{reason}");
        assert!(!text(&reason["text"]).is_empty());
    }
}

async fn alert_arrives(app: &TestApp, opening: &Opening) {
    let alerts: Vec<Mail> = app.mail.mails_to(EMAIL).into_iter().filter(is_alert).collect();
    assert_eq!(alerts.len(), 1, "one opening, one mail");
    let letter = alerts[0].letter();
    assert_eq!(letter.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    assert!(letter.header("List-Id").is_some_and(|id| id.contains('<')));
    assert!(letter.unsubscribe_link().is_some_and(|link| link.contains("/mail/stop/")));
    assert!(letter.subject().contains("Bakersfield"), "{}", letter.subject());
    assert!(letter.link_with(&opening.id).contains("/openings/"));
    let (words, html) = (letter.text.clone().expect("a text part"), letter.html.clone().expect("an html part"));
    assert!(words.contains("Kern Evaluations") && html.contains("Kern Evaluations"));
    assert!(words.contains("1 Main Street") && html.contains("1 Main Street"), "the postal address is missing");
    let to = letter.header("To").expect("To").to_owned();
    let rest = letter.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("To"));
    let rest: String = rest.map(|(name, value)| format!("{name}: {value}\n")).collect();
    assert!(to.contains(EMAIL));
    for secret in [NAME, "Rivera", EMAIL, PHONE, factory::npi_of(EMAIL).as_str()] {
        assert!(![&rest, &words, &html].iter().any(|part| part.contains(secret)), "the mail tells {secret}");
    }
}

async fn member_says_yes(app: &TestApp, member: &Member, company: &Company, opening: &Opening) -> String {
    assert!(company.api.get("/company/introductions").await.items().is_empty(), "nothing before the yes");
    let id = journeys::introduce(app, member, opening, &["name", "email"]).await;
    let mine = member.api.get("/me/introductions").await.items();
    assert_eq!(mine.len(), 1);
    assert_eq!((&mine[0]["id"], &mine[0]["state"]), (&json!(id), &json!("active")));
    assert_eq!(mine[0]["fields"], json!(["name", "email"]));
    id
}

async fn company_sees_what_was_chosen(company: &Company, id: &str) {
    let list = company.api.get("/company/introductions").await.with_status(200);
    for secret in [NAME, EMAIL, PHONE, "contact"] {
        assert!(!list.text().contains(secret), "the list tells {secret}: {}", list.text());
    }
    assert_eq!(list.items()[0]["id"], id);
    let one = company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
    assert!(one.header("cache-control").contains("no-store"));
    assert_eq!(one.json()["contact"], json!({ "name": NAME, "email": EMAIL }));
    assert!(!one.text().contains(PHONE));
}

async fn stranger_sees_nothing(app: &TestApp, id: &str) {
    let stranger = journeys::company(app, "Other Reviews", "otto@other.example").await;
    let theirs = stranger.api.get(&format!("/company/introductions/{id}")).await.with_status(404);
    let nobodys = stranger.api.get(&format!("/company/introductions/{NOBODY}")).await.with_status(404);
    assert_eq!(theirs.body_without_request_id(), nobodys.body_without_request_id());
    assert_eq!(theirs.header("content-type"), nobodys.header("content-type"));
    assert_eq!(theirs.header("cache-control"), nobodys.header("cache-control"));
    assert!(stranger.api.get("/company/introductions").await.items().is_empty());
    app.visitor().get(&format!("/company/introductions/{id}")).await.problem(401);
}

/// The kinds that stand in the ledger, oldest first whatever the order of the list.
async fn ledger_says(member: &Member, kinds: &[&str]) {
    let api = member.api.clone();
    let mut entries: Vec<Value> = api.get("/me/ledger").await.items();
    entries.sort_by_key(|entry| text(&entry["at"]));
    let mut found: Vec<String> = entries.iter().map(|entry| text(&entry["kind"])).collect();
    let mut wanted: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    // The clock of a story stands still, so entries may bear the same time.
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "{entries:?}");
    if let Some(view) = entries.iter().find(|entry| entry["kind"] == "view") {
        assert_eq!(view["fields"], json!(["name", "email"]));
        assert!(view["seat"].is_string() && !view["company"].is_null(), "{view}");
    }
    assert_eq!(api.get("/me/ledger/verify").await.ok()["sound"], true);
}

async fn member_takes_it_back(app: &TestApp, member: &Member, company: &Company, id: &str) {
    member.api.act(&format!("/me/introductions/{id}/revoke")).await.ok();
    // At once, not when some job has run.
    let gone = company.api.get(&format!("/company/introductions/{id}")).await.with_status(410);
    assert!(!gone.text().contains(NAME) && !gone.text().contains(EMAIL));
    gone.problem(410);
    app.settle().await;
    let mine = member.api.get("/me/introductions").await.items();
    assert_eq!(mine[0]["state"], "revoked");
    let list = company.api.get("/company/introductions").await.items();
    assert_eq!(list[0]["state"], "revoked");
}

fn is_alert(mail: &Mail) -> bool {
    mail.letter().header("List-Unsubscribe").is_some()
}
