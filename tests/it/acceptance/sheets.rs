//! T29: every table that a person can take along.

use harness::{app::TestApp, factory, journeys, on_both};
use serde_json::{Value, json};

/// What spreadsheets take for formulas, quotes, and what breaks naive writers.
const NASTY: [&str; 14] = [
    "=HYPERLINK(A1,\"click\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "＝1＋1",
    "＋1",
    "－1",
    "＠x",
    "\"quoted\", and, commas",
    "\"=1+1\"",
    "'=already guarded",
    "ends with a quote\"",
    "a;b|c,d",
    "ünïcödé 😀 =1",
];

/// Begins as a spreadsheet would run it or hide it.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
}

/// Read strictly, by a reader that knows nothing of ours: all rows of one length.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("RFC 4180").iter().map(str::to_owned).collect()).collect()
}

/// A cell as it was before it was guarded.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Every text and number of a document, in order.
fn leaves(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| leaves(value, out)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, out)),
        Value::Null => out.push(String::new()),
        Value::String(text) => out.push(text.clone()),
        other => out.push(other.to_string()),
    }
}

on_both! {
    /// T29: whatever people typed, no cell begins as a formula does, and a strict reader gets every value back.
    async fn t29_no_cell_is_a_formula_and_every_value_comes_back(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &factory::california_qme()).await;
        let company = journeys::company(&app, "=Kern, \"Evaluations\"", "olive@kern.example").await;
        // Each in its turn is an opening's title, the name of an alert and the note of the profile.
        for text in NASTY {
            let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening().set("/title", text)).await;
            journeys::introduce(&app, &jane, &opening, &["name", "email"]).await;
            let alert = json!({ "name": text, "cadence": "weekly", "markets": ["fresno"] });
            jane.api.post("/me/alerts", &alert).await.ok();
            app.forget_counts().await;
        }
        let note = format!("=1\r\n\t{}", NASTY.join("\r\n"));
        jane.api.put("/me/profile", &factory::california_qme().set("/provider_note", note.as_str()).json()).await.ok();
        let contact = factory::contact("-Jane \"Ann\" Rivera, MD", &jane.email);
        jane.api.put("/me/contact", &contact.json()).await.ok();
        app.let_admin_see_contacts(true).await;
        let all = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": false });
        journeys::permit(&jane, all).await;
        let reason = json!({ "reason": "=1+1 is why" });
        app.admin().await.post(&format!("/admin/members/{}/contact", jane.id), &reason).await.ok();

        let everything = jane.api.get("/me/export").await.ok();
        for path in ["/api/v1/me/export?format=csv", "/api/v1/me/ledger/export?format=csv", "/ledger.csv"] {
            let file = jane.api.send("GET".parse().expect("a method"), path, None).await.with_status(200);
            assert!(file.header("content-type").starts_with("text/csv"), "{path}");
            assert!(file.header("content-disposition").starts_with("attachment;"), "{path}");
            assert!(file.text().ends_with("\r\n"), "{path}");
            let rows = rows(&file.text());
            let bad: Vec<_> = rows.iter().flatten().filter(|cell| is_formula(cell)).collect();
            assert!(bad.is_empty(), "{path}: {bad:?}");
            let cells: Vec<&str> = rows.iter().flatten().map(|cell| unguarded(cell)).collect();
            if path.contains("/me/export") {
                let mut wanted = Vec::new();
                leaves(&everything, &mut wanted);
                let lost: Vec<_> = wanted.iter().filter(|text| !cells.contains(&text.as_str())).collect();
                assert!(lost.is_empty(), "{path} lost {lost:?}");
            } else {
                assert!(cells.contains(&"=1+1 is why"), "{path} has the admin's reason");
                for title in NASTY {
                    assert!(cells.contains(&title), "{path} lost {title}");
                }
            }
        }
    }
}
