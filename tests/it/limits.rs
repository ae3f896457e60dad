//! What may be done only so often, and who is told when.

use chrono::Duration;
use domain::limits::Act;
use harness::{
    app::{TestApp, TestAppBuilder},
    client::{ApiClient, Reply},
    database::Database,
    factory,
    html::Form,
    journeys, on_both,
};
use reqwest::Method;
use serde_json::json;

const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "203.0.113.8";

/// Behind a proxy, as visitors of the real thing are: this machine itself is under no limit by address.
fn behind_proxy(database: Database) -> TestAppBuilder {
    TestApp::builder(database).config(|config| config.trust_proxy = true)
}

fn at(app: &TestApp, address: &str) -> ApiClient {
    app.visitor().with_header("x-forwarded-for", address)
}

async fn join(client: &ApiClient, n: u32) -> Reply {
    let body = json!({ "name": "Jane Rivera", "email": format!("jane{n}@clinic.example"), "npi": factory::npi(n) });
    client.post("/join", &body).await
}

fn sorted(form: &Form) -> Vec<(String, String)> {
    let mut fields = form.fields.clone();
    fields.sort();
    fields
}

/// The number after a letter in a header such as `"join";r=3;t=60`.
fn number(reply: &Reply, header: &str, letter: &str) -> u64 {
    let value = reply.header(header);
    let found = value.split(';').find_map(|part| part.strip_prefix(letter)?.strip_prefix('='));
    found.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no {letter} in {header}: {value:?}"))
}

/// Checks a refusal: when to come back is said in a header and in words.
fn refused(reply: Reply, act: Act) -> u64 {
    let limit = act.limit();
    let wait: u64 = reply.header("retry-after").parse().expect("seconds");
    assert!(wait >= 1 && wait <= u64::try_from(limit.window.num_seconds()).unwrap(), "{wait}");
    assert_eq!(reply.header("ratelimit-policy").split(';').next(), Some(format!("{:?}", act.as_str()).as_str()));
    assert_eq!((number(&reply, "ratelimit", "r"), number(&reply, "ratelimit", "t")), (0, wait));
    let problem = reply.problem(429);
    assert_eq!(problem["code"], "too_many_requests");
    assert!(problem["detail"].as_str().unwrap().contains("Try again in "), "{problem}");
    wait
}

on_both! {
    /// Joins by address: counted in the database, over a restart, IPv6 by its /64, and free again with the next window.
    async fn one_address_joins_only_so_often(database) {
        let mut app = behind_proxy(database).start().await;
        let most = Act::Join.limit().most;
        for n in 0..most {
            let reply = join(&at(&app, HERE), n).await.with_status(202);
            assert_eq!(number(&reply, "ratelimit", "r"), u64::from(most - n - 1));
            assert_eq!((number(&reply, "ratelimit-policy", "q"), number(&reply, "ratelimit-policy", "w")), (u64::from(most), 3600));
        }
        app.restart_after(|_| {}).await;
        refused(join(&at(&app, HERE), 100).await, Act::Join);
        // Whatever else stands in the header was written by whoever asks.
        refused(join(&at(&app, &format!("{ELSEWHERE}, {HERE}")), 100).await, Act::Join);
        join(&at(&app, ELSEWHERE), 100).await.with_status(202);
        // Known or not: nobody learns it from a refusal.
        refused(join(&at(&app, HERE), 0).await, Act::Join);

        for n in 0..most {
            join(&at(&app, &format!("2001:db8:0:1::{n:x}")), 200 + n).await.with_status(202);
        }
        refused(join(&at(&app, "2001:db8:0:1:ffff::1"), 300).await, Act::Join);
        join(&at(&app, "2001:db8:0:2::1"), 300).await.with_status(202);

        app.advance(Duration::hours(1)).await;
        join(&at(&app, HERE), 101).await.with_status(202);
    }
}

on_both! {
    /// The page of a refusal says when, keeps what was typed, and sends it with one press.
    async fn what_was_typed_is_kept_until_it_is_taken(database) {
        let app = behind_proxy(database).start().await;
        for n in 0..Act::Join.limit().most {
            join(&at(&app, HERE), n).await.with_status(202);
        }
        let mut browser = app.browser().behind_proxy(HERE);
        let form = browser.get("/join").await.form("/join");
        let typed = form.set("name", "Ana O'Hara & Sons, MD").set("email", "ana@clinic.example").set("npi", &factory::npi(900));
        let page = browser.send(&typed).await;
        page.reply.clone().with_status(429);
        assert!(!page.reply.header("retry-after").is_empty() && page.reply.header("cache-control") == "no-store");
        assert!(page.text().contains("Try again in 60 minutes"), "{}", page.text());
        let kept = page.form("/join");
        assert_eq!(sorted(&kept), sorted(&typed));
        browser.send(&kept).await.reply.with_status(429);
        app.advance(Duration::hours(1)).await;
        let reply = browser.send(&kept).await.reply.with_status(303);
        assert_eq!(reply.location(), "/join/sent");
        app.settle().await;
        assert_eq!(app.mail.mails_to("ana@clinic.example").len(), 1);
    }
}

on_both! {
    /// The answer to "send me a link" never changes; over the limit no link goes out.
    async fn links_are_held_back_in_silence(database) {
        let app = behind_proxy(database).start().await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let before = app.mail.mails_to(&member.email).len();
        let ask = async |address: &str, email: &str| {
            at(&app, address).post("/sign-in", &json!({ "email": email })).await.with_status(202)
        };
        let first = ask(HERE, "nobody0@clinic.example").await;
        for n in 1..Act::AskForLink.limit().most {
            ask(HERE, &format!("nobody{n}@clinic.example")).await;
        }
        let over = ask(HERE, &member.email).await;
        assert_eq!((over.body, over.headers.len()), (first.body, first.headers.len()));
        assert!(over.headers.get("ratelimit").is_none());
        app.settle().await;
        assert_eq!(app.mail.mails_to(&member.email).len(), before);
        ask(ELSEWHERE, &member.email).await;
        app.settle().await;
        assert_eq!(app.mail.mails_to(&member.email).len(), before + 1);
    }
}

on_both! {
    /// Links are tried only so often from one address, on pages and in the API, whatever comes of it.
    async fn links_are_tried_only_so_often(database) {
        let app = behind_proxy(database).start().await;
        journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let link = app.mailed_link("jane@clinic.example").await;
        for n in 0..Act::ConfirmLink.limit().most {
            at(&app, HERE).post("/sign-in/confirm", &json!({ "token": format!("guess{n}") })).await.problem(422);
        }
        refused(at(&app, HERE).post("/sign-in/confirm", &json!({ "token": "guess" })).await, Act::ConfirmLink);
        let mut browser = app.browser().behind_proxy(HERE);
        let button = browser.get(&link).await;
        let form = button.form(harness::client::path_of(&link));
        browser.send(&form).await.reply.with_status(429);
        let mut elsewhere = app.browser().behind_proxy(ELSEWHERE);
        elsewhere.sign_in(&link).await.reply.with_status(200);
    }
}

on_both! {
    /// Registrations by address and day.
    async fn one_address_registers_only_so_many_companies(database) {
        let app = behind_proxy(database).start().await;
        let register = async |n: u32| {
            let body = factory::company(&format!("Company {n}"), &format!("olive@company{n}.example")).json();
            at(&app, HERE).post("/companies", &body).await
        };
        let most = Act::Register.limit().most;
        for n in 0..most {
            register(n).await.with_status(202);
        }
        refused(register(most).await, Act::Register);
    }
}

on_both! {
    /// Threats 2 and 13: openings that reach the desk of the admins, by company and day. Another company is not held up.
    async fn one_company_submits_only_so_many_openings_a_day(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let other = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let draft = async |api: &ApiClient| {
            journeys::text(&api.post("/company/openings", &factory::bakersfield_opening().json()).await.ok()["id"])
        };
        let submit = async |api: &ApiClient, id: &str| api.act(&format!("/company/openings/{id}/submit")).await;
        for _ in 0..Act::SubmitOpening.limit().most {
            let id = draft(&company.api).await;
            submit(&company.api, &id).await.with_status(200);
            // What is refused for another reason does not count.
            submit(&company.api, &id).await.problem(409);
        }
        let last = draft(&company.api).await;
        refused(submit(&company.api, &last).await, Act::SubmitOpening);
        assert_eq!(company.api.get(&format!("/company/openings/{last}")).await.ok()["status"], "draft", "it is kept");
        let theirs = draft(&other.api).await;
        submit(&other.api, &theirs).await.with_status(200);
        app.advance(Duration::days(1)).await;
        submit(&company.api.refreshed().await, &last).await.with_status(200);
    }
}

on_both! {
    /// Everything that changes something counts together, by account and minute; reading goes on.
    async fn one_account_writes_only_so_often(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let bob = journeys::join(&app, "Bob Stone", "bob@clinic.example").await;
        app.advance(Duration::minutes(1)).await;
        let same = json!({ "alerts_email": false, "admin_outreach": false, "anonymous_counts": false });
        for _ in 0..Act::Write.limit().most {
            jane.api.put("/me/permissions", &same).await.with_status(200);
        }
        refused(jane.api.put("/me/permissions", &same).await, Act::Write);
        jane.api.get("/me/permissions").await.with_status(200);
        bob.api.put("/me/permissions", &same).await.with_status(200);
        app.advance(Duration::minutes(1)).await;
        jane.api.put("/me/permissions", &same).await.with_status(200);
    }
}

on_both! {
    /// Exports are work, so they have an end; each kind of file counts.
    async fn one_member_exports_only_so_often(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        for n in 0..Act::Export.limit().most {
            let path = if n % 2 == 0 { "/me/export" } else { "/me/ledger/export?format=csv" };
            jane.api.get(path).await.with_status(200);
        }
        refused(jane.api.get("/me/export?format=csv").await, Act::Export);
        app.advance(Duration::days(1)).await;
        jane.api.refreshed().await.get("/me/export").await.with_status(200);
    }
}

on_both! {
    /// The guard in memory, one request a second: a burst, then 429 before anything else, also for pages.
    async fn a_flood_is_held_back(database) {
        let app = TestApp::builder(database)
            .config(|config| {
                config.trust_proxy = true;
                config.flood_per_second = 1;
            })
            .start()
            .await;
        let client = at(&app, HERE);
        let mut refusal = None;
        for _ in 0..60 {
            let reply = client.get("/reference/markets").await;
            if reply.status == 429 {
                refusal = Some(reply);
                break;
            }
            reply.with_status(200);
        }
        let refusal = refusal.expect("sixty at once are too many");
        assert!(["1", "2"].contains(&refusal.header("retry-after")), "{}", refusal.header("retry-after"));
        assert_eq!(refusal.problem(429)["code"], "too_many_requests");
        at(&app, ELSEWHERE).get("/reference/markets").await.with_status(200);
        let mut lines = Vec::new();
        for _ in 0..60 {
            let page = client.send(Method::GET, "/openings", None).await;
            if page.status == 429 {
                lines.push(page);
                break;
            }
        }
        let line = lines.pop().expect("pages are held back too");
        assert!(line.text().starts_with("Too many requests came from your network at once."), "{}", line.text());
        assert!(!line.header("retry-after").is_empty() && !line.header("content-security-policy").is_empty());
    }
}

on_both! {
    /// This machine itself is under no limit by address: health checks, benchmarks, a proxy that is not declared. Unless a
    /// setting says so.
    async fn this_machine_is_let_in(database) {
        let app = TestApp::builder(database.clone()).config(|config| config.flood_per_second = 1).start().await;
        for n in 0..40 {
            // Nobody who is not trusted chooses an address.
            at(&app, HERE).send(Method::GET, "/healthz", None).await.with_status(200);
            join(&at(&app, HERE), n).await.with_status(202);
        }
        app.settle().await;
        drop(app);
        let Database::Sqlite = database else { return };
        let strict = TestApp::builder(database)
            .config(|config| {
                config.flood_per_second = 1;
                config.limit_loopback = true;
            })
            .start()
            .await;
        let mut refused = 0;
        for _ in 0..60 {
            refused += usize::from(strict.visitor().send(Method::GET, "/healthz", None).await.status == 429);
        }
        assert!(refused > 0);
    }
}
