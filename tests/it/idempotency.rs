//! `Idempotency-Key`: what is sent again is not done again.

use std::collections::BTreeMap;

use chrono::Duration;
use domain::contact::EmailAddress;
use harness::{
    app::TestApp,
    client::{ApiClient, Reply},
    factory,
    journeys::{self, Company},
    on_both,
};
use rosterline::{AppError, errand::Errand};
use serde_json::{Value, json};
use store::request_keys::{Held, Request, Reserved, reserve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const OPENINGS: &str = "/company/openings";

fn keyed(client: &ApiClient, key: &str) -> ApiClient {
    client.with_header("idempotency-key", key)
}

async fn openings(company: &Company) -> usize {
    company.api.refreshed().await.get(OPENINGS).await.items().len()
}

fn code(reply: Reply, status: u16) -> String {
    journeys::text(&reply.problem(status)["code"])
}

fn replayed(reply: &Reply) -> bool {
    reply.header("idempotency-replayed") == "true"
}

on_both! {
    /// T09: fifty at once make one object, and all who get an answer get the same one.
    async fn t09_fifty_at_once_make_one_object(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let client = keyed(&company.api, "k-1");
        let body = factory::bakersfield_opening().json();
        let mut all = JoinSet::new();
        for _ in 0..50 {
            let (client, body) = (client.clone(), body.clone());
            all.spawn(async move { client.post(OPENINGS, &body).await });
        }
        let mut bodies: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        let (mut first, mut waits) = (0, 0);
        for reply in all.join_all().await {
            if reply.status == 409 {
                assert_eq!(reply.header("retry-after"), "1");
                assert_eq!(code(reply, 409), "request_in_progress");
                waits += 1;
            } else {
                let reply = reply.with_status(201);
                first += usize::from(!replayed(&reply));
                *bodies.entry(reply.body).or_default() += 1;
            }
        }
        assert_eq!((first, bodies.len(), bodies.values().sum::<usize>() + waits), (1, 1, 50));
        assert_eq!(openings(&company).await, 1);
    }
}

on_both! {
    /// T09: sent again it answers the same, after a restart too; with another body or elsewhere the key is refused; it is
    /// somebody's own, and known for a day.
    async fn t09_sent_again_it_answers_the_same(database) {
        let mut app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let other = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let body = factory::bakersfield_opening().json();
        let first = keyed(&company.api, "k-1").post(OPENINGS, &body).await.with_status(201);
        assert!(!replayed(&first));
        for restart in [false, true] {
            if restart {
                app.restart_after(|_| {}).await;
            }
            let again = keyed(&company.api, "k-1").post(OPENINGS, &body).await.with_status(201);
            assert!(replayed(&again));
            assert_eq!((&again.body, again.header("content-type")), (&first.body, first.header("content-type")));
            let otherwise = factory::bakersfield_opening().set("/seats", 3).json();
            assert_eq!(code(keyed(&company.api, "k-1").post(OPENINGS, &otherwise).await, 422), "idempotency_key_reused");
            let id = journeys::text(&first.json()["id"]);
            let elsewhere = format!("{OPENINGS}/{id}/submit");
            assert_eq!(code(keyed(&company.api, "k-1").post(&elsewhere, &body).await, 422), "idempotency_key_reused");
        }
        let theirs = keyed(&other.api, "k-1").post(OPENINGS, &body).await.with_status(201);
        assert!(!replayed(&theirs) && theirs.body != first.body);
        keyed(&company.api, "k-2").post(OPENINGS, &body).await.with_status(201);
        assert_eq!((openings(&company).await, openings(&other).await), (2, 1));
        app.advance(Duration::hours(24)).await;
        let late = keyed(&company.api.refreshed().await, "k-1").post(OPENINGS, &body).await.with_status(201);
        assert!(!replayed(&late));
        assert_eq!(openings(&company).await, 3);
    }
}

on_both! {
    /// What was refused was not done: put right, it goes through under the same key.
    async fn a_refusal_gives_the_key_back(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let client = keyed(&company.api, "k-1");
        let wrong = factory::bakersfield_opening().set("/kind", "housework").json();
        assert_eq!(client.post(OPENINGS, &wrong).await.wrong_fields(), ["kind"]);
        client.post(OPENINGS, &json!({ "salary": 1 })).await.problem(422);
        let made = client.post(OPENINGS, &factory::bakersfield_opening().json()).await.with_status(201);
        assert!(!replayed(&made));
        // Without a body and with 200 it works alike.
        let submit = format!("{OPENINGS}/{}/submit", journeys::text(&made.json()["id"]));
        let client = keyed(&company.api, "k-2");
        let first = client.act(&submit).await.with_status(200);
        let again = client.act(&submit).await.with_status(200);
        assert!(replayed(&again) && again.body == first.body);
        keyed(&company.api, "k-3").act(&submit).await.problem(409);
        for bad in ["with space", &"x".repeat(129)] {
            assert_eq!(code(keyed(&company.api, bad).post(OPENINGS, &json!({})).await, 400), "malformed");
        }
    }
}

on_both! {
    /// Visitors: joining twice by mistake is joining once, and one mail. Another's request is another's, whatever key they
    /// chose.
    async fn visitors_join_once(database) {
        let app = TestApp::start(database).await;
        let visitor = keyed(&app.visitor(), "1");
        let body = |n: u32, email: &str| json!({ "name": "Jane Rivera", "email": email, "npi": factory::npi(n) });
        let jane = body(1, "jane@clinic.example");
        let first = visitor.post("/join", &jane).await.with_status(202);
        let again = visitor.post("/join", &jane).await.with_status(202);
        assert!(!replayed(&first) && replayed(&again) && first.body == again.body);
        assert!(!replayed(&visitor.post("/join", &body(2, "bob@clinic.example")).await.with_status(202)));
        app.settle().await;
        assert_eq!(["jane@clinic.example", "bob@clinic.example"].map(|to| app.mail.mails_to(to).len()), [1, 1]);
        assert_eq!(app.admin().await.get("/admin/queue").await.items().len(), 2);
    }
}

on_both! {
    /// A code that is shown once is not kept for a second look.
    async fn answers_that_are_secrets_are_not_kept(database) {
        let app = TestApp::start(database).await;
        let admin = keyed(&app.admin().await, "k-1");
        let first = admin.act("/admin/invitations").await.with_status(201);
        assert!(first.json()["code"].is_string());
        let again = admin.act("/admin/invitations").await;
        assert!(!again.text().contains(first.json()["code"].as_str().unwrap()));
        assert_eq!(code(again, 409), "request_already_done");
        // Signing in takes no key at all.
        let jane = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let token = json!({ "token": harness::client::token_of(&app.mailed_link(&jane.email).await) });
        keyed(&jane.api, "k-1").post("/sign-in/confirm", &token).await.with_status(200);
        keyed(&jane.api, "k-1").post("/sign-in/confirm", &token).await.problem(422);
    }
}

on_both! {
    /// Whoever hangs up is who sends again: the answer is there for them, wherever the call was cut off.
    async fn t09_who_hangs_up_finds_the_answer_later(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let body = factory::bakersfield_opening().json();
        for n in 0..20_u64 {
            let key = format!("k-{n}");
            cut_off(&app, company.api.token(), &key, &body, std::time::Duration::from_millis(n)).await;
            let client = keyed(&company.api, &key);
            let mut again = client.post(OPENINGS, &body).await;
            let mut asked = 1;
            while again.status == 409 {
                assert_eq!(code(again, 409), "request_in_progress");
                assert!(asked < 1000, "the answer was lost with whoever hung up");
                asked += 1;
                again = client.post(OPENINGS, &body).await;
            }
            again.with_status(201);
        }
        assert_eq!(openings(&company).await, 20);
    }
}

/// Sends a request and breaks the connection after a time, as a machine does that crashes.
async fn cut_off(app: &TestApp, token: &str, key: &str, body: &Value, after: std::time::Duration) {
    let body = serde_json::to_string(body).expect("JSON");
    let mut stream = TcpStream::connect(app.running().addr()).await.expect("a connection");
    stream.set_zero_linger().expect("a socket");
    let length = body.len();
    let head = format!(
        "POST /api/v1{OPENINGS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         idempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.expect("it is sent");
    let _ = tokio::time::timeout(after, stream.read(&mut [0; 16])).await;
}

/// The row of a request as the server makes it.
async fn held(app: &TestApp, owner: &str, key: &'static str, body: &Value, holder: &'static str) -> Reserved {
    let (owner, body) = (EmailAddress::parse(owner).expect("an address"), serde_json::to_vec(body).expect("JSON"));
    let write = app.running().app().write(move |conn, app| {
        let account = store::contacts::account_of(conn, &app.vault, &owner)?.ok_or(AppError::NotFound)?;
        let asked = Request::of_account(&app.vault, &account, key, &format!("POST /api/v1{OPENINGS}"), &body);
        Ok(reserve(conn, &asked, holder, app.now())?)
    });
    write.await.expect("the database answers")
}

fn ours(reserved: Reserved) -> Held {
    match reserved {
        Reserved::Ours(held) => held,
        other => panic!("{other:?}"),
    }
}

async fn acted(app: &TestApp, held: &Held) -> bool {
    let held = held.clone();
    app.running().app().write(move |conn, app| Ok(held.acted(conn, app.now())?)).await.expect("the database answers")
}

on_both! {
    /// A server that dies before the act leaves the key free after a minute; one that dies after it does not: the act
    /// stands, and its repetition is refused. And a run that only seemed dead can no longer act.
    async fn t09_a_dead_server_leaves_no_double(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let body = factory::bakersfield_opening().json();
        let before = ours(held(&app, &company.email, "before", &body, "dead").await);
        let after = ours(held(&app, &company.email, "after", &body, "dead").await);
        assert!(acted(&app, &after).await);
        for key in ["before", "after"] {
            assert_eq!(code(keyed(&company.api, key).post(OPENINGS, &body).await, 409), "request_in_progress");
        }
        app.advance(Duration::seconds(61)).await;
        keyed(&company.api, "before").post(OPENINGS, &body).await.with_status(201);
        assert!(!acted(&app, &before).await, "another run has the key");
        let late = Errand::new(None, Some(before));
        let act = late.run(app.running().app().write(|conn, _| Ok(store::facts::remember(conn, "late", "done")?))).await;
        assert!(matches!(act, Err(AppError::InProgress)), "{act:?}");
        let kept = app.running().app().read(|conn, _| Ok(store::facts::remembered(conn, "late")?)).await;
        assert_eq!(kept.expect("the database answers"), None, "what came too late is taken back");
        assert_eq!(code(keyed(&company.api, "after").post(OPENINGS, &body).await, 409), "request_already_done");
        assert_eq!(openings(&company).await, 1);
    }
}
