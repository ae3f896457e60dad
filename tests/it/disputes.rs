//! Reports of problems: both sides heard by an admin, neither read by the other, and what was decided told to both.

use harness::{
    app::{ADMIN, TestApp},
    beside,
    client::ApiClient,
    factory,
    html::elements,
    journeys::{self, Company, Member, Opening, text},
    logs, on_both,
};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const OLIVE: &str = "olive@kern.example";
/// Words that stand nowhere else.
const REPORT: &str = "They rang me at zqreport four times and asked for money; my number is 661-555-7788.";
const ANSWER: &str = "Our assistant zqanswer rang once, on Monday.";

async fn shared(app: &TestApp) -> (Member, Company, Opening, String) {
    let member = journeys::alerted_member(app, "Jane Rivera", JANE, &factory::california_qme()).await;
    let company = journeys::company(app, "Kern Evaluations", OLIVE).await;
    let opening = journeys::live_opening(app, &company, &factory::bakersfield_opening()).await;
    let id = journeys::introduce(app, &member, &opening, &["name", "email"]).await;
    company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
    (member, company, opening, id)
}

async fn report(api: &ApiClient, side: &str, about: Value, kind: &str, words: &str) -> String {
    let mut body = json!({ "kind": kind, "text": words });
    body.as_object_mut().expect("an object").extend(about.as_object().expect("an object").clone());
    text(&api.post(&format!("/{side}/disputes"), &body).await.with_status(201).json()["id"])
}

/// The mails to somebody whose subject begins so, as subject and text.
fn told(app: &TestApp, to: &str, start: &str) -> Vec<String> {
    let letters = app.mail.mails_to(to).into_iter().map(|mail| mail.letter());
    let found = letters.filter(|letter| letter.subject().starts_with(start));
    found.map(|letter| format!("{}\n{}", letter.subject(), letter.text.as_deref().unwrap_or_default())).collect()
}

on_both! {
    /// The whole way: reported, answered, read with the ledger by an admin, decided; every mail and answer holds what its
    /// reader may know.
    async fn a_report_is_heard_and_decided(database) {
        let app = TestApp::start(database).await;
        let (member, company, _, introduction) = shared(&app).await;
        let about = json!({ "introduction_id": introduction });
        let id = report(&member.api, "me", about.clone(), "asks_money", REPORT).await;
        app.settle().await;
        let body = json!({ "kind": "other", "text": "Once more the same.", "introduction_id": introduction });
        member.api.post("/me/disputes", &body).await.problem(409);

        let mails = told(&app, OLIVE, "A problem was reported");
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].contains(&format!("/company/disputes/{id}")) && !mails[0].contains("zqreport"), "{mails:?}");
        let theirs = company.api.get(&format!("/company/disputes/{id}")).await.ok();
        assert_eq!((&theirs["state"], &theirs["by"]), (&json!("open"), &json!("member")));
        assert!(!theirs.to_string().contains("zqreport"), "what was written is for admins: {theirs}");
        let words = json!({ "text": ANSWER });
        company.api.post(&format!("/company/disputes/{id}/answer"), &words).await.ok();
        company.api.post(&format!("/company/disputes/{id}/answer"), &words).await.problem(409);
        let mine = member.api.get(&format!("/me/disputes/{id}")).await.ok();
        assert_eq!((&mine["text"], &mine["state"]), (&json!(REPORT), &json!("open")));
        assert!(!mine.to_string().contains("zqanswer"), "{mine}");

        let admin = app.admin().await;
        assert_eq!(journeys::waiting(&admin, "dispute").await, id);
        let seen = admin.get(&format!("/admin/disputes/{id}")).await.with_status(200);
        assert_eq!(seen.header("cache-control"), "no-store");
        let seen = seen.json();
        assert_eq!((&seen["report"], &seen["answer"]), (&json!(REPORT), &json!(ANSWER)));
        let ledger = seen["ledger"].as_array().expect("entries");
        let kinds: Vec<&str> = ledger.iter().filter_map(|entry| entry["kind"].as_str()).collect();
        assert_eq!(kinds, ["introduction", "view"]);
        assert!(ledger[1]["seat"].is_string() && ledger[1]["fields"] == json!(["name", "email"]), "{ledger:?}");
        for secret in [JANE, "Rivera", "Olive"] {
            assert!(!seen.to_string().contains(secret), "{secret}: {seen}");
        }

        let decide = format!("/admin/disputes/{id}/end");
        for (words, code) in [("", "required"), ("Too short", "too_short"), ("Write to me@board.example now", "contact_in_text")] {
            let refused = admin.post(&decide, &json!({ "words": words })).await.problem(422);
            assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("words"), &json!(code)));
        }
        let words = "The contact was used for something else than the opening.";
        admin.post(&decide, &json!({ "words": words })).await.ok();
        admin.post(&decide, &json!({ "words": words })).await.problem(409);
        app.settle().await;
        company.api.get(&format!("/company/introductions/{introduction}")).await.problem(410);
        for (to, place) in [(JANE, "/disputes/"), (OLIVE, "/company/disputes/")] {
            let mails = told(&app, to, "Decided:");
            assert_eq!(mails.len(), 1, "{to}: {mails:?}");
            assert!(mails[0].contains(words) && mails[0].contains(&format!("{place}{id}")), "{mails:?}");
        }
        assert_eq!(told(&app, JANE, "Kern Evaluations can no longer see").len(), 1);
        for mails in [told(&app, JANE, ""), told(&app, OLIVE, "")] {
            let all = mails.join("\n");
            assert!(!all.contains("zqreport") && !all.contains("zqanswer") && !all.contains("661-555"), "{all}");
        }
        for (api, path) in [(&member.api, "/me/disputes"), (&company.api, "/company/disputes")] {
            let item = api.get(path).await.items().remove(0);
            assert_eq!((&item["outcome"], &item["words"]), (&json!("introduction_ended"), &json!(words)));
        }
        let cause = member.api.get("/me/introductions").await.items().remove(0)["void_cause"].clone();
        assert_eq!(cause, "admin_ended");
        report(&member.api, "me", about, "other", "It goes on all the same.").await;
        app.settle().await;
    }
}

on_both! {
    /// A company reports: the member is told and answers; nothing is changed, and both read why.
    async fn a_company_reports_and_the_member_answers(database) {
        let app = TestApp::start(database).await;
        let (_, company, opening, introduction) = shared(&app).await;
        for body in [
            json!({ "kind": "other", "text": "Nobody answers there." }),
            json!({ "kind": "other", "text": "Nobody answers there.", "opening_id": opening.id }),
        ] {
            assert_eq!(company.api.post("/company/disputes", &body).await.wrong_fields(), ["introduction_id"]);
        }
        let about = json!({ "introduction_id": introduction });
        let money = json!({ "kind": "asks_money", "text": "It is not for them.", "introduction_id": introduction });
        assert_eq!(company.api.post("/company/disputes", &money).await.wrong_fields(), ["kind"]);
        let id = report(&company.api, "company", about, "contact_wrong", "The address zqwrong bounces.").await;
        app.settle().await;
        assert_eq!(told(&app, JANE, "A problem was reported").len(), 1);
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        let page = browser.get(&format!("/disputes/{id}")).await;
        assert!(page.text().contains("You can answer") && !page.text().contains("zqwrong"), "{}", page.text());
        let form = page.form(&format!("/disputes/{id}/answer"));
        let short = browser.send(&form.clone().set("text", "No.")).await;
        short.reply.clone().with_status(422);
        let kept = short.form(&format!("/disputes/{id}/answer"));
        assert_eq!(kept.fields, [("text".to_owned(), "No.".to_owned())], "what was typed is kept");
        let sent = browser.send_and_follow(&form.set("text", "I have a new one and corrected it.")).await;
        assert!(sent.text().contains("Sent.") && sent.text().contains("I have a new one"), "{}", sent.text());

        let mut desk = app.browser();
        desk.sign_in(&app.operator_link(ADMIN).await).await;
        let queue = desk.get("/admin/queue?kind=dispute").await;
        assert!(queue.html.contains(&format!("/admin/disputes/{id}")), "{}", queue.text());
        let page = desk.get(&format!("/admin/disputes/{id}")).await;
        let shown = page.text();
        assert!(shown.contains("zqwrong") && shown.contains("I have a new one") && shown.contains("Contact opened"), "{shown}");
        assert!(!shown.contains(JANE) && !shown.contains("Rivera") && !shown.contains("Olive"), "{shown}");
        let form = page.form(&format!("/admin/disputes/{id}/dismiss"));
        let again = desk.send(&form.clone().set("words", "No.")).await;
        again.reply.clone().with_status(422);
        let done = desk.send_and_follow(&form.set("words", "The address was corrected meanwhile.")).await;
        assert!(done.text().contains("Decided."), "{}", done.text());
        app.settle().await;
        company.api.get(&format!("/company/introductions/{introduction}")).await.with_status(200);
        for to in [JANE, OLIVE] {
            assert!(told(&app, to, "Decided:")[0].contains("Nothing was changed"), "{to}");
        }
    }
}

on_both! {
    /// About an opening or a company nobody but an admin is told; what is hidden cannot be found by reporting it.
    async fn other_reports_are_between_member_and_admins(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, introduction) = shared(&app).await;
        let before = app.mail.mails_to(OLIVE).len();
        let by_opening = report(&member.api, "me", json!({ "opening_id": opening.id }), "not_as_described", REPORT).await;
        let by_company = report(&member.api, "me", json!({ "company": company.slug }), "conduct", REPORT).await;
        app.settle().await;
        assert_eq!(app.mail.mails_to(OLIVE).len(), before, "the company is not told");
        assert_eq!(company.api.get("/company/disputes").await.items(), Vec::<Value>::new());
        company.api.get(&format!("/company/disputes/{by_opening}")).await.problem(404);
        let admin = app.admin().await;
        admin.post(&format!("/admin/disputes/{by_opening}/end"), &json!({ "words": "There is none to end." })).await.problem(409);

        let draft = company.api.post("/company/openings", &factory::bakersfield_opening().json()).await.ok();
        app.visitor().post("/companies", &factory::company("Waiting Works", "w@waiting.example").json()).await.ok();
        let nobody = "00000000-0000-4000-8000-00000000dead";
        for (about, none) in [
            (json!({ "opening_id": draft["id"] }), json!({ "opening_id": nobody })),
            (json!({ "company": "waiting-works" }), json!({ "company": "no-such-works" })),
        ] {
            let refused = async |about: &Value| {
                let mut body = json!({ "kind": "other", "text": "It is not what it says." });
                body.as_object_mut().expect("an object").extend(about.as_object().expect("an object").clone());
                member.api.post("/me/disputes", &body).await.with_status(404).body_without_request_id()
            };
            assert_eq!(refused(&about).await, refused(&none).await, "{about}");
        }
        let other = journeys::join(&app, "Omar Haddad", "omar@clinic.example").await;
        let body = json!({ "kind": "other", "text": "It is not mine at all.", "introduction_id": introduction });
        other.api.post("/me/disputes", &body).await.problem(404);
        other.api.get(&format!("/me/disputes/{by_company}")).await.problem(404);

        let words = json!({ "words": "It asked physicians for money." });
        admin.post(&format!("/admin/disputes/{by_company}/ban"), &words).await.ok();
        app.settle().await;
        company.api.get("/company").await.problem(401);
        app.visitor().get(&format!("/openings/{}", opening.id)).await.problem(410);
        assert_eq!(told(&app, JANE, "Kern Evaluations can no longer see").len(), 1);
        assert!(told(&app, JANE, "Decided:")[0].contains("The company was banned"));
    }
}

on_both! {
    /// What was written stands sealed in the database and in no log, goes along in the export, and goes with the member;
    /// keys rotate over it.
    async fn what_was_written_is_the_members_own(database) {
        let app = TestApp::start(database).await;
        let (member, company, _, introduction) = shared(&app).await;
        let id = report(&member.api, "me", json!({ "introduction_id": introduction }), "conduct", REPORT).await;
        company.api.post(&format!("/company/disputes/{id}/answer"), &json!({ "text": ANSWER })).await.ok();
        app.settle().await;
        let holds = |all: &[Vec<u8>], word: &str| all.iter().any(|value| String::from_utf8_lossy(value).contains(word));
        let values = beside::values(&app).await;
        for word in ["zqreport", "zqanswer", "661-555-7788"] {
            assert!(!holds(&values, word), "{word} stands in the database");
            assert!(!logs::so_far().contains(word), "{word} stands in the log");
        }
        let export = member.api.get("/me/export").await.ok();
        let mine = &export["disputes"][0];
        assert_eq!((&mine["text"], &mine["kind"]), (&json!(REPORT), &json!("conduct")));
        assert!(!export.to_string().contains("zqanswer"), "what the other side wrote is not the member's");
        let rotated = app.running().app().clone();
        tokio::task::spawn_blocking(move || {
            let mut rotation = rosterline::usecases::Rotation::begin(&rotated.db, &rotated.vault).expect("it begins");
            while rotation.step(100).expect("a step") {}
            assert_eq!(rotation.damaged().len(), 0);
            let left = rotated.db.read(|conn| rosterline::usecases::left_to_wrap(conn, &rotated.vault));
            assert_eq!(left.expect("a count"), 0);
        })
        .await
        .expect("rotated");
        let admin = app.admin().await;
        assert_eq!(admin.get(&format!("/admin/disputes/{id}")).await.ok()["answer"], ANSWER);
        member.api.delete("/me").await.with_status(204);
        app.settle().await;
        admin.get(&format!("/admin/disputes/{id}")).await.problem(404);
        assert_eq!(company.api.get("/company/disputes").await.items(), Vec::<Value>::new());
        let left = app.running().app().read(|conn, app| Ok(store::texts::count(conn, &app.vault)?.0)).await;
        assert_eq!(left.expect("a count"), 0, "both sides' words are gone");
    }
}

on_both! {
    /// The pages that lead there, and the limit of a day.
    async fn a_report_begins_where_the_problem_is(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, introduction) = shared(&app).await;
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        let asks = format!("/disputes/new?introduction={introduction}");
        for (page, link) in [
            ("/permissions".to_owned(), asks.clone()),
            ("/ledger".to_owned(), asks.clone()),
            (format!("/openings/{}", opening.id), format!("/disputes/new?opening={}", opening.id)),
            (format!("/companies/{}", company.slug), format!("/disputes/new?company={}", company.slug)),
        ] {
            let html = browser.get(&page).await.html;
            let leads = elements(&html).iter().any(|e| e.attributes.contains(&("href".to_owned(), link.clone())));
            assert!(leads, "{page} leads to {link}");
        }
        let form = browser.get(&asks).await.form("/disputes/new");
        let wrong = browser.send(&form.clone().set("text", "No.")).await;
        wrong.reply.clone().with_status(422);
        assert!(wrong.text().contains("Choose what it is about."), "{}", wrong.text());
        let kept = wrong.form("/disputes/new");
        assert!(kept.fields.contains(&("text".to_owned(), "No.".to_owned())), "{:?}", kept.fields);
        let sent = browser.send_and_follow(&kept.set("kind", "conduct").set("text", REPORT)).await;
        assert!(sent.text().contains("An admin looks at it") && sent.text().contains("zqreport"), "{}", sent.text());
        assert!(browser.get("/permissions").await.text().contains("Reports"), "the permissions show it");

        let mut desk = app.browser();
        desk.sign_in(&app.operator_link(OLIVE).await).await;
        assert!(desk.get("/company").await.text().contains("A problem was reported about"), "it is to be done");
        let contact = desk.get(&format!("/company/contacts/{introduction}")).await;
        assert!(contact.html.contains(&format!("/company/contacts/{introduction}/report")));
        let form = desk.get(&format!("/company/contacts/{introduction}/report")).await;
        let form = form.form(&format!("/company/contacts/{introduction}/report"));
        let sent = desk.send_and_follow(&form.set("kind", "other").set("text", "We have not been paid back.")).await;
        assert!(sent.heading().starts_with("Report about") && !sent.text().contains("paid back"), "{}", sent.text());
        assert_eq!(desk.get("/company/disputes").await.html.matches("/company/disputes/").count(), 2);

        for n in 0..30 {
            let body = json!({ "kind": "other", "text": "One report after the other.", "company": company.slug });
            let reply = member.api.post("/me/disputes", &body).await;
            if n == 19 {
                assert_eq!(reply.problem(429)["code"], "too_many_requests");
                break;
            }
            reply.with_status(201);
        }
        app.settle().await;
    }
}
