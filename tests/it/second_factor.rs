//! The second factor: setting it up, signing in with it, losing the phone, and having to have one.

mod again;
mod keys;
mod required;
mod told;

use chrono::Duration;
use harness::{
    app::TestApp,
    authenticator::{Authenticator, enrol},
    client::{Reply, token_of},
    html::text_of,
    journeys, on_both,
};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

/// What a link and a code come to.
async fn confirm(app: &TestApp, link: &str, code: Option<&str>) -> Reply {
    app.visitor().post("/sign-in/confirm", &json!({ "token": token_of(link), "totp": code })).await
}

/// The one wrong field of a refusal, and why.
fn fault(reply: Reply) -> (String, String) {
    let problem = reply.problem(422);
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    (journeys::text(&problem["errors"][0]["field"]), journeys::text(&problem["errors"][0]["code"]))
}

fn totp(code: &str) -> (String, String) {
    ("totp".to_owned(), code.to_owned())
}

on_both! {
    /// Off at first; a key counts with its first right code, and then no link signs in without one.
    async fn once_set_up_a_link_alone_signs_nobody_in(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let elsewhere = app.sign_in(JANE).await;
        let begun = member.api.act("/session/second-factor").await.with_status(201);
        assert_eq!(begun.header("cache-control"), "no-store");
        let made = begun.json();
        let phone = Authenticator::of(&journeys::text(&made["secret"]));
        let uri = journeys::text(&made["uri"]);
        assert!(uri.starts_with("otpauth://totp/Rosterline:") && uri.contains(&phone.secret), "{uri}");
        assert!(!uri.contains("jane"), "the key names the site and not the person: {uri}");
        let give = async |code: &str| {
            member.api.post("/session/second-factor/confirm", &json!({ "totp": code })).await
        };
        assert_eq!(fault(give("").await), totp("totp_required"));
        assert_eq!(fault(give("12345").await), totp("malformed"));
        assert_eq!(fault(give(&phone.wrong(app.now())).await), totp("totp_wrong"));
        app.visitor().sign_in(&app.operator_link(JANE).await).await;

        let given = give(&phone.code(app.now())).await.with_status(200);
        assert_eq!(given.header("cache-control"), "no-store");
        assert_eq!(given.json()["recovery_codes"].as_array().map(Vec::len), Some(10));
        elsewhere.get("/me/profile").await.problem(401);
        let state = member.api.get("/session").await.ok();
        assert_eq!(state["second_factor"]["recovery_codes_left"], 10);
        assert!(state["second_factor"]["confirmed_at"].is_string(), "{state}");

        let link = app.mailed_link(JANE).await;
        for code in [None, Some(""), Some("  ")] {
            assert_eq!(fault(confirm(&app, &link, code).await), totp("totp_required"));
        }
        assert_eq!(fault(confirm(&app, &link, Some("twelve")).await), totp("malformed"));
        assert_eq!(fault(confirm(&app, &link, Some(&phone.wrong(app.now()))).await), totp("totp_wrong"));
        // The code that set it up has been used: none works twice.
        assert_eq!(fault(confirm(&app, &link, Some(&phone.code(app.now()))).await), totp("totp_wrong"));
        app.advance(Duration::seconds(30)).await;
        let signed_in = app.visitor().sign_in_with(&link, &phone.code(app.now())).await;
        signed_in.get("/me/profile").await.ok();

        let second = app.operator_link(JANE).await;
        let again = confirm(&app, &second, Some(&phone.code(app.now()))).await;
        assert_eq!(fault(again), totp("totp_wrong"), "reused");
        let used = ("token".to_owned(), "unknown".to_owned());
        assert_eq!(fault(confirm(&app, &link, Some(&phone.code(app.now()))).await), used);
        assert_eq!(fault(confirm(&app, "/sign-in/made-up", Some("123456")).await), used);
    }
}

on_both! {
    /// A phone's clock may be half a minute off, and no more; an older code than the last one is used up with it.
    async fn a_step_is_used_up_with_every_one_before_it(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let (phone, _) = enrol(&app, &member.api).await;
        app.advance(Duration::minutes(5)).await;
        let now = app.now();
        let at = |seconds: i64| phone.code(now + Duration::seconds(seconds));
        let link = app.mailed_link(JANE).await;
        for off in [-60, 60] {
            assert_eq!(fault(confirm(&app, &link, Some(&at(off))).await), totp("totp_wrong"), "{off}");
        }
        app.visitor().sign_in_with(&link, &at(30)).await;
        let link = app.mailed_link(JANE).await;
        for off in [30, 0] {
            assert_eq!(fault(confirm(&app, &link, Some(&at(off))).await), totp("totp_wrong"), "{off}");
        }
    }
}

on_both! {
    /// Each recovery code signs in once; new ones replace all of them; a new phone replaces the old one.
    async fn a_lost_phone_is_replaced(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let (old, codes) = enrol(&app, &member.api).await;
        let link = app.mailed_link(JANE).await;
        let back = app.visitor().sign_in_with(&link, &codes[3].to_lowercase().replace('-', " ")).await;
        assert_eq!(back.get("/session").await.ok()["second_factor"]["recovery_codes_left"], 9);
        let link = app.mailed_link(JANE).await;
        assert_eq!(fault(confirm(&app, &link, Some(&codes[3])).await), totp("totp_wrong"), "used");

        let renewed = back.act("/session/second-factor/recovery-codes").await.ok();
        let renewed: Vec<String> = renewed["recovery_codes"].as_array().unwrap().iter().map(journeys::text).collect();
        assert!(renewed.iter().all(|code| !codes.contains(code)));
        assert_eq!(fault(confirm(&app, &link, Some(&codes[0])).await), totp("totp_wrong"), "replaced");
        app.visitor().sign_in_with(&link, &renewed[0]).await;

        app.advance(Duration::minutes(1)).await;
        let (new, newest) = enrol(&app, &back.refreshed().await).await;
        app.advance(Duration::minutes(1)).await;
        let link = app.mailed_link(JANE).await;
        for gone in [&old.code(app.now()), &renewed[1]] {
            assert_eq!(fault(confirm(&app, &link, Some(gone)).await), totp("totp_wrong"));
        }
        app.visitor().sign_in_with(&link, &new.code(app.now())).await;
        assert_eq!(newest.len(), 10);
    }
}

on_both! {
    /// Five wrong codes in a quarter of an hour, wherever they are given; then even the right one waits.
    async fn wrong_codes_are_few(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let (phone, codes) = enrol(&app, &member.api).await;
        let link = app.mailed_link(JANE).await;
        for _ in 0..3 {
            assert_eq!(fault(confirm(&app, &link, Some(&phone.wrong(app.now()))).await), totp("totp_wrong"));
        }
        app.advance(Duration::minutes(4)).await;
        let owner = member.api.refreshed().await;
        let wrong = json!({ "totp": phone.wrong(app.now()) });
        for _ in 0..2 {
            assert_eq!(fault(owner.post("/session/fresh", &wrong).await), totp("totp_wrong"));
        }
        for code in [phone.code(app.now()), codes[0].clone(), phone.wrong(app.now())] {
            let waits = confirm(&app, &link, Some(&code)).await;
            let seconds: i64 = waits.header("retry-after").parse().expect("seconds");
            assert!((11 * 60..=11 * 60 + 1).contains(&seconds), "{seconds}");
            assert_eq!(waits.problem(429)["code"], "too_many_requests");
        }
        app.advance(Duration::minutes(11) + Duration::seconds(1)).await;
        let link = app.mailed_link(JANE).await;
        app.visitor().sign_in_with(&link, &phone.code(app.now())).await;
    }
}

on_both! {
    /// Guesses sent at once do not slip past each other.
    async fn guesses_at_once_are_counted_one_by_one(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let (phone, _) = enrol(&app, &member.api).await;
        let link = app.mailed_link(JANE).await;
        let body = json!({ "token": token_of(&link), "totp": phone.wrong(app.now()) });
        let guesses: Vec<_> = (0..20)
            .map(|_| {
                let (visitor, body): (_, Value) = (app.visitor(), body.clone());
                tokio::spawn(async move { visitor.post("/sign-in/confirm", &body).await.status })
            })
            .collect();
        let mut looked_at = 0;
        for guess in guesses {
            let status = guess.await.expect("an answer");
            assert!([422, 429, 503].contains(&status), "{status}");
            looked_at += usize::from(status == 422);
        }
        assert_eq!(looked_at, 5);
    }
}

on_both! {
    /// The same on pages: the key beside its picture, the codes once, the field at sign-in, and off again.
    async fn pages_lead_through_it(database) {
        let app = TestApp::start(database).await;
        journeys::join(&app, "Jane Rivera", JANE).await;
        let mut browser = app.browser();
        browser.sign_in(&app.mailed_link(JANE).await).await;
        assert!(browser.get("/account").await.text().contains("Second step at sign-in Off"));
        let page = browser.get("/account/second-step").await;
        let page = browser.send_and_follow(&page.form("/account/second-step/start")).await;
        assert!(page.html.contains("<svg class=\"qr\"") && page.html.contains("otpauth://totp/"), "{}", page.html);
        assert_eq!(page.reply.header("cache-control"), "no-store");
        let phone = Authenticator::of(&text_of(&page.html, "code").expect("the key"));
        let form = page.form("/account/second-step/confirm");
        let wrong = browser.send(&form.clone().set("totp", &phone.wrong(app.now()))).await;
        assert!(wrong.reply.clone().with_status(422).text().contains("This code is wrong"), "{}", wrong.text());
        assert!(wrong.html.contains(&phone.secret[..4]), "the key is still there to be added");
        let codes = browser.send(&form.set("totp", &phone.code(app.now()))).await;
        assert_eq!(codes.heading(), "Your recovery codes");
        assert_eq!(codes.html.matches("<li><code>").count(), 10);
        let after = browser.get("/account/second-step").await;
        assert!(after.text().contains("It is on") && !after.html.contains("otpauth:"), "{}", after.text());

        app.advance(Duration::seconds(30)).await;
        let link = app.mailed_link(JANE).await;
        let mut other = app.browser();
        let button = other.get(&link).await.form(&format!("/sign-in/{}", token_of(&link)));
        let none = other.send(&button).await;
        assert!(none.reply.clone().with_status(422).text().contains("Give the six digits"), "{}", none.text());
        let bad = other.send(&button.clone().set("totp", &phone.wrong(app.now()))).await;
        assert!(bad.reply.clone().with_status(422).text().contains("This code is wrong"), "{}", bad.text());
        let good = other.send(&bad.form(&button.action).set("totp", &phone.code(app.now()))).await;
        assert_eq!(good.reply.with_status(303).location(), "/matches");

        let off = other.get("/account/second-step").await.form("/account/second-step/off");
        let off = other.send_and_follow(&off).await;
        assert!(off.text().contains("The second step is off"), "{}", off.text());
        app.sign_in(JANE).await;
    }
}
