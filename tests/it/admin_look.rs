//! T10: an admin and the contacts of members.

use chrono::Duration;
use domain::MemberId;
use domain::access::Freshness;
use domain::standing::MemberStanding;
use harness::{
    app::{ADMIN, TestApp},
    authenticator::enrol,
    client::{ApiClient, token_of},
    factory, journeys, on_both,
};
use reqwest::Method;
use rosterline::auth::{Rule, SignedAdmin};
use rosterline::cli::routes::table;
use rosterline::usecases;
use serde_json::{Value, json};

const JANE: &str = "jane.canary@clinic.example";
const NAME: &str = "Jane Canaryname";
const WHY: &str = "Two companies complained about missed calls.";

/// What identifies the member.
fn canaries() -> [String; 5] {
    [JANE, "Canaryname", "555-0143", &factory::npi_of(JANE), "cv.example"].map(str::to_lowercase)
}

async fn reachable(app: &TestApp) -> journeys::Member {
    let member = journeys::alerted_member(app, NAME, JANE, &factory::california_qme()).await;
    journeys::permit(&member, reach(true)).await;
    app.settle().await;
    member
}

/// Every switch, with that of admins as wanted.
fn reach(out: bool) -> Value {
    json!({ "alerts_email": false, "admin_outreach": out, "anonymous_counts": true })
}

fn path(member: &journeys::Member) -> String {
    format!("/admin/members/{}/contact", member.id)
}

async fn look(admin: &ApiClient, member: &journeys::Member) -> harness::client::Reply {
    admin.post(&path(member), &json!({ "reason": WHY })).await
}

/// The looks in the member's ledger.
async fn looks(member: &journeys::Member) -> Vec<Value> {
    let all = member.api.refreshed().await.get("/me/ledger?limit=100").await.items();
    all.into_iter().filter(|entry| entry["kind"] == "admin_look").collect()
}

on_both! {
    /// Every page and every answer that an admin can read, lists and searches, the member's own page and the record
    /// included, before and after a look: none holds a contact.
    async fn t10_lists_search_and_records_hold_no_contact(database) {
        let app = TestApp::start(database).await;
        let member = reachable(&app).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        journeys::introduce(&app, &member, &opening, &["name", "email", "phone"]).await;
        app.let_admin_see_contacts(true).await;
        let admin = app.admin().await;
        look(&admin, &member).await.with_status(200);
        app.settle().await;
        let mut paths: Vec<String> = Vec::new();
        for route in table().into_iter().filter(|route| route.method.as_str() == "GET") {
            if !matches!(route.rule, Rule::May(action) if ["moderate", "look_at_contact"].contains(&action.as_str())) {
                continue;
            }
            let of = |kind: &str| route.path.contains(&format!("/{kind}/{{"));
            let value = match () {
                () if of("members") => member.id.as_str(),
                () if of("openings") => opening.id.as_str(),
                () if of("facts") => "fees",
                () => company.slug.as_str(),
            };
            let path = crate::authz::filled(route.path, value);
            let asks = path.starts_with("/api/") && path.ends_with("/why");
            paths.push(if asks { format!("{path}?member_id={}", member.id) } else { path });
        }
        for standing in ["active", "pending", "suspended"] {
            paths.push(format!("/api/v1/admin/members?standing={standing}&limit=100"));
        }
        paths.push(format!("/admin/members?q={}", &member.id[..6]));
        // What was typed is shown again; nobody is found by it.
        for q in ["jane", "Canaryname", JANE, "661-555-0143", &factory::npi_of(JANE)] {
            let found = admin.send(Method::GET, &format!("/admin/members?q={q}"), None).await.with_status(200);
            assert!(!found.text().contains(&member.id), "{q} finds the member");
        }
        assert!(paths.len() > 20, "{paths:?}");
        for path in paths {
            let reply = admin.send(Method::GET, &path, None).await;
            assert!([200, 404].contains(&reply.status), "{path}: {}", reply.status);
            let text = reply.text().to_lowercase();
            for canary in canaries() {
                assert!(!text.contains(&canary), "{canary} is at {path}");
            }
        }
    }
}

on_both! {
    /// Both permissions, a reason and a fresh proof: without any one of them nothing is shown and nothing recorded.
    async fn t10_a_look_needs_both_permissions_a_reason_and_a_fresh_proof(database) {
        let app = TestApp::start(database).await;
        let member = reachable(&app).await;
        let admin = app.admin().await;
        let forbidden = async |admin: &ApiClient| {
            let refused = look(admin, &member).await.problem(403);
            let text = refused.to_string().to_lowercase();
            assert!(canaries().iter().all(|canary| !text.contains(canary)), "{text}");
            journeys::text(&refused["code"])
        };
        app.let_admin_see_contacts(false).await;
        assert_eq!(forbidden(&admin).await, "forbidden", "the operator took it away");
        app.let_admin_see_contacts(true).await;
        for reason in ["", "no", &"x".repeat(501), "Please call 661-555-0100 at once"] {
            let refused = admin.post(&path(&member), &json!({ "reason": reason })).await;
            assert_eq!(refused.wrong_fields(), ["reason"], "{reason}");
        }
        for body in [json!({}), json!({ "reason": null }), json!({ "reason": WHY, "fields": ["email"] })] {
            admin.post(&path(&member), &body).await.problem(422);
        }
        journeys::permit(&member, reach(false)).await;
        assert_eq!(forbidden(&admin).await, "forbidden", "the member's switch is off");
        journeys::permit(&member, reach(true)).await;

        let (phone, _) = enrol(&app, &admin).await;
        app.advance(Duration::minutes(5)).await;
        let admin = admin.refreshed().await;
        assert_eq!(forbidden(&admin).await, "fresh_sign_in_required");
        admin.post("/session/fresh", &json!({ "totp": phone.code(app.now()) })).await.with_status(204);
        assert!(looks(&member).await.is_empty(), "nothing was recorded so far");
        let seen = look(&admin, &member).await.with_status(200);
        assert_eq!(seen.header("cache-control"), "no-store");
        let contact = &seen.json()["contact"];
        assert_eq!((&contact["email"], &contact["name"]), (&json!(JANE), &json!(NAME)));
        app.let_admin_see_contacts(false).await;
        assert_eq!(forbidden(&admin).await, "forbidden", "taken away with the next request");
        assert_eq!(looks(&member).await.len(), 1);
    }
}

on_both! {
    /// The look is in the ledger with its reason, provable and in words; the member gets a mail that holds no contact
    /// and that nobody calls back, not even by suspending the member at once.
    async fn t10_the_member_is_told_whatever_follows(database) {
        let app = TestApp::start(database).await;
        let member = reachable(&app).await;
        app.let_admin_see_contacts(true).await;
        let (link, id) = (app.operator_link(ADMIN).await, MemberId::parse(&member.id).expect("an id"));
        let before = app.mail.mails_to(JANE).len();
        app.running()
            .app()
            .write(move |conn, app| {
                let opened = usecases::confirm_sign_in(conn, app, token_of(&link), None)?.expect("no code is needed");
                let session = store::accounts::session_by_id(conn, &opened.id, app.now())?;
                let admin = SignedAdmin { session, sees_contacts: true, fresh: Freshness::JustNow };
                usecases::look_at_contact(conn, app, &admin, &id, WHY)?;
                usecases::review_member(conn, app, &admin, &id, MemberStanding::Suspended, Some("For the test."))
            })
            .await
            .expect("a look and a suspension");
        app.settle().await;
        let mail = app.mail.wait_for_mail_to(JANE, before + 1).await;
        let raw = String::from_utf8_lossy(&mail.raw).to_lowercase();
        let body = raw.split_once("\r\n\r\n").expect("a body").1;
        assert!(body.contains("missed calls") && body.contains("/ledger"), "{raw}");
        for canary in canaries() {
            assert!(!body.contains(&canary), "{canary} is in the mail");
        }

        let api = app.sign_in(JANE).await;
        let member = journeys::Member { api, ..member };
        let entry = looks(&member).await.pop().expect("an entry");
        assert_eq!(entry["fields"], json!(["name", "email", "phone", "npi", "cv"]));
        let verdict = member.api.get("/me/ledger/verify").await.ok();
        assert!(verdict.to_string().contains("\"ok\":true") || verdict["faults"] == json!([]), "{verdict}");
        let page = member.api.send(Method::GET, "/ledger", None).await.with_status(200).text();
        assert!(page.contains("A community admin") && page.contains(WHY), "{page}");
        let acts = app.admin().await.get("/admin/audit").await.items();
        let act = acts.iter().find(|act| act["action"] == "member.contact_look").expect("in the record");
        assert_eq!((&act["detail"], &act["id"]), (&json!(WHY), &json!(member.id)));
    }
}

on_both! {
    /// The notice is not an admin's to discard.
    async fn t10_the_notice_cannot_be_discarded(database) {
        let app = TestApp::builder(database)
            .config(|config| config.smtp_url = None)
            .start()
            .await;
        let body = json!({ "name": NAME, "email": JANE, "npi": factory::npi_of(JANE) });
        app.visitor().post("/join", &body).await.ok();
        let admin = app.admin().await;
        let id = journeys::waiting(&admin, "member").await;
        let api = app.visitor().sign_in(&app.operator_link(JANE).await).await;
        let member = journeys::Member { email: JANE.to_owned(), api, id };
        journeys::permit(&member, reach(true)).await;
        app.let_admin_see_contacts(true).await;
        look(&admin, &member).await.with_status(200);
        app.settle().await;
        let mails = admin.get("/admin/mail?limit=100").await.items();
        let held: Vec<&Value> = mails.iter().filter(|mail| mail["state"] == "queued").collect();
        assert!(!held.is_empty(), "{mails:?}");
        for mail in held {
            admin.act(&format!("/admin/mail/{}/discard", journeys::text(&mail["id"]))).await;
        }
        let mails = admin.get("/admin/mail?limit=100").await.items();
        let left: Vec<&Value> = mails.iter().filter(|mail| mail["state"] == "queued").collect();
        assert_eq!(left.len(), 1, "the notice stays: {mails:?}");
    }
}

on_both! {
    /// On pages: the account page says whether one may, the member's page leads there, the reason is kept when it is
    /// wrong, and the contact stands in the answer alone.
    async fn t10_the_pages_of_a_look(database) {
        let app = TestApp::start(database).await;
        let member = reachable(&app).await;
        let mut admin = app.browser();
        admin.sign_in(&app.operator_link(ADMIN).await).await;
        let (page, href) = (format!("/admin/members/{}", member.id), format!("/admin/members/{}/contact", member.id));
        app.let_admin_see_contacts(false).await;
        assert!(admin.get("/account").await.text().contains("You may not look at contacts"));
        assert!(!admin.get(&page).await.html.contains(&href));
        admin.get(&href).await.reply.with_status(403);
        app.let_admin_see_contacts(true).await;
        assert!(admin.get("/admin").await.text().contains("Admins who may look at contacts 1 of 1"));
        assert!(admin.get(&page).await.html.contains(&href));
        let short = admin.get(&href).await.form(&href).set("reason", "Ps");
        let again = admin.send(&short).await;
        assert!(again.reply.clone().with_status(422).text().contains("Say why in 3 to 500 letters") && again.html.contains("Ps<"), "{}", again.html);
        let seen = admin.send(&again.form(&href).set("reason", WHY)).await;
        assert_eq!(seen.reply.clone().with_status(200).header("cache-control"), "no-store");
        assert!(seen.html.contains(JANE) && seen.html.contains(NAME), "{}", seen.text());
        assert_eq!(looks(&member).await.len(), 1);

        app.advance(Duration::minutes(5)).await;
        let stale = admin.get(&href).await.reply.with_status(303);
        assert_eq!(stale.location(), format!("/account/confirm?next={}", href.replace('/', "%2F")));
        let member = journeys::Member { api: member.api.refreshed().await, ..member };
        journeys::permit(&member, reach(false)).await;
        admin.sign_in(&app.operator_link(ADMIN).await).await;
        let shut = admin.get(&href).await;
        assert!(shut.text().contains("has not allowed admins to reach out") && !shut.html.contains("<textarea"));
    }
}
