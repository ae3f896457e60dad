//! Contact values lie nowhere in clear: not in the database or its write-ahead log, not in the index, not in a metric,
//! not in the product's log.

use std::path::Path;

use harness::{app::TestApp, database::Database, factory, journeys};

/// Values that identify the member, as the story below gives them.
const CANARIES: [&str; 6] =
    ["jane.canary@clinic.example", "Canaryname", "661-555-0143", "6615550143", "(661) 555-0143", "cv.example"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contact_is_sealed_on_disk_and_absent_from_metrics_and_logs() {
    let app = TestApp::start(Database::Sqlite).await;
    let (name, email) = ("Jane Canaryname", "jane.canary@clinic.example");
    let member = journeys::alerted_member(&app, name, email, &factory::california_qme()).await;
    let contact = member.api.get("/me/contact").await.ok();
    assert_eq!(contact["email"], email, "the owner sees what was given");
    let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
    let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
    let id = journeys::introduce(&app, &member, &opening, &["name", "email", "phone"]).await;
    let seen = company.api.get(&format!("/company/introductions/{id}")).await.ok();
    assert_eq!(seen["contact"]["email"], email, "the company sees what was chosen");

    let mut searched = 0;
    search(app.data_dir(), &mut searched);
    assert!(searched > 100_000, "only {searched} bytes were searched");
    let mut terms = String::new();
    app.running().app().index.profiles().each_term(&mut |term| terms.push_str(term)).expect("terms");
    app.running().app().index.openings().each_term(&mut |term| terms.push_str(term)).expect("terms");
    absent(terms.as_bytes(), "the terms of the index");
    let metrics = app.admin().await.send(reqwest::Method::GET, "/metrics", None).await.with_status(200);
    assert!(metrics.text().contains("rosterline_mail_total"), "all of them: {}", metrics.text());
    absent(&metrics.body, "the metrics");
    let logs = harness::logs::so_far();
    assert!(logs.contains("\"message\":\"request\"") && logs.contains("\"message\":\"mail\""), "the log is kept");
    absent(logs.as_bytes(), "the log");
}

fn search(folder: &Path, searched: &mut usize) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            search(&path, searched);
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            *searched += bytes.len();
            absent(&bytes, &path.display().to_string());
        }
    }
}

fn absent(bytes: &[u8], place: &str) {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    for canary in CANARIES {
        assert!(!text.contains(&canary.to_lowercase()), "{canary} is in {place}");
    }
}
