//! Pauses, vacation, mutes, edits: what waits, what comes, and that it is said why.

use chrono::Duration;
use harness::{app::TestApp, on_both};
use serde_json::json;

use super::*;

on_both! {
    /// What is found in a pause comes in one mail when it ends, if it is still open; the pause ends by itself.
    async fn mail_pause_keeps_what_is_found(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        let page = browser.get("/alerts").await;
        let form = harness::html::forms(&page.html).into_iter().find(|f| f.action.ends_with("/pause")).expect("a form");
        let page = browser.send_and_follow(&form.set("days", "7")).await;
        assert!(page.text().contains("Paused until 9 March 2026"), "{}", page.text());
        publish(&app, &company, "Kept").await;
        let closed = publish(&app, &company, "Closed meanwhile").await;
        company.api.refreshed().await.act(&format!("/company/openings/{}/close", closed.id)).await.ok();
        app.advance(Duration::days(6)).await;
        assert!(alerts(&app, JANE).is_empty());
        at(&app, "2026-03-10T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let text = last_text(&app);
        assert!(text.contains("Kept") && !text.contains("Closed meanwhile"), "{text}");
        let company = Company { api: app.sign_in(OWNER).await, ..company };
        publish(&app, &company, "At once again").await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        let _ = member;
    }
}

on_both! {
    /// Nothing on vacation; one mail on the day of the return. The page says so, and so does the preview.
    async fn mail_vacation_holds_everything(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        let away = json!({ "time_zone": "America/Los_Angeles", "vacation_until": "2026-03-06" });
        member.api.refreshed().await.put("/me/mail-times", &away).await.ok();
        publish(&app, &company, "While away").await;
        at(&app, "2026-03-05T23:59:00").await;
        assert!(alerts(&app, JANE).is_empty());
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        assert!(browser.get("/alerts").await.text().contains("You are on vacation: no mail before 6 March 2026."));
        let preview = browser.get("/alerts/preview").await.text();
        assert!(preview.contains("It waits until you are back from vacation."), "{preview}");
        at(&app, "2026-03-06T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        assert!(last_text(&app).contains("While away"));
    }
}

on_both! {
    /// A muted market keeps out what fits there alone, and not what fits elsewhere too; it is matched and shown all the
    /// same. The settings are on a page that works without scripts.
    async fn mail_mutes_are_no_blocks(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        let page = browser.get("/alerts/times").await;
        let forms = harness::html::forms(&page.html);
        let form = forms.into_iter().find(|f| f.action == "/alerts/mutes").expect("a form").set("market", "bakersfield");
        let page = browser.send_and_follow(&form).await;
        assert!(page.text().contains("Bakersfield, CA is muted"), "{}", page.text());
        let here = publish(&app, &company, "In the muted market").await;
        assert!(alerts(&app, JANE).is_empty());
        let matches = member.api.refreshed().await.get("/me/matches").await.items();
        assert!(matches.iter().any(|m| m["opening_id"] == here.id.as_str()), "it is matched and shown");
        let why = browser.get(&format!("/openings/{}/why", here.id)).await.text();
        assert!(why.contains("It fits you in markets alone that you muted."), "{why}");
        let both = factory::bakersfield_opening().set("/title", "In two").set("/markets", json!(["bakersfield", "los-angeles"]));
        publish_draft(&app, &company, &both).await;
        assert_eq!(alerts(&app, JANE).len(), 1);

        let page = browser.get("/alerts/times").await;
        let form = page.form("/alerts/times").set("quiet", "own").set("quiet_from", "22:00").set("quiet_to", "");
        let refused = browser.send(&form).await;
        assert_eq!(refused.reply.status, 422);
        assert!(refused.text().contains("Give both times") && refused.html.contains("value=\"22:00\""), "what was typed is kept");
        let form = refused.form("/alerts/times").set("quiet_to", "06:30").set("daily_cap", "5");
        assert!(browser.send_and_follow(&form).await.text().contains("Saved."));
        let times = member.api.refreshed().await.get("/me/mail-times").await.ok();
        assert_eq!((&times["quiet_hours"], &times["daily_cap"]), (&json!("22:00-06:30"), &json!(5)));
    }
}

on_both! {
    /// A changed profile and a changed alert bring what is open already into the next digest, never at once.
    async fn mail_edits_never_blast(database) {
        let app = TestApp::start(database).await;
        let company = kern(&app).await;
        for n in 0..25 {
            app.forget_counts().await;
            publish(&app, &company, &format!("Opening number {n}")).await;
        }
        let far = factory::california_qme().set("/bases/0/market", "new-york-ny").set("/markets", json!([]));
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &far).await;
        assert!(alerts(&app, JANE).is_empty());
        let near = factory::california_qme().json();
        member.api.refreshed().await.put("/me/profile", &near).await.ok();
        app.settle().await;
        replace_alert(&app, &member, instant()).await;
        assert!(alerts(&app, JANE).is_empty(), "no mail at once");
        at(&app, "2026-03-03T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1, "one mail with all of them");
        let text = last_text(&app);
        assert!(text.contains("25 openings fit your alert") && text.contains("And 5 more"), "{text}");
        assert_eq!(text.matches("Why it fits").count(), 20);
        app.advance(Duration::days(3)).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "and each once");
    }
}

on_both! {
    /// An admin asks why by ids, and sees no contact; a test alert goes to the admin alone.
    async fn mail_why_is_answered_to_an_admin_by_ids(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        let opening = publish(&app, &company, "Asked about").await;
        let admin = app.admin().await;
        let why = admin.get(&format!("/admin/openings/{}/why?member_id={}", opening.id, member.id)).await;
        assert!(!why.text().contains(JANE) && !why.text().contains("Rivera"));
        let why = why.ok();
        assert!(why["answer"].as_str().is_some_and(|a| a.contains("found by “At once”")), "{why}");
        assert_eq!(why["reasons"].as_array().map(Vec::len), Some(9));
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(harness::app::ADMIN).await).await;
        let page = browser.get(&format!("/admin/openings/{}/why", opening.id)).await;
        let path = format!("/admin/openings/{}/why", opening.id);
        let answer = browser.send(&page.form(&path).set("member", &member.id)).await;
        assert!(answer.text().contains("You were told on 2 March 2026"), "{}", answer.text());
        let wrong = browser.send(&page.form(&path).set("member", "nobody")).await;
        assert_eq!(wrong.reply.status, 422);

        let before = app.mail.mails().len();
        admin.act("/admin/mail-test").await.ok();
        app.settle().await;
        assert_eq!(app.mail.mails().len(), before + 1);
        let letter = app.mail.mails_to(harness::app::ADMIN).pop().expect("a mail").letter();
        assert_eq!(letter.subject(), "Test: 1 openings");
        assert!(letter.text.is_some_and(|text| text.contains("This is a test that you asked for")));
    }
}
