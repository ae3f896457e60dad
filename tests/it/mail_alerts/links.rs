//! The links of an alert: what scanners do to them, what mail programs do, and what people choose.

use chrono::Duration;
use harness::{app::TestApp, client::path_of, on_both};
use reqwest::Method;
use serde_json::json;

use super::*;

/// Jane with one alert; its links, each of them a path.
async fn told(app: &TestApp) -> (Member, Company, String) {
    let (member, company) = (jane(app, instant()).await, kern(app).await);
    publish(app, &company, "The first").await;
    let link = alerts(app, JANE)[0].letter().unsubscribe_link().expect("a link");
    (member, company, path_of(&link).to_owned())
}

/// Everything a link could change.
async fn state(app: &TestApp) -> String {
    let tables = app.running().app().read(|conn, app| {
        let account = store::contacts::account_of(
            conn,
            &app.vault,
            &domain::contact::EmailAddress::parse(JANE).expect("an address"),
        )?;
        let member = store::members::by_account(conn, &account.expect("Jane"))?;
        let alerts = store::alerts::of_member(conn, &member.id)?;
        let mail = store::member_mail::of(conn, &member.id)?;
        Ok(format!("{:?} {alerts:?} {mail:?} {:?}", member.permissions, store::member_mail::mutes(conn, &member.id)?))
    });
    tables.await.expect("an answer")
}

on_both! {
    /// A scanner opens every link of every mail, again and again, by every method that reads; nothing is written, and the
    /// human's button still works.
    async fn mail_13_a_flood_of_scanners_changes_nothing(database) {
        let app = TestApp::start(database).await;
        let (_member, _company, link) = told(&app).await;
        let before = state(&app).await;
        let links: Vec<String> = app.mail.mails_to(JANE).iter().flat_map(|mail| mail.letter().links()).collect();
        assert!(links.len() > 5, "{links:?}");
        app.advance(Duration::hours(1)).await;
        for link in links.iter().filter(|link| !link.contains("/sign-in/")) {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::GET] {
                let reply = app.visitor().send(method.clone(), link, None).await;
                assert!(reply.status < 500, "{method} {link}: {}", reply.status);
            }
        }
        for path in ["/mail/confirm/abc", "/mail/still/abc"] {
            app.visitor().send(Method::GET, path, None).await.with_status(200);
        }
        assert_eq!(state(&app).await, before, "something was written");

        let mut browser = app.browser();
        let page = browser.get(&link).await;
        let reply = page.reply.clone();
        assert_eq!((reply.header("cache-control"), reply.header("referrer-policy")), ("no-store", "no-referrer"));
        let done = browser.send(&page.form(&link).set("do", "all")).await;
        assert!(done.text().contains("All alert mail is stopped."), "{}", done.text());
        assert!(state(&app).await != before);
    }
}

on_both! {
    /// RFC 8058: without cookie, session or token of a form; with a body of either encoding, a strange one or none; twice;
    /// for somebody who has left. A link that never was answers like one of somebody who has left.
    async fn mail_14_one_click_in_every_variant(database) {
        let app = TestApp::start(database).await;
        let (member, company, link) = told(&app).await;
        let on = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false });
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let form = "application/x-www-form-urlencoded";
        let part = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        for (kind, body) in [
            (form, "List-Unsubscribe=One-Click"),
            ("multipart/form-data; boundary=b", part),
            (form, "List-Unsubscribe=Two-Clicks"),
            (form, "do=nonsense&company=%ff"),
            ("application/octet-stream", "\u{0}\u{1}"),
            ("text/plain", ""),
        ] {
            member.api.refreshed().await.put("/me/permissions", &on).await.ok();
            app.settle().await;
            for _ in 0..2 {
                let url = format!("{}{link}", app.base_url());
                let answer = http.post(url).header("content-type", kind).body(body).send().await.expect("an answer");
                assert_eq!(answer.status(), 200, "{kind} {body:?}");
                assert!(answer.headers().get("set-cookie").is_none() && answer.headers().get("location").is_none());
            }
            let now = member.api.refreshed().await.get("/me/permissions").await.ok();
            assert_eq!(now["alerts_email"], false, "{kind} {body:?}");
        }
        app.settle().await;
        publish(&app, &company, "After the stop").await;
        assert_eq!(alerts(&app, JANE).len(), 1);

        // A year later the link still works; two months after that it does not.
        app.advance(Duration::days(395)).await;
        app.visitor().one_click(&link).await.with_status(200);
        app.advance(Duration::days(10)).await;
        let old = app.visitor().one_click(&link).await.with_status(404);
        let never = app.visitor().one_click("/mail/stop/never").await.with_status(404);
        let text = |reply: &harness::client::Reply, path: &str| reply.text().replace(path, "");
        assert_eq!(text(&old, &link), text(&never, "/mail/stop/never"), "nobody can tell an old link from none");
    }
}

on_both! {
    /// Whoever has left is not told from whom there never was.
    async fn mail_14_the_link_of_somebody_who_left_is_no_link(database) {
        let app = TestApp::start(database).await;
        let (member, _company, link) = told(&app).await;
        member.api.refreshed().await.delete("/me").await.with_status(204);
        app.settle().await;
        let gone = app.visitor().one_click(&link).await.with_status(404);
        let never = app.visitor().one_click("/mail/stop/never").await.with_status(404);
        assert_eq!(gone.text().replace(&link, ""), never.text().replace("/mail/stop/never", ""));
    }
}

on_both! {
    /// Each choice of the page does what it says, and can be undone there; an old mail only stops.
    async fn mail_14_the_page_offers_less_than_everything_and_takes_it_back(database) {
        let app = TestApp::start(database).await;
        let (member, company, link) = told(&app).await;
        let before = state(&app).await;
        let slim = |state: String| {
            let (start, rest) = state.split_once("acted_at").unwrap_or((state.as_str(), ""));
            format!("{start}{}", rest.split_once("asked_at").map_or("", |(_, end)| end))
        };
        for (wish, said) in [
            ("these", "paused until you resume them"),
            ("pause", "pause for 30 days"),
            ("weekly", "write once a week"),
            ("daily", "write once a day at most"),
            ("mute", "No more mail about this company"),
            ("all", "All alert mail is stopped"),
        ] {
            let mut browser = app.browser();
            let page = browser.get(&link).await;
            let done = browser.send(&page.form(&link).set("do", wish)).await;
            assert!(done.text().contains(said), "{wish}: {}", done.text());
            assert!(slim(state(&app).await) != slim(before.clone()), "{wish} changed nothing");
            app.settle().await;
            let undone = browser.send(&done.form(&link)).await;
            assert!(undone.text().contains("It is as it was before."), "{wish}: {}", undone.text());
            assert_eq!(slim(state(&app).await), slim(before.clone()), "{wish} was not undone");
            app.settle().await;
        }
        // A company that is not in the mail is none of the link's business.
        let other = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let id = other.api.get("/company").await.ok()["id"].as_str().expect("an id").to_owned();
        let mut browser = app.browser();
        let form = browser.get(&link).await.form(&link).set("do", "mute").set("company", &id);
        assert!(browser.send(&form).await.text().contains("It was so already."));

        app.advance(Duration::days(31)).await;
        let page = browser.get(&link).await;
        assert!(page.text().contains("All alert mail will stop."), "{}", page.text());
        let form = page.form(&link).set("do", "pause");
        assert!(browser.send(&form).await.text().contains("only stops all alert mail"));
        let _ = (member, company);
    }
}
