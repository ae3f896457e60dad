//! Whose address it is, and whether mail is still wanted.

use chrono::Duration;
use harness::{app::TestApp, client::path_of, on_both};
use serde_json::json;

use super::*;

/// A member who came in by a link that an operator printed: nobody has shown that the address is theirs.
async fn unproven(app: &TestApp) -> Member {
    let body = json!({ "name": "Jane Rivera", "email": JANE, "npi": factory::npi_of(JANE) });
    app.visitor().post("/join", &body).await.ok();
    app.settle().await;
    let admin = app.admin().await;
    let id = journeys::waiting(&admin, "member").await;
    admin.act(&format!("/admin/members/{id}/approve")).await.ok();
    let api = app.visitor().sign_in(&app.operator_link(JANE).await).await;
    let id = journeys::text(&api.get("/me/profile").await.ok()["member_id"]);
    let member = Member { email: JANE.to_owned(), api, id };
    journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
    let on = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false });
    journeys::permit(&member, on).await;
    app.settle().await;
    member
}

on_both! {
    /// No alert before the address is confirmed; what was found meanwhile comes with the next digest. The answer to a good
    /// link and to a bad one is the same, and a link works once.
    async fn mail_no_alert_goes_to_an_address_that_nobody_confirmed(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (unproven(&app).await, kern(&app).await);
        publish(&app, &company, "Meanwhile").await;
        assert!(alerts(&app, JANE).is_empty());
        let link = app.mail.mails_to(JANE).last().expect("a mail").letter().link_with("/mail/confirm/");
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        assert!(browser.get("/alerts").await.text().contains("Your e-mail address is not confirmed"));
        app.advance(Duration::hours(25)).await;
        assert!(alerts(&app, JANE).is_empty(), "it waits");

        let mut stranger = app.browser();
        let path = path_of(&link).to_owned();
        let page = stranger.get(&path).await;
        let good = stranger.send(&page.form(&path)).await;
        let bad = stranger.get("/mail/confirm/never").await;
        let bad = stranger.send(&bad.form("/mail/confirm/never")).await;
        let slim = |page: &harness::page_client::Page, path: &str| page.html.replace(path, "");
        assert_eq!(slim(&good, &path), slim(&bad, "/mail/confirm/never"));
        at(&app, "2026-03-04T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        assert!(last_text(&app).contains("Meanwhile"));
        let company = Company { api: app.sign_in(OWNER).await, ..company };
        publish(&app, &company, "At once").await;
        assert_eq!(alerts(&app, JANE).len(), 2, "and new ones at once");
        let _ = member;
    }
}

on_both! {
    /// Half a year of silence: one question. No answer in a month: alerts end, the profile stays, one line in the record.
    async fn mail_silence_is_asked_about_once_and_then_ends_alerts(database) {
        let app = TestApp::start(database).await;
        let member = jane(&app, instant()).await;
        let asked = |app: &TestApp| {
            let mails = app.mail.mails_to(JANE).into_iter().map(|mail| mail.letter());
            mails.filter(|letter| letter.subject() == "Do you still want alerts?").collect::<Vec<_>>()
        };
        let pass = |days: i64| {
            let app = &app;
            async move {
                app.advance(Duration::days(days)).await;
                rosterline::usecases::tidy(app.running().app()).await.expect("a tidy-up");
                app.settle().await;
            }
        };
        pass(179).await;
        assert!(asked(&app).is_empty());
        pass(2).await;
        assert_eq!(asked(&app).len(), 1);
        pass(29).await;
        assert_eq!(asked(&app).len(), 1, "asked once");

        // A yes by the link, without a sign-in.
        let mut browser = app.browser();
        let link = asked(&app)[0].link_with("/mail/still/");
        let path = path_of(&link).to_owned();
        let page = browser.get(&path).await;
        let page = browser.send(&page.form(&path)).await;
        assert!(page.text().contains("Alerts go on"), "{}", page.text());
        pass(40).await;
        let permissions = |app: &TestApp, id: String| {
            let app = app.running().app().clone();
            async move {
                let id = domain::MemberId::parse(&id).expect("an id");
                app.read(move |conn, _| Ok(store::permissions::live(conn, &id)?)).await.expect("permissions")
            }
        };
        assert!(permissions(&app, member.id.clone()).await.alerts_email, "the yes holds");

        pass(145).await;
        assert_eq!(asked(&app).len(), 2);
        pass(31).await;
        assert!(!permissions(&app, member.id.clone()).await.alerts_email);
        let audit = app.admin().await.get("/admin/audit").await.items();
        let ends: Vec<_> = audit.iter().filter(|line| line["action"] == "alerts.end").collect();
        assert_eq!(ends.len(), 1, "{audit:?}");
        assert_eq!(ends[0]["id"], member.id.as_str());
        let api = app.sign_in(JANE).await;
        assert!(!api.get("/me/profile").await.ok()["specialties"].as_array().expect("a list").is_empty(), "the profile stays");
        assert_eq!(api.get("/me/alerts").await.items().len(), 1, "and the alerts");
    }
}
