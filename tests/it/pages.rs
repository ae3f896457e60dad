//! The same promise over the pages, by a browser without scripts.

use harness::{app::TestApp, client::ApiClient, factory, journeys, on_both, page_client::PageClient};

on_both! {
    /// Reads, signs in, says yes over two pages, takes it back.
    async fn member_shares_and_takes_back_without_scripts(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;

        let mut browser = app.browser();
        let list = browser.get("/openings?kind=qme").await;
        assert!(list.text().contains("Orthopaedic QME evaluations in Bakersfield"), "{}", list.text());
        browser.sign_in(&app.mailed_link(&member.email).await).await.reply.with_status(200);

        let consent_path = format!("/consent/{}", opening.id);
        let consent = browser.get(&consent_path).await;
        assert!(consent.text().contains("Kern Evaluations"), "{}", consent.text());
        let mut choice = consent.form(&consent_path);
        choice.fields.retain(|(name, _)| name != "field");
        let review = browser.send(&choice.also("field", "name").also("field", "email")).await;
        review.reply.clone().with_status(200);
        assert!(review.text().contains("Jane Rivera") && !review.text().contains("661-555-0143"), "{}", review.text());
        assert!(company.api.get("/company/introductions").await.items().is_empty(), "nothing before the second page");
        browser.send_and_follow(&review.form(&consent_path)).await.reply.with_status(200);
        app.settle().await;

        let id = only_introduction(&company.api).await;
        let mut office = app.browser();
        office.sign_in(&app.mailed_link(&company.email).await).await.reply.with_status(200);
        sees(&mut office, &id, true).await;

        let revoke_path = format!("/introductions/{id}/revoke");
        let ask = browser.get(&revoke_path).await;
        browser.send_and_follow(&ask.form(&revoke_path)).await.reply.with_status(200);
        sees(&mut office, &id, false).await;
    }
}

on_both! {
    /// No open page needs an account, and each says what it is.
    async fn visitor_reads_every_open_page(database) {
        let app = TestApp::start(database).await;
        let mut browser = app.browser();
        for path in [
            "/", "/openings", "/how-it-works", "/for-companies", "/join", "/sign-in", "/privacy",
            "/accessibility", "/display",
        ] {
            let page = browser.get(path).await;
            page.reply.clone().with_status(200);
            assert!(!page.heading().is_empty(), "{path} has no heading");
            let policy = page.reply.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        }
        for path in ["/matches", "/company", "/admin"] {
            let reply = browser.get(path).await.reply;
            assert!([302, 303, 401, 404].contains(&reply.status), "{path}: {}", reply.status);
        }
        browser.get("/no-such-page").await.reply.with_status(404);
    }
}

async fn only_introduction(company: &ApiClient) -> String {
    let list = company.get("/company/introductions").await.items();
    assert_eq!(list.len(), 1);
    journeys::text(&list[0]["id"])
}

/// What the company's page shows while the yes lasts, and after.
async fn sees(office: &mut PageClient, id: &str, open: bool) {
    let page = office.get(&format!("/company/contacts/{id}")).await;
    page.reply.clone().with_status(if open { 200 } else { 410 });
    for chosen in ["Jane Rivera", "jane@clinic.example"] {
        assert_eq!(page.text().contains(chosen), open, "{}", page.text());
    }
    assert!(!page.text().contains("661-555-0143"));
    assert!(page.reply.header("cache-control").contains("no-store"));
}
