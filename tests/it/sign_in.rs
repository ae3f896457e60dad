//! The one-time link.

use chrono::Duration;
use harness::{app::TestApp, client::token_of, journeys, on_both};
use serde_json::json;

on_both! {
    /// Nobody learns here who has an account.
    async fn unknown_address_is_answered_like_a_known_one(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let known = app.visitor().post("/sign-in", &json!({ "email": member.email })).await.with_status(202);
        let unknown = app.visitor().post("/sign-in", &json!({ "email": "nobody@clinic.example" })).await.with_status(202);
        assert_eq!(known.body, unknown.body);
        assert_eq!(known.header("content-type"), unknown.header("content-type"));
        app.settle().await;
        assert!(app.mail.mails_to("nobody@clinic.example").is_empty());
    }
}

on_both! {
    /// Fifteen minutes, and one use.
    async fn link_works_once_and_not_for_long(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;

        let link = app.mailed_link(&member.email).await;
        app.visitor().sign_in(&link).await;
        refused(&app, &link).await;

        let link = app.mailed_link(&member.email).await;
        app.advance(Duration::minutes(16)).await;
        refused(&app, &link).await;
        refused(&app, "https://elsewhere.example/sign-in/made-up").await;
    }
}

on_both! {
    /// The link of a mail is opened by scanners as well: only the button signs in.
    async fn opening_the_link_signs_nobody_in(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let link = app.mailed_link(&member.email).await;
        for _ in 0..2 {
            let page = app.browser().get(&link).await;
            page.reply.with_status(200);
        }
        let mut browser = app.browser();
        browser.sign_in(&link).await.reply.with_status(200);
        browser.get("/permissions").await.reply.with_status(200);
        refused(&app, &link).await;
    }
}

on_both! {
    /// An access token lives five minutes; the refresh token gives the next.
    async fn session_goes_on_by_refreshing(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        app.advance(Duration::minutes(6)).await;
        member.api.get("/me/profile").await.problem(401);
        let again = member.api.refreshed().await;
        again.get("/me/profile").await.ok();
        again.with_token("made.up.token").get("/me/profile").await.problem(401);
    }
}

/// A bad link is refused without a word about why.
async fn refused(app: &TestApp, link: &str) {
    let reply = app.visitor().post("/sign-in/confirm", &json!({ "token": token_of(link) })).await;
    assert!([400, 401, 410, 422].contains(&reply.status), "{}: {}", reply.status, reply.text());
    assert!(!reply.text().contains("access_token"));
}
