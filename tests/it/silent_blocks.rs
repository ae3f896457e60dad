//! A block tells the company nothing: two runs of the same weeks, one with and one without it, look alike to the company.

use std::collections::BTreeMap;

use chrono::Duration;
use harness::{
    app::TestApp,
    client::ApiClient,
    database::Database,
    factory,
    journeys::{self, Member},
    on_both,
    smtp_peer::Mail,
};
use reqwest::Method;
use rosterline::cli::routes::table;
use serde_json::json;

const JANE: &str = "jane@clinic.example";
const OLIVE: &str = "olive@kern.example";

/// When Jane blocks the company.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    Never,
    BeforeTheOpening,
    AfterTheMatch,
}

/// Everything the company can see and is told: every GET of its own without a thing in the path, its opening, and the
/// subjects and texts of its mails; ids and times are left out.
async fn company_sees(app: &TestApp, owner: &ApiClient, opening: &str) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    let mut paths: Vec<String> = table()
        .iter()
        .filter(|route| route.method.as_str() == "GET" && !route.path.contains('{'))
        .map(|route| route.path.to_owned())
        .filter(|path| path.contains("/company") || ["/openings", "/", "/metrics"].contains(&path.as_str()))
        .collect();
    paths.extend([
        format!("/openings/{opening}"),
        format!("/api/v1/openings/{opening}"),
        format!("/company/openings/{opening}"),
        format!("/api/v1/company/openings/{opening}"),
        format!("/api/v1/company/openings/{opening}/reach"),
        "/companies/kern-evaluations".to_owned(),
        "/api/v1/companies/kern-evaluations".to_owned(),
    ]);
    for path in paths {
        let reply = owner.send(Method::GET, &path, None).await;
        seen.insert(without_ids(&path), format!("{} {}", reply.status, without_ids(&reply.text())));
    }
    let words = |mail: &Mail| {
        let letter = mail.letter();
        without_ids(&format!("{}\n{}", letter.subject(), letter.text.as_deref().unwrap_or_default()))
    };
    let mut mails: Vec<String> = app.mail.mails_to(OLIVE).iter().map(words).collect();
    mails.sort();
    seen.insert("mails".to_owned(), mails.join("\n"));
    seen
}

/// Runs of hex digits and hyphens of an id's length, and the tokens of links, say nothing that could be compared.
fn without_ids(text: &str) -> String {
    let is_id =
        |word: &str| word.len() >= 32 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let split = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let mut out = text.to_owned();
    for word in text.split(split).filter(|word| is_id(word)) {
        out = out.replace(word, "ID");
    }
    // Where the server stands differs from run to run.
    out.split("127.0.0.1:").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect()
}

async fn block(member: &Member) {
    member.api.post("/me/blocks", &json!({ "company": "kern-evaluations" })).await.with_status(204);
}

/// The same weeks once: an opening, a match, an answer or none, an edit, the end.
async fn weeks(database: Database, blocks: Blocks) -> Vec<BTreeMap<String, String>> {
    let app = TestApp::start(database).await;
    let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
    let counted = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": true });
    journeys::permit(&jane, counted).await;
    let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
    if blocks == Blocks::BeforeTheOpening {
        block(&jane).await;
    }
    let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
    let alerts = app.mail.mails_to(JANE).iter().filter(|m| m.letter().header("List-Unsubscribe").is_some()).count();
    assert_eq!(alerts, usize::from(blocks != Blocks::BeforeTheOpening), "the block works");
    if blocks == Blocks::AfterTheMatch {
        block(&jane).await;
        let yes = json!({ "opening_id": opening.id, "opening_revision": 1, "fields": ["name"] });
        jane.api.post("/me/introductions", &yes).await.problem(409);
    }
    app.settle().await;
    let mut seen = vec![company_sees(&app, &company.api, &opening.id).await];
    app.advance(Duration::days(10)).await;
    let owner = company.api.refreshed().await;
    seen.push(company_sees(&app, &owner, &opening.id).await);
    let pay = json!({ "pay": { "min_cents": 160_000, "max_cents": 190_000 } });
    owner.patch(&format!("/company/openings/{}", opening.id), &pay).await.ok();
    app.settle().await;
    journeys::approve_opening(&app, &opening.id).await;
    seen.push(company_sees(&app, &owner, &opening.id).await);
    owner.act(&format!("/company/openings/{}/close", opening.id)).await.ok();
    app.settle().await;
    seen.push(company_sees(&app, &owner, &opening.id).await);
    seen
}

on_both! {
    /// Whatever a blocked company opens, lists, counts or is mailed is what it would be without the block.
    async fn a_blocked_company_cannot_find_out(database) {
        let free = weeks(database.another(), Blocks::Never).await;
        assert!(free[0].len() >= 20, "{:?}", free[0].keys());
        for blocks in [Blocks::BeforeTheOpening, Blocks::AfterTheMatch] {
            let blocked = weeks(database.another(), blocks).await;
            for (n, (free, blocked)) in free.iter().zip(&blocked).enumerate() {
                assert_eq!(free.keys().collect::<Vec<_>>(), blocked.keys().collect::<Vec<_>>(), "moment {n}");
                for (what, shown) in free {
                    assert_eq!(shown, &blocked[what], "{what}, moment {n}");
                }
            }
        }
    }
}
