//! T24: what works once works once.

use chrono::Duration;
use harness::{
    app::TestApp,
    authenticator::enrol,
    client::{ApiClient, token_of},
    factory, journeys, on_both,
};
use reqwest::Method;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

/// How many of twenty that are sent at once are taken.
async fn taken_of_twenty(client: &ApiClient, path: &str, body: impl Fn(usize) -> Value) -> usize {
    let asks: Vec<_> = (0..20)
        .map(|n| {
            let (client, path, body) = (client.clone(), path.to_owned(), body(n));
            tokio::spawn(async move { client.post(&path, &body).await.status })
        })
        .collect();
    let mut taken = 0;
    for ask in asks {
        let status = ask.await.expect("an answer");
        assert!([200, 202, 401, 409, 422, 429, 503].contains(&status), "{status}");
        taken += usize::from(status < 300);
    }
    taken
}

/// Where a token of another purpose might be taken for what it is not.
async fn opens_nothing_else(app: &TestApp, token: &str) {
    let visitor = app.visitor();
    for (path, body) in [
        ("/sign-in/confirm", json!({ "token": token })),
        ("/sign-in/confirm", json!({ "token": token, "totp": token })),
        ("/sign-in/refresh", json!({ "refresh_token": token })),
        ("/join", json!({ "name": "Eve Stone", "email": "eve@practice.example", "invite_code": token })),
    ] {
        let status = visitor.post(path, &body).await.status;
        assert!([401, 422].contains(&status), "{path}: {status}");
    }
    visitor.with_token(token).get("/session").await.problem(401);
    let cookie = visitor.with_header("cookie", &format!("rosterline_session={token}"));
    cookie.get("/session").await.problem(401);
    assert_eq!(visitor.one_click(&format!("/mail/stop/{token}")).await.status, 404);
    for page in ["/sign-in/", "/mail/stop/", "/mail/new-address/"].map(|path| format!("{path}{token}")) {
        for method in [Method::GET, Method::POST] {
            assert!(visitor.send(method, &page, None).await.status >= 400, "{page}");
        }
    }
}

on_both! {
    /// T24: the link of a mail signs in once: not a second time, not twice of twenty at once, not late, not as anything
    /// else; and what is something else does not sign in.
    async fn t24_a_link_signs_in_once(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let confirm = async |token: &str| app.visitor().post("/sign-in/confirm", &json!({ "token": token })).await.status;

        let link = app.operator_link(JANE).await;
        assert_eq!((confirm(token_of(&link)).await, confirm(token_of(&link)).await), (200, 422));
        opens_nothing_else(&app, token_of(&link)).await;
        let link = app.operator_link(JANE).await;
        let once = taken_of_twenty(&app.visitor(), "/sign-in/confirm", |_| json!({ "token": token_of(&link) })).await;
        assert_eq!(once, 1);
        // The button of the page and the API use up the same thing.
        let link = app.operator_link(JANE).await;
        let mut browser = app.browser();
        browser.sign_in(&link).await.reply.with_status(200);
        assert_eq!(confirm(token_of(&link)).await, 422);
        let late = app.operator_link(JANE).await;
        app.advance(Duration::minutes(15)).await;
        assert_eq!(confirm(token_of(&late)).await, 422);
        opens_nothing_else(&app, token_of(&late)).await;

        let alert = app.mail.mails_to(JANE).into_iter().find(|m| m.letter().unsubscribe_link().is_some());
        let stop = alert.expect("an alert").letter().unsubscribe_link().expect("a link");
        let token = token_of(&stop).to_owned();
        assert_eq!(confirm(&token).await, 422, "a link that stops mail signs nobody in");
        app.visitor().with_token(&token).get("/session").await.problem(401);
        let session = member.api.secrets();
        assert_eq!(app.visitor().one_click(&format!("/mail/stop/{}", session[0])).await.status, 404);
        assert_eq!(confirm(&session[1]).await, 422, "nor does what refreshes a session");
        let live = app.operator_link(JANE).await;
        assert_eq!(app.visitor().one_click(&format!("/mail/stop/{}", token_of(&live))).await.status, 404);
        let invited = json!({ "name": "Eve Stone", "email": "eve@practice.example", "invite_code": token_of(&live) });
        assert_eq!(app.visitor().post("/join", &invited).await.wrong_fields(), ["invite_code"]);
        assert_eq!(confirm(token_of(&live)).await, 200, "and none of that used it up");
    }
}

on_both! {
    /// T24: an invitation lets one physician join.
    async fn t24_an_invitation_lets_one_join(database) {
        let app = TestApp::start(database).await;
        let admin = app.admin().await;
        let invite = async |admin: &ApiClient| journeys::text(&admin.act("/admin/invitations").await.ok()["code"]);
        let body = |code: &str, who: &str| {
            json!({ "name": "Ann Stone", "email": format!("{who}@practice.example"), "invite_code": code })
        };
        let joined = async || {
            app.settle().await;
            let queue = app.admin().await.get("/admin/queue").await.items();
            queue.iter().filter(|item| item["kind"] == "member").count()
        };
        let code = invite(&admin).await;
        app.visitor().post("/join", &body(&code, "one")).await.with_status(202);
        assert_eq!(app.visitor().post("/join", &body(&code, "two")).await.wrong_fields(), ["invite_code"]);
        assert_eq!(joined().await, 1);
        opens_nothing_else(&app, &code).await;
        let code = invite(&admin).await;
        let taken = taken_of_twenty(&app.visitor(), "/join", |n| body(&code, &format!("many{n}"))).await;
        assert_eq!((taken, joined().await), (1, 2));
        let code = invite(&admin).await;
        app.advance(Duration::days(30)).await;
        assert_eq!(app.visitor().post("/join", &body(&code, "late")).await.wrong_fields(), ["invite_code"]);
        assert_eq!(joined().await, 2);
    }
}

on_both! {
    /// T24: a recovery code and a code of the authenticator app work once, also when they come with twenty good links
    /// at once.
    async fn t24_a_code_works_once(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let (phone, codes) = enrol(&app, &member.api).await;
        let links = async || {
            let mut links = Vec::new();
            for _ in 0..20 {
                links.push(token_of(&app.operator_link(JANE).await).to_owned());
            }
            links
        };
        let some = links().await;
        let with = |code: &str| {
            let (some, code) = (some.clone(), code.to_owned());
            move |n: usize| json!({ "token": some[n], "totp": code })
        };
        assert_eq!(taken_of_twenty(&app.visitor(), "/sign-in/confirm", with(&codes[0])).await, 1);
        app.advance(Duration::minutes(16)).await;
        let some = links().await;
        let code = phone.code(app.now());
        let asks = |n: usize| json!({ "token": some[n], "totp": code });
        assert_eq!(taken_of_twenty(&app.visitor(), "/sign-in/confirm", asks).await, 1);
        opens_nothing_else(&app, &codes[1]).await;
    }
}

on_both! {
    /// T24: the link that confirms a new address works once, and for a day.
    async fn t24_a_new_address_is_confirmed_once(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let ask = async |api: &ApiClient, email: &str| {
            let body = factory::contact("Jane Rivera", email).set("/npi", factory::npi_of(JANE)).json();
            api.put("/me/contact", &body).await.ok();
            app.settle().await;
            app.mail.mails_to(email)[0].letter().link_with("/mail/new-address/")
        };
        let late = ask(&member.api, "late@home.example").await;
        app.advance(Duration::hours(24)).await;
        assert_eq!(app.visitor().send(Method::POST, &late, None).await.status, 404);
        opens_nothing_else(&app, token_of(&late)).await;
        let api = app.visitor().sign_in(&app.operator_link(JANE).await).await;
        let link = ask(&api, "new@home.example").await;
        let presses: Vec<_> = (0..20)
            .map(|_| {
                let (visitor, link) = (app.visitor(), link.clone());
                tokio::spawn(async move { visitor.send(Method::POST, &link, None).await.status })
            })
            .collect();
        let mut done = 0;
        for press in presses {
            let status = press.await.expect("an answer");
            assert!([200, 404, 503].contains(&status), "{status}");
            done += usize::from(status == 200);
        }
        assert_eq!(done, 1);
        assert_eq!(app.visitor().send(Method::POST, &link, None).await.status, 404);
        opens_nothing_else(&app, token_of(&link)).await;
        app.settle().await;
        assert_eq!(app.mail.mails_to(JANE).iter().filter(|m| m.letter().subject().contains("was changed")).count(), 1);
    }
}
