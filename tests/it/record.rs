//! The record of acts: searched by what was done, on what and by whom, and taken along.

use harness::{app::TestApp, factory, journeys, on_both};
use reqwest::Method;

on_both! {
    /// Each filter narrows, together they narrow more; letters of patterns are letters; the file holds what the page shows.
    async fn the_record_is_searched_and_taken_along(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let admin = app.admin().await;
        let count = async |query: &str| admin.get(&format!("/admin/audit?{query}")).await.items().len();
        let all = count("").await;
        assert!(all >= 3, "{all}");
        assert_eq!(count("action=opening.").await, 1);
        assert_eq!(count("action=company.approve").await, 1);
        assert_eq!(count(&format!("id={}", opening.id)).await, 1);
        assert_eq!(count(&format!("action=company.&id={}", opening.id)).await, 0);
        assert_eq!(count("role=operator").await, 1);
        assert_eq!(count("role=member").await, 0);
        for pattern in ["%25", "_pening", "opening%25", "%5C"] {
            assert_eq!(count(&format!("action={pattern}")).await, 0, "{pattern}");
        }
        let page = admin.send(Method::GET, "/admin/audit?action=opening.", None).await.with_status(200).text();
        assert!(page.contains("opening.approve") && !page.contains("company.approve"), "{page}");
        assert!(page.contains("as it was signed") && page.contains(&format!("/admin/openings/{}", opening.id)));
        let file = admin.send(Method::GET, "/admin/audit.csv?action=opening.", None).await.with_status(200);
        assert_eq!(file.header("cache-control"), "no-store");
        let lines: Vec<String> = file.text().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[1].contains("\"opening.approve\"") && lines[1].contains(&opening.id));
        let none = admin.send(Method::GET, "/admin/audit?action=nothing", None).await.with_status(200).text();
        assert!(none.contains("No act fits."), "{none}");
    }
}

on_both! {
    /// Every table of facts is shown with its sources, and what is not confirmed says so.
    async fn facts_are_shown_with_their_confidence(database) {
        let app = TestApp::start(database).await;
        let admin = app.admin().await;
        let list = admin.send(Method::GET, "/admin/facts", None).await.with_status(200).text();
        assert!(list.contains("/admin/facts/qme_rules"), "{list}");
        let rules = admin.send(Method::GET, "/admin/facts/qme_rules", None).await.with_status(200).text();
        assert!(rules.contains("Source") && rules.contains("Shown; confidence high"), "{rules}");
        let fees = admin.send(Method::GET, "/admin/facts/fees", None).await.with_status(200).text();
        assert!(fees.contains("ML"), "{fees}");
        admin.send(Method::GET, "/admin/facts/nothing", None).await.with_status(404);
    }
}
