//! Contact in a company's text: held until an admin says on purpose that it may pass.

use harness::{
    app::{ADMIN, TestApp},
    client::ApiClient,
    factory,
    journeys::{self, text},
    on_both,
};
use serde_json::{Value, json};

const OLIVE: &str = "olive@kern.example";

/// The newest acts on a thing in the audit record: action and detail.
async fn audited(app: &TestApp, id: &str) -> Vec<(String, Option<String>)> {
    let id = id.to_owned();
    let read = app
        .running()
        .app()
        .read(move |conn, _| Ok(store::audit::list(conn, &store::audit::Wanted::default(), None, 500)?))
        .await;
    let all = read.expect("the database answers").into_iter().filter(|act| act.id == id);
    all.map(|act| (act.action, act.detail)).collect()
}

fn although(reason: &str) -> Value {
    json!({ "accept_spotted": true, "reason": reason })
}

async fn with_text(company: &ApiClient, words: &str) -> String {
    let draft = factory::bakersfield_opening().set("/description", words).json();
    let id = text(&company.post("/company/openings", &draft).await.ok()["id"]);
    company.act(&format!("/company/openings/{id}/submit")).await.ok();
    id
}

on_both! {
    /// Every way to write an address is held, marks and entities included; the company is told nothing of why it passed.
    async fn contact_in_an_opening_is_held(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let admin = app.admin().await;
        for (words, spots) in [
            ("Write to olive@kern.example today.", json!(["email"])),
            ("Write to olive&#64;kern.example today.", json!(["email"])),
            ("Ring **661**-555-0143 any time.", json!(["phone"])),
            ("Apply [here](https://forms.example/apply).", json!(["link"])),
            ("Call us: 661 555 0143, or kern-evaluations.com", json!(["phone", "link", "invitation"])),
        ] {
            let id = with_text(&company.api, words).await;
            app.settle().await;
            let path = format!("/admin/openings/{id}/approve");
            for body in [json!({}), json!({ "reason": "I did not look." }), json!({ "accept_spotted": false })] {
                let held = admin.post(&path, &body).await.problem(409);
                assert_eq!((&held["code"], &held["spotted"]), (&json!("contact_in_text"), &spots), "{words}");
            }
            assert_eq!(admin.post(&path, &json!({ "accept_spotted": true })).await.wrong_fields(), ["reason"], "{words}");
            app.visitor().get(&format!("/openings/{id}")).await.problem(404);
            admin.post(&path, &although("It is the court's own page.")).await.ok();
            app.settle().await;
            app.visitor().get(&format!("/openings/{id}")).await.ok();
            let acts = audited(&app, &id).await;
            let want = ("opening.approve_although".to_owned(), Some("It is the court's own page.".to_owned()));
            assert!(acts.contains(&want), "{acts:?}");
            let own = company.api.get(&format!("/company/openings/{id}")).await.ok();
            assert!(!own.to_string().contains("court's own"), "{own}");
        }
        let id = with_text(&company.api, "Two *days* a month, $1,500 each.").await;
        admin.act(&format!("/admin/openings/{id}/approve")).await.ok();
        assert_eq!(audited(&app, &id).await[0].0, "opening.approve");
        app.settle().await;
    }
}

on_both! {
    /// The page offers no plain approval, keeps what was typed, and takes tick and reason together.
    async fn the_admins_page_asks_twice(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let id = with_text(&company.api, "Write to olive@kern.example today.").await;
        app.settle().await;
        let (path, approve) = (format!("/admin/openings/{id}"), format!("/admin/openings/{id}/approve"));
        let mut desk = app.browser();
        desk.sign_in(&app.operator_link(ADMIN).await).await;
        let page = desk.get(&path).await;
        assert!(page.text().contains("Held: the text seems to hold an e-mail address"), "{}", page.text());
        let form = page.form(&approve);
        assert_eq!(form.buttons, ["Approve although contact was found"]);
        let again = desk.send(&form.clone().set("although", "The court's own address.")).await;
        again.reply.clone().with_status(409);
        assert!(again.text().contains("Nothing was approved"), "{}", again.text());
        let form = again.form(&approve);
        let kept = form.fields.iter().any(|(name, value)| name == "although" && value == "The court's own address.");
        assert!(kept, "{:?}", form.fields);
        let unsaid = desk.send(&form.clone().set("accept_spotted", "1").set("although", "")).await;
        unsaid.reply.clone().with_status(422);
        assert!(unsaid.text().contains("Say why it may pass"), "{}", unsaid.text());
        let done = desk.send_and_follow(&form.set("accept_spotted", "1")).await;
        assert!(done.text().contains("Approved"), "{}", done.text());
        app.settle().await;
        app.visitor().get(&format!("/openings/{id}")).await.ok();
    }
}

on_both! {
    /// A company is held by its words as its openings are; once approved it cannot put contact in unseen.
    async fn contact_in_a_companys_words_is_held(database) {
        let app = TestApp::start(database).await;
        let body = factory::company("Kern Evaluations", OLIVE).set("/about", "Call us: 661 555 0143").json();
        app.visitor().post("/companies", &body).await.ok();
        app.settle().await;
        let admin = app.admin().await;
        let id = journeys::waiting(&admin, "company").await;
        let path = format!("/admin/companies/{id}/approve");
        let held = admin.act(&path).await.problem(409);
        assert_eq!((&held["code"], &held["spotted"]), (&json!("contact_in_text"), &json!(["phone", "invitation"])));
        let mut desk = app.browser();
        desk.sign_in(&app.operator_link(ADMIN).await).await;
        let form = desk.get(&format!("/admin/companies/{id}")).await.form(&path);
        let done = desk.send_and_follow(&form.set("accept_spotted", "1").set("although", "Their public number.")).await;
        assert!(done.text().contains("Approved"), "{}", done.text());
        assert!(audited(&app, &id).await.iter().any(|(action, _)| action == "company.approve_although"));
        app.settle().await;
        let olive = app.sign_in(OLIVE).await;
        for (field, words) in [("about", "Write to olive@kern.example"), ("name", "kern-evaluations.com")] {
            assert_eq!(olive.patch("/company", &json!({ field: words })).await.wrong_fields(), [field]);
        }
        let same = json!({ "about": "Call us: 661 555 0143", "website": "https://kern.example" });
        olive.patch("/company", &same).await.ok();
        olive.patch("/company", &json!({ "about": "We pay within *30 days*." })).await.ok();
        let page = app.visitor().send(reqwest::Method::GET, "/companies/kern-evaluations", None).await.text();
        assert!(page.contains("We pay within <em>30 days</em>."), "{page}");
    }
}

on_both! {
    /// Marks are shown on pages, are no part of what a search finds, and stand in the JSON as they were written.
    async fn marks_are_shown_and_searched_without(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let words = "## The **w**ork\n\nExamine *spines* near the court,\nwrite reports:\n\n- sorted records\n- **typ**ing";
        let id = with_text(&company.api, words).await;
        app.settle().await;
        journeys::approve_opening(&app, &id).await;
        let page = app.visitor().send(reqwest::Method::GET, &format!("/openings/{id}"), None).await.text();
        for shown in ["<h3>The <strong>w</strong>ork</h3>", "<em>spines</em> near the court,<br>", "<li>sorted records</li>"] {
            assert!(page.contains(shown), "{shown} in\n{page}");
        }
        assert_eq!(app.visitor().get(&format!("/openings/{id}")).await.ok()["description"], words);
        for query in ["typing", "work spines"] {
            let found = app.visitor().get(&format!("/openings?q={query}")).await.items();
            assert_eq!(found.len(), 1, "{query}");
            assert!(!found[0]["snippet"].to_string().contains('*'), "{}", found[0]["snippet"]);
        }
    }
}
