//! The ledger as evidence: what a member took along is proven or refuted without the server, and the database refuses
//! to forget.

mod raw;
mod tampering;
mod upkeep;

use harness::{
    app::TestApp,
    factory,
    journeys::{self, Company, Member, Opening},
    on_both,
};
use rosterline::auth::Jwks;
use rosterline::ledger::{Verdict, read_receipt, verify_file};
use rosterline::usecases;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const BOB: &str = "bob@practice.example";

/// Two members, one company with two openings, and what happened between them.
struct Scene {
    app: TestApp,
    jane: Member,
    bob: Member,
    company: Company,
    openings: [Opening; 2],
    /// Jane's yes to the first opening.
    yes: String,
}

impl Scene {
    async fn play(app: TestApp) -> Scene {
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let bob = journeys::alerted_member(&app, "Bob Stone", BOB, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let first = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let second = factory::bakersfield_opening().set("/title", "A second opening");
        let second = journeys::live_opening(&app, &company, &second).await;
        let yes = journeys::introduce(&app, &jane, &first, &["name", "email"]).await;
        let of_bob = journeys::introduce(&app, &bob, &first, &["phone"]).await;
        for id in [&yes, &of_bob, &yes] {
            company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
        }
        Scene { app, jane, bob, company, openings: [first, second], yes }
    }

    /// Something more for Jane's record.
    async fn go_on(&self) {
        let id = journeys::introduce(&self.app, &self.jane, &self.openings[1], &["email"]).await;
        self.company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
        self.jane.api.act(&format!("/me/introductions/{id}/revoke")).await.ok();
        self.app.settle().await;
    }

    /// What `rosterline check` says of the ledger.
    async fn audit(&self) -> Vec<String> {
        let audit = self.app.running().app().read(usecases::audit_ledger).await;
        audit.expect("an answer")
    }
}

/// The file a member takes along.
async fn file_of(member: &Member) -> Vec<u8> {
    let reply = member.api.get("/me/ledger/export?format=json").await.with_status(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(reply.header("content-disposition").contains("rosterline-ledger.json"));
    reply.body
}

fn alone(file: &[u8]) -> Verdict {
    verify_file(file, None, None)
}

fn against(file: &[u8], older: &[u8]) -> Verdict {
    verify_file(file, Some(older), None)
}

#[track_caller]
fn sound(verdict: &Verdict) {
    assert!(verdict.is_sound(), "{verdict:?}");
}

on_both! {
    /// The file is proven by itself, against the published key and against an older one, and holds no contact value.
    async fn t36_a_record_is_proven_without_the_server(database) {
        let scene = Scene::play(TestApp::start(database).await).await;
        let old = file_of(&scene.jane).await;
        let keys = scene.app.visitor().send("GET".parse().unwrap(), "/.well-known/jwks.json", None).await;
        sound(&verify_file(&old, None, Some(&keys.body)));
        assert!(!verify_file(&old, None, Some(b"{\"keys\":[]}")).is_sound(), "another server's keys");
        scene.go_on().await;
        let new = file_of(&scene.jane).await;
        sound(&against(&new, &old));
        assert!(!against(&old, &new).is_sound(), "nothing may be gone");
        let document: Value = serde_json::from_slice(&new).expect("JSON");
        let entries = document["entries"].as_array().expect("entries");
        let kinds: Vec<&str> = entries.iter().map(|e| e["entry"]["kind"].as_str().expect("a kind")).collect();
        assert_eq!(kinds, ["introduction", "view", "view", "introduction", "view", "revocation"]);
        let text = String::from_utf8(new).expect("text");
        for contact in [JANE, "Rivera", "0143", &factory::npi_of(JANE)] {
            assert!(!text.contains(contact), "{contact}");
        }

        let checked = scene.jane.api.get("/me/ledger/verify").await.ok();
        assert_eq!((&checked["sound"], &checked["entries"], &checked["faults"]), (&json!(true), &json!(6), &json!([])));
        assert_eq!(checked["tree_size"], document["checkpoint"]["size"]);
        assert_eq!((&checked["root"], &checked["checkpoint"]), (&document["checkpoint"]["root"], &document["checkpoint"]));
        let csv = scene.jane.api.get("/me/ledger/export?format=csv").await.with_status(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.text().lines().count(), 7);
        assert_eq!(scene.jane.api.get("/me/ledger/export?format=xml").await.wrong_fields(), ["format"]);
        scene.company.api.get("/me/ledger/export").await.problem(403);

        let mut page = scene.app.browser();
        page.sign_in(&scene.app.operator_link(JANE).await).await;
        assert!(page.get("/ledger").await.text().contains("How to check it"));
        let text = page.get("/ledger?verify=1").await.text();
        assert!(text.contains("Whole: 6 entries compared"), "{text}");
    }
}

on_both! {
    /// A receipt says what was agreed, anyone can check it with the published keys, and no letter of it can be changed.
    async fn a_receipt_is_checked_with_the_published_key(database) {
        let scene = Scene::play(TestApp::start(database).await).await;
        let path = format!("/me/introductions/{}/receipt", scene.yes);
        let reply = scene.jane.api.get(&path).await.with_status(200);
        assert_eq!((reply.header("content-type"), reply.header("cache-control")), ("application/jwt", "no-store"));
        let token = reply.text();
        let keys = scene.app.visitor().send("GET".parse().unwrap(), "/.well-known/jwks.json", None).await;
        let keys: Jwks = serde_json::from_slice(&keys.body).expect("a key set");
        let receipt = read_receipt(&token, &keys).expect("a receipt");
        assert_eq!((receipt.sub.as_str(), receipt.opening_id.as_str()), (&*scene.yes, &*scene.openings[0].id));
        assert_eq!((&*receipt.company.name, &receipt.iss), ("Kern Evaluations", &scene.app.base_url()));
        let fields: Vec<&str> = receipt.fields.iter().map(|f| f.as_str()).collect();
        assert_eq!((fields, receipt.text_sha256.len()), (vec!["name", "email"], 64));
        let file: Value = serde_json::from_slice(&file_of(&scene.jane).await).expect("JSON");
        let entry = &file["entries"][0];
        assert_eq!((&entry["leaf_hash"], &entry["entry"]["leaf"]), (&json!(receipt.ledger.leaf_hash), &json!(receipt.ledger.leaf)));
        assert_eq!(scene.jane.api.get(&path).await.text(), token, "the same receipt each time");

        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(read_receipt(std::str::from_utf8(&changed).expect("text"), &keys).is_none(), "letter {at}");
        }
        scene.bob.api.get(&path).await.problem(404);
        let forged = scene.jane.api.with_token(&token);
        forged.get("/me/profile").await.problem(401);
        let body = json!({ "opening_id": scene.openings[1].id, "opening_revision": 1, "fields": ["name"] });
        let made = scene.jane.api.post("/me/introductions", &body).await.with_status(201).ok();
        let receipt = read_receipt(made["receipt"].as_str().expect("a receipt"), &keys).expect("a receipt");
        assert_eq!(receipt.sub.as_str(), made["id"]);
    }
}

on_both! {
    /// Looks at the same moment stand one after the other in the tree, without a gap.
    async fn many_looks_at_once_stand_in_one_line(database) {
        let scene = Scene::play(TestApp::start(database).await).await;
        let path = format!("/company/introductions/{}", scene.yes);
        let looks: Vec<_> = (0..24)
            .map(|_| {
                let (api, path) = (scene.company.api.clone(), path.clone());
                tokio::spawn(async move { api.get(&path).await.status })
            })
            .collect();
        let mut seen = 0;
        for look in looks {
            seen += usize::from(look.await.expect("an answer") == 200);
        }
        assert_eq!(seen, 24);
        assert_eq!(scene.audit().await, Vec::<String>::new());
        let file = file_of(&scene.jane).await;
        sound(&alone(&file));
        let document: Value = serde_json::from_slice(&file).expect("JSON");
        assert_eq!(document["entries"].as_array().map(Vec::len), Some(27));
        assert_eq!(document["checkpoint"]["size"], 29);
    }
}
