//! The community team writes about an opening to those who let it: without seeing whom, through the gate, once a week, and
//! without the company learning of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use domain::alert::QuietHours;
use harness::{
    app::{ADMIN, TestApp},
    client::ApiClient,
    database::Database,
    factory,
    journeys::{self, Company, Member, Opening, text},
    on_both,
    smtp_peer::Mail,
};
use reqwest::Method;
use rosterline::cli::routes::table;
use serde_json::{Value, json};

const JANE: &str = "jane.canary@clinic.example";
const OLIVE: &str = "olive@kern.example";
const WORDS: &str = "This panel still looks for a second physician, and pays within two weeks.";

fn switches(outreach: bool) -> Value {
    json!({ "alerts_email": false, "admin_outreach": outreach, "anonymous_counts": false })
}

async fn member(app: &TestApp, name: &str, email: &str, outreach: bool) -> Member {
    let member = journeys::join(app, name, email).await;
    journeys::fill_in(&member, name, &factory::california_qme()).await;
    journeys::permit(&member, switches(outreach)).await;
    app.settle().await;
    member
}

async fn opening(app: &TestApp) -> (Company, Opening) {
    let company = journeys::company(app, "Kern Evaluations", OLIVE).await;
    let opening = journeys::live_opening(app, &company, &factory::bakersfield_opening()).await;
    (company, opening)
}

async fn reachable(admin: &ApiClient, opening: &Opening) -> Value {
    admin.get(&format!("/admin/openings/{}/outreach", opening.id)).await.ok()["reachable"].clone()
}

async fn order(admin: &ApiClient, opening: &Opening) -> harness::client::Reply {
    admin.post("/admin/outreach", &json!({ "opening_id": opening.id, "text": WORDS })).await
}

/// What became of the only outreach.
async fn tally(app: &TestApp) -> Value {
    let all = app.admin().await.get("/admin/outreach").await.items();
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().expect("one")
}

/// The outreach mails to this address.
fn written(app: &TestApp, email: &str) -> Vec<Mail> {
    let mails = app.mail.mails_to(email).into_iter();
    mails.filter(|mail| mail.letter().subject().starts_with("From the community team")).collect()
}

/// An instance at ten in the evening in California, where mail waits for the morning.
async fn at_night(database: Database) -> TestApp {
    let night: DateTime<Utc> = "2026-03-03T06:00:00Z".parse().expect("a time");
    let quiet = QuietHours::parse("21:00-07:00");
    TestApp::builder(database).now(night).config(move |config| config.quiet_hours = quiet).start().await
}

on_both! {
    /// Those who fit and let the team write get the mail, with a link that stops it; others get nothing; nobody gets a
    /// second one within a week.
    async fn it_reaches_those_who_fit_and_allow_it_once_a_week(database) {
        let app = TestApp::start(database).await;
        let jane = member(&app, "Jane Canaryname", JANE, true).await;
        member(&app, "Bob Stone", "bob@clinic.example", false).await;
        let declines = member(&app, "Dee Cline", "dee@clinic.example", true).await;
        let (_, opening) = opening(&app).await;
        let matched = declines.api.get("/me/matches").await.items();
        declines.api.act(&format!("/me/matches/{}/decline", text(&matched[0]["id"]))).await.with_status(204);
        let admin = app.admin().await;
        assert_eq!(reachable(&admin, &opening).await, 1);
        let begun = order(&admin, &opening).await.with_status(202).json();
        assert_eq!((&begun["opening_id"], &begun["reachable"]), (&json!(opening.id), &json!(1)));
        app.settle().await;
        let mails = written(&app, JANE);
        assert_eq!(mails.len(), 1);
        let letter = mails[0].letter();
        assert_eq!(letter.subject(), "From the community team: Orthopaedic QME evaluations in Bakersfield");
        assert_eq!(letter.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        assert_eq!(letter.header("List-Id"), Some("<outreach.rosterline.example>"));
        assert!(letter.links().iter().any(|link| link.ends_with(&format!("/openings/{}", opening.id))));
        let body = letter.text.expect("a text part");
        assert!(body.contains("second physician") && body.contains("1 Main Street") && !body.contains("Canaryname"), "{body}");
        for other in ["bob@clinic.example", "dee@clinic.example", OLIVE] {
            assert!(written(&app, other).is_empty(), "{other}");
        }
        let done = tally(&app).await;
        assert_eq!((&done["recipients"], &done["sent"], &done["waiting"]), (&json!(1), &json!(1), &json!(0)));
        assert!(done["done_at"].is_string() && done["dropped"] == json!({}), "{done}");
        let acts = admin.get("/admin/audit").await.items();
        assert!(acts.iter().any(|act| act["action"] == "opening.outreach" && act["id"] == opening.id.as_str()), "{acts:?}");
        let export = jane.api.get("/me/export").await.ok();
        assert_eq!((&export["outreach"][0]["opening_id"], &export["outreach"][0]["text"]), (&json!(opening.id), &json!(WORDS)));

        assert_eq!(reachable(&admin, &opening).await, 0);
        order(&admin, &opening).await.problem(409);
        app.advance(Duration::days(7)).await;
        let admin = app.admin().await;
        assert_eq!(reachable(&admin, &opening).await, 1);
        order(&admin, &opening).await.with_status(202);
        app.settle().await;
        assert_eq!(written(&app, JANE).len(), 2);
    }
}

on_both! {
    /// Switched off between the queue and the gate: no mail, and the number says why.
    async fn what_is_switched_off_before_the_gate_is_not_sent(database) {
        let app = at_night(database).await;
        let jane = member(&app, "Jane Canaryname", JANE, true).await;
        let stays = member(&app, "Stan Stays", "stan@clinic.example", true).await;
        let (_, opening) = opening(&app).await;
        order(&app.admin().await, &opening).await.with_status(202);
        app.settle().await;
        assert_eq!((tally(&app).await["waiting"].clone(), written(&app, JANE).len()), (json!(2), 0), "it is night");
        journeys::permit(&Member { api: jane.api.refreshed().await, ..jane }, switches(false)).await;
        app.advance(Duration::hours(10)).await;
        assert!(written(&app, JANE).is_empty(), "the switch was read again before anything left");
        assert_eq!(written(&app, &stays.email).len(), 1, "it is morning");
        let done = tally(&app).await;
        assert_eq!((&done["dropped"], &done["sent"]), (&json!({ "permission": 1 }), &json!(1)), "{done}");
    }
}

on_both! {
    /// Everything else that may happen during the night: a pause, a block, a no, another profile, a vacation.
    async fn whoever_no_longer_fits_in_the_morning_gets_nothing(database) {
        let app = at_night(database).await;
        let emails = ["a", "b", "c", "d", "e"].map(|letter| format!("{letter}@clinic.example"));
        let mut members = Vec::new();
        for email in &emails {
            members.push(member(&app, "Ann Other", email, true).await);
        }
        let (company, opening) = opening(&app).await;
        let admin = app.admin().await;
        assert_eq!(reachable(&admin, &opening).await, 5);
        order(&admin, &opening).await.with_status(202);
        app.settle().await;
        let mut apis = Vec::new();
        for member in &members {
            apis.push(member.api.refreshed().await);
        }
        apis[0].act("/me/pause").await.with_status(204);
        apis[1].post("/me/blocks", &json!({ "company": company.slug })).await.with_status(204);
        let matched = apis[2].get("/me/matches").await.items();
        apis[2].act(&format!("/me/matches/{}/decline", text(&matched[0]["id"]))).await.with_status(204);
        let elsewhere = factory::california_qme().set("/bases/0/market", "new-york-ny").set("/markets", json!([]));
        apis[3].put("/me/profile", &elsewhere.json()).await.ok();
        let away = json!({ "time_zone": "America/Los_Angeles", "vacation_until": "2026-03-20" });
        apis[4].put("/me/mail-times", &away).await.ok();
        app.settle().await;
        app.advance(Duration::hours(10)).await;
        for email in &emails {
            assert!(written(&app, email).is_empty(), "{email}");
        }
        let dropped = tally(&app).await["dropped"].clone();
        let count = |why: &str| dropped[why].as_i64().unwrap_or(0);
        assert_eq!(count("member"), 1, "{dropped}");
        assert_eq!(count("not_eligible") + count("match"), 3, "{dropped}");
        assert_eq!(count("quiet"), 1, "{dropped}");
    }
}

on_both! {
    /// An opening that closes over night takes its mails along.
    async fn a_closed_opening_is_not_written_about(database) {
        let app = at_night(database).await;
        member(&app, "Jane Canaryname", JANE, true).await;
        let (company, opening) = opening(&app).await;
        order(&app.admin().await, &opening).await.with_status(202);
        app.settle().await;
        company.api.refreshed().await.act(&format!("/company/openings/{}/close", opening.id)).await.ok();
        app.advance(Duration::hours(10)).await;
        assert!(written(&app, JANE).is_empty());
        assert_eq!(tally(&app).await["dropped"], json!({ "not_live": 1 }));
        order(&app.admin().await, &opening).await.problem(409);
    }
}

on_both! {
    /// Two openings in one night: the gate lets one mail through.
    async fn two_in_one_night_are_one(database) {
        let app = at_night(database).await;
        member(&app, "Jane Canaryname", JANE, true).await;
        let (company, first) = opening(&app).await;
        let other = factory::bakersfield_opening().set("/title", "Another panel");
        let second = journeys::live_opening(&app, &company, &other).await;
        let admin = app.admin().await;
        for one in [&first, &second] {
            order(&admin, one).await.with_status(202);
        }
        app.settle().await;
        app.advance(Duration::hours(10)).await;
        assert_eq!(written(&app, JANE).len(), 1);
        let all = app.admin().await.get("/admin/outreach").await.items();
        let caps: i64 = all.iter().filter_map(|one| one["dropped"]["cap"].as_i64()).sum();
        assert_eq!(caps, 1, "{all:?}");
    }
}

on_both! {
    /// RFC 8058, and the page for people: opening it changes nothing, stopping stops this and nothing else.
    async fn one_click_stops_outreach_and_nothing_else(database) {
        let app = TestApp::start(database).await;
        let jane = member(&app, "Jane Canaryname", JANE, true).await;
        let on = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": true });
        journeys::permit(&jane, on.clone()).await;
        let (_, opening) = opening(&app).await;
        order(&app.admin().await, &opening).await.with_status(202);
        app.settle().await;
        let link = written(&app, JANE)[0].letter().unsubscribe_link().expect("a link");
        let page = app.browser().get(&link).await;
        assert!(page.text().contains("Stop mail from the community team?"), "{}", page.text());
        assert_eq!(jane.api.get("/me/permissions").await.ok(), on, "a GET changed something");
        for _ in 0..2 {
            app.visitor().one_click(&link).await.with_status(200);
        }
        let off = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": true });
        assert_eq!(jane.api.get("/me/permissions").await.ok(), off);
        assert_eq!(reachable(&app.admin().await, &opening).await, 0);
    }
}

/// Every GET of a company's own, but for what it writes in passing.
async fn company_sees(company: &Company, opening: &Opening) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    for route in table().into_iter().filter(|route| route.method.as_str() == "GET") {
        let page = route.path.strip_prefix("/api/v1").unwrap_or(route.path);
        if !page.starts_with("/company") && !["/openings", "/openings/{id}", "/metrics"].contains(&page) {
            continue;
        }
        let path = crate::authz::filled(route.path, &opening.id);
        let reply = company.api.send(Method::GET, &path, None).await;
        let id = reply.header("x-request-id").to_owned();
        seen.insert(path, format!("{} {}", reply.status, reply.text().replace(&id, "REQUEST")));
    }
    seen
}

on_both! {
    /// The company's pages, answers and mails are the same before and after; the admin's show numbers and nobody.
    async fn the_company_learns_nothing_and_the_admin_nobody(database) {
        let app = TestApp::start(database).await;
        let jane = member(&app, "Jane Canaryname", JANE, true).await;
        let (company, opening) = opening(&app).await;
        let (before, mails) = (company_sees(&company, &opening).await, app.mail.mails_to(OLIVE).len());
        let mut admin = app.browser();
        admin.sign_in(&app.operator_link(ADMIN).await).await;
        let path = format!("/admin/openings/{}/outreach", opening.id);
        assert!(admin.get(&format!("/admin/openings/{}", opening.id)).await.html.contains(&path));
        let form = admin.get(&path).await;
        assert!(form.text().contains("Members who would get it now: 1"), "{}", form.text());
        for bad in ["Too short.", "Please ring 661-555-0134 about this panel.", "Write to desk@kern.example about it."] {
            let again = admin.send(&form.form(&path).set("text", bad)).await;
            again.reply.clone().with_status(422);
            assert!(again.form(&path).fields.iter().any(|(name, value)| name == "text" && value.contains(bad)), "kept");
        }
        let check = admin.send(&form.form(&path).set("text", WORDS)).await;
        assert_eq!(check.heading(), "Write to 1 member?");
        app.settle().await;
        assert!(written(&app, JANE).is_empty(), "nothing before the second page");
        let done = admin.send_and_follow(&check.form(&path).set("confirmed", "1")).await;
        assert!(done.text().contains("On its way to 1 member"), "{}", done.text());
        app.settle().await;
        assert_eq!(written(&app, JANE).len(), 1);

        assert_eq!(company_sees(&company, &opening).await, before);
        assert_eq!(app.mail.mails_to(OLIVE).len(), mails);
        let api = app.admin().await;
        let mut shown = vec![admin.get(&path).await.html];
        // The record names the member once: when an admin let her in.
        let acts = api.get("/admin/audit").await.items();
        shown.extend(acts.iter().filter(|act| act["action"] != "member.approve").map(ToString::to_string));
        assert!(shown.iter().any(|act| act.contains("opening.outreach")));
        for path in ["/api/v1/admin/outreach", "/api/v1/admin/mail", "/admin/mail"] {
            shown.push(api.send(Method::GET, path, None).await.with_status(200).text());
        }
        shown.push(api.get(&format!("/admin/openings/{}/outreach", opening.id)).await.with_status(200).text());
        assert!(shown[0].contains("second physician") && shown[0].contains("Sent"), "{}", shown[0]);
        for text in shown {
            let text = text.to_lowercase();
            assert!(!text.contains("canary") && !text.contains(&jane.id), "{text}");
        }
    }
}
