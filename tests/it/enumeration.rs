//! Nobody learns from an answer, or from the time it takes, whether an address is known here.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use diesel::{QueryDsl, RunQueryDsl};
use harness::{
    app::TestApp,
    client::{ApiClient, Reply},
    factory, journeys, on_both,
};
use reqwest::Method;
use rosterline::AppError;
use serde_json::{Value, json};
use store::StoreError;

const JANE: &str = "jane@clinic.example";
const NOBODY: &str = "nobody@clinic.example";

/// Everything of an answer but what is of the single request. `connection: close` comes whenever an answer was quicker
/// than the body of the request.
fn told(reply: &Reply) -> String {
    let mut all = format!("{}\n", reply.status);
    let mut headers: Vec<_> = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "connection"].contains(&name.as_str()))
        .collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let _ = writeln!(all, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    all.push_str(&reply.text().replace(reply.header("x-request-id"), "REQUEST"));
    all
}

fn company(email: &str) -> Value {
    factory::company("Kern Evaluations", email).json()
}

fn joining(email: &str, npi: &str) -> Value {
    json!({ "name": "Jane Rivera", "email": email, "npi": npi })
}

/// A form as a browser sends it, from a page of this site.
async fn form(app: &TestApp, path: &str, fields: &Value) -> Reply {
    let mut browser = app.browser();
    let mut form = browser.get(path).await.form(path);
    for (name, value) in fields.as_object().expect("fields") {
        form = form.set(name, value.as_str().expect("text"));
    }
    browser.send(&form).await.reply
}

/// How many rows of the tables that these requests write there are.
async fn jobs(app: &TestApp) -> i64 {
    let count = app.running().app().read(|conn, _| {
        let count = store::schema::jobs::table.count().get_result(conn).map_err(StoreError::from);
        count.map_err(AppError::from)
    });
    count.await.expect("the database answers")
}

on_both! {
    /// T04: asking for a link, joining and registering, on pages and in the API: status, headers, body and what is written
    /// before the answer are the same. What is done with it is a job's matter.
    async fn t04_known_and_unknown_addresses_are_answered_alike(database) {
        let app = TestApp::start(database).await;
        journeys::join(&app, "Jane Rivera", JANE).await;
        let api = app.visitor();
        let npi = factory::npi_of(JANE);
        for (path, known, unknown) in [
            ("/sign-in", json!({ "email": JANE }), json!({ "email": NOBODY })),
            ("/join", joining(JANE, &factory::npi(1)), joining("new1@clinic.example", &factory::npi(2))),
            // The address is new and the NPI is not.
            ("/join", joining("other@clinic.example", &npi), joining("new2@clinic.example", &factory::npi(3))),
            ("/companies", company(JANE), company("olive@kern.example")),
        ] {
            let mut answers = Vec::new();
            for body in [known, unknown] {
                let before = jobs(&app).await;
                answers.push(told(&api.post(path, &body).await.with_status(202)));
                assert_eq!(jobs(&app).await, before + 1, "{path}: one job, whoever it is");
                app.settle().await;
            }
            assert_eq!(answers[0], answers[1], "{path}");
        }
        for (path, known, unknown) in [
            ("/sign-in", json!({ "email": JANE }), json!({ "email": NOBODY })),
            ("/join", joining(JANE, &factory::npi(4)), joining("new3@clinic.example", &factory::npi(5))),
            ("/for-companies", company(JANE), company("otto@kern.example")),
        ] {
            let answers = [form(&app, path, &known).await, form(&app, path, &unknown).await];
            assert_eq!(told(&answers[0].clone().with_status(303)), told(&answers[1]), "{path}");
        }
        app.settle().await;
        assert!(app.mail.mails_to(NOBODY).is_empty() && app.mail.mails_to("other@clinic.example").is_empty());
        // Three who joined, and no second Jane, in whatever way she was named.
        let queue = app.admin().await.get("/admin/queue").await.items();
        assert_eq!(queue.iter().filter(|item| item["kind"] == "member").count(), 3, "{queue:?}");
        assert_eq!(queue.iter().filter(|item| item["kind"] == "company").count(), 2, "{queue:?}");
    }
}

on_both! {
    /// T04: mail is stopped by the link in a mail and never by an address, so there is no address to ask for. The link of
    /// somebody who left answers like one that was never made.
    async fn t04_a_link_of_who_left_answers_like_none(database) {
        let app = TestApp::start(database).await;
        let profile = factory::california_qme();
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &profile).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let alert = app.mail.mails_to(JANE).into_iter().find(|mail| mail.letter().header("List-Unsubscribe").is_some());
        let link = alert.expect("an alert").letter().link_with("/mail/stop/");
        let visitor = app.visitor();
        visitor.one_click(&link).await.with_status(200);
        jane.api.delete("/me").await.ok();
        app.settle().await;
        let (token, other) = (harness::client::token_of(&link), "A".repeat(43));
        let made_up = link.replace(token, &other);
        let told = |reply: &Reply| told(reply).replace(token, "TOKEN").replace(&other, "TOKEN");
        let answers = [visitor.one_click(&link).await, visitor.one_click(&made_up).await];
        assert_eq!(told(&answers[0].clone().with_status(404)), told(&answers[1]));
        let pages = [get(&visitor, &link).await, get(&visitor, &made_up).await];
        assert_eq!(told(&pages[0]), told(&pages[1]));
        for path in ["/mail/stop", "/mail/stop/", "/api/v1/mail/stop"] {
            let asked = visitor.send(Method::POST, path, Some(&json!({ "email": JANE }))).await;
            assert_eq!(asked.status, 404, "{path}");
        }
    }
}

async fn get(client: &ApiClient, path: &str) -> Reply {
    client.send(Method::GET, path, None).await
}

/// How often each kind is asked.
const ASKED: u32 = 100;
/// The medians of known and unknown may differ by this factor: the machine is busy with other things.
const BAND: f64 = 1.6;
/// Measured again when it is outside.
const TRIES: usize = 3;

on_both! {
    /// T04: known and unknown take the same time, shuffled, one after the other. What is measured is coarse; that the same
    /// is done stands in the test above.
    async fn t04_known_and_unknown_take_the_same_time(database) {
        let app = TestApp::start(database).await;
        journeys::join(&app, "Jane Rivera", JANE).await;
        for path in ["/sign-in", "/join"] {
            let mut seen = Vec::new();
            while seen.last().is_none_or(|ratio| !(1.0 / BAND..BAND).contains(ratio)) {
                assert!(seen.len() < TRIES, "{path}: known takes so many times as long as unknown: {seen:?}");
                let from = u32::try_from(seen.len()).expect("a few") * ASKED + if path == "/join" { 10_000 } else { 0 };
                seen.push(ratio(&app, path, from).await);
            }
        }
    }
}

/// Known by unknown, as medians.
async fn ratio(app: &TestApp, path: &str, from: u32) -> f64 {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // Settled between the rounds, so that no job of one request lies in the time of the next.
    for n in from..from + ASKED {
        let fresh = format!("n{n}@clinic.example");
        let mut pair = [(JANE, &mut known), (fresh.as_str(), &mut unknown)];
        if n.wrapping_mul(2_654_435_761).count_ones() % 2 == 1 {
            pair.reverse();
        }
        for (at, (email, times)) in pair.into_iter().enumerate() {
            let npi = factory::npi(2 * n + u32::try_from(at).expect("0 or 1"));
            let body = if path == "/join" { joining(email, &npi) } else { json!({ "email": email }) };
            app.settle().await;
            let begun = Instant::now();
            app.visitor().post(path, &body).await.with_status(202);
            times.push(begun.elapsed());
        }
    }
    median(known).as_secs_f64() / median(unknown).as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
