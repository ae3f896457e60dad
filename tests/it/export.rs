//! A member takes everything along: as JSON, and as a table that a spreadsheet shows and never runs.

use harness::{app::TestApp, factory, journeys, on_both};
use serde_json::json;

const JANE: &str = "jane@clinic.example";

/// RFC 4180, by the letter: every cell in quotes, lines end in CR LF.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        match (quoted, letter) {
            (true, '"') if letters.peek() == Some(&'"') => cell.push(letters.next().expect("a quote")),
            (_, '"') => quoted = !quoted,
            (true, other) => cell.push(other),
            (false, ',') => line.push(std::mem::take(&mut cell)),
            (false, '\r') => {
                assert_eq!(letters.next(), Some('\n'));
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            (false, other) => panic!("{other:?} outside of quotes"),
        }
    }
    assert!(!quoted && line.is_empty() && cell.is_empty(), "the last line has no end");
    lines
}

on_both! {
    /// All sections are there, only the member's own, and no cell begins as a formula does (T29, T36).
    async fn t36_an_export_is_complete_and_safe_to_open(database) {
        let app = TestApp::start(database).await;
        let profile = factory::california_qme().set("/provider_note", "=HYPERLINK(\"https://x.example\")\r\n\"quoted\", and");
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &profile).await;
        journeys::alerted_member(&app, "Bob Stone", "bob@practice.example", &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        journeys::introduce(&app, &jane, &opening, &["name", "email"]).await;
        jane.api.post("/me/blocks", &json!({ "company": company.slug })).await.ok();
        let all = jane.api.get("/me/export").await;
        assert_eq!(all.header("cache-control"), "no-store");
        let all = all.ok();
        assert_eq!(all["member_id"], jane.id.as_str());
        assert_eq!(all["contact"]["email"], JANE);
        for section in ["permission_events", "matches", "introductions", "ledger", "blocks", "sessions"] {
            assert!(!all[section].as_array().expect(section).is_empty(), "{section}");
        }
        assert!(all["alerts"].is_array() && all["permissions"]["alerts_email"] == true);
        assert!(!all.to_string().contains("bob@practice.example"));

        let file = jane.api.get("/me/export?format=csv").await.with_status(200);
        assert!(file.header("content-type").starts_with("text/csv") && file.header("cache-control") == "no-store");
        let rows = cells(&file.text());
        assert!(rows.iter().all(|row| row.len() == 4), "four columns everywhere");
        let value = |section: &str, number: &str, field: &str| {
            let found = rows.iter().find(|row| row[..3] == [section, number, field]);
            found.unwrap_or_else(|| panic!("no {section} {number} {field}"))[3].clone()
        };
        assert_eq!(value("contact", "", "email"), JANE);
        assert_eq!(value("account", "", "member_id"), jane.id);
        assert_eq!(value("introductions", "1", "fields.2"), "email");
        assert_eq!(value("blocks", "1", "company"), company.slug);
        let note = all["profile"]["provider_note"].as_str().expect("a note");
        assert_eq!(value("profile", "", "provider_note"), format!("'{note}"));
        let formula = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
        assert!(!rows.iter().flatten().any(formula));
        jane.api.get("/me/export?format=xml").await.problem(422);
    }
}
