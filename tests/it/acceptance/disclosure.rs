//! T33: the one way from a question to a contact.

use harness::{
    app::TestApp,
    beside,
    canary::{Canary, Finder},
    client::ApiClient,
    database::Database,
    factory,
    journeys::{self, Company},
    on_both,
};
use reqwest::Method;
use rosterline::cli::routes::table;
use serde_json::json;

use crate::authz::filled;

/// Everything a company can read, with the id of this introduction and opening where an address takes one.
async fn read_all(api: &ApiClient, introduction: &str, opening: &str, slug: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for route in table().into_iter().filter(|route| route.method.as_str() == "GET") {
        let value = match route.path {
            path if path.contains("/openings/{") => opening,
            path if path.contains("/companies/{") => slug,
            _ => introduction,
        };
        let path = filled(route.path, value);
        let reply = api.send(Method::GET, &path, None).await;
        if (path.contains("/contacts/") || path.contains("/introductions/")) && reply.status == 200 {
            assert!(reply.header("cache-control").contains("no-store"), "{path} may be kept by others");
        }
        all.push((path, reply.text()));
    }
    all
}

fn holding(answers: &[(String, String)], finder: &Finder) -> Vec<String> {
    let holds = answers.iter().filter(|(_, text)| !finder.find(text.as_bytes()).is_empty());
    holds.map(|(path, _)| path.clone()).collect()
}

on_both! {
    /// T33: from the alert over the two pages to the company: what was chosen is seen by that company, for that opening,
    /// at the two addresses that show it, and nowhere else; what was not chosen nowhere at all.
    async fn t33_a_yes_shows_the_chosen_fields_to_one_company_for_one_opening(database) {
        let app = TestApp::start(database).await;
        let person = Canary::new(2);
        let member = journeys::join(&app, &person.name, &person.email).await;
        member.api.put("/me/profile", &factory::california_qme().json()).await.ok();
        member.api.put("/me/contact", &person.contact()).await.ok();
        let only_mail = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false });
        journeys::permit(&member, only_mail).await;
        let kern = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let other = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let opening = journeys::live_opening(&app, &kern, &factory::bakersfield_opening()).await;
        let second = factory::bakersfield_opening().set("/title", "A second opening of the same company");
        let second = journeys::live_opening(&app, &kern, &second).await;

        // The mail leads to the opening, its page to the question, the question to the words that are agreed to.
        let mail = app.mail.mails_to(&person.email).into_iter().find(|m| m.letter().unsubscribe_link().is_some());
        let link = mail.expect("an alert").letter().link_with(&opening.id);
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(&person.email).await).await.reply.with_status(200);
        let page = browser.get(&link).await;
        let consent = format!("/consent/{}", opening.id);
        assert!(page.html.contains(&consent), "{}", page.text());
        let choice = browser.get(&consent).await;
        let mut form = choice.form(&consent);
        form.fields.retain(|(name, _)| name != "field");
        let review = browser.send(&form.also("field", "phone").also("field", "cv")).await;
        assert!(kern.api.get("/company/introductions").await.items().is_empty(), "one page is no yes");
        browser.send_and_follow(&review.form(&consent)).await.reply.with_status(200);
        app.settle().await;
        let yes = journeys::text(&kern.api.get("/company/introductions").await.items()[0]["id"]);

        let chosen = Finder::new([person.phone.clone(), person.cv.clone()]);
        let mut rest = person.values();
        rest.retain(|value| chosen.find(value.as_bytes()).is_empty() && !value.starts_with("661") && !person.cv.contains(&value.to_lowercase()));
        assert!(rest.len() >= 3, "{rest:?}");
        let rest = Finder::new(rest);
        let answers = read_all(&kern.api, &yes, &opening.id, &kern.slug).await;
        assert_eq!(holding(&answers, &rest), Vec::<String>::new(), "what was not chosen");
        let shown = [format!("/api/v1/company/introductions/{yes}"), format!("/company/contacts/{yes}")];
        let mut found = holding(&answers, &chosen);
        found.sort();
        assert_eq!(found, shown);
        let about_second = read_all(&kern.api, &second.id, &second.id, &kern.slug).await;
        assert_eq!(holding(&about_second, &chosen), Vec::<String>::new(), "for another opening");
        for stranger in [&other.api, &app.admin().await, &app.visitor()] {
            let answers = read_all(stranger, &yes, &opening.id, &kern.slug).await;
            for finder in [&chosen, &rest] {
                assert_eq!(holding(&answers, finder), Vec::<String>::new(), "{}", stranger.role);
            }
        }
        let kinds: Vec<_> = member.api.get("/me/ledger").await.items().iter().rev().map(|e| journeys::text(&e["kind"])).collect();
        assert_eq!(kinds, ["introduction", "view", "view"], "each look is in the ledger");
    }
}

/// Lets no more rows into the ledger.
fn no_more_entries(database: &Database) -> [String; 2] {
    let sql = match database {
        Database::Sqlite => [
            "CREATE TRIGGER full_up BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'full up'); END",
            "DROP TRIGGER full_up",
        ],
        Database::Postgres(_) => [
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full up'; END $$; \
             CREATE TRIGGER full_up BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION full_up()",
            "DROP TRIGGER full_up ON ledger",
        ],
    };
    sql.map(str::to_owned)
}

on_both! {
    /// T33: the ledger row is older than the answer: where no row can be written, nothing is shown, to a company or to an
    /// admin.
    async fn t33_without_a_row_in_the_ledger_nothing_is_shown(database) {
        let app = TestApp::start(database.clone()).await;
        let person = Canary::new(3);
        let member = journeys::join(&app, &person.name, &person.email).await;
        member.api.put("/me/profile", &factory::california_qme().json()).await.ok();
        member.api.put("/me/contact", &person.contact()).await.ok();
        let all = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": false });
        journeys::permit(&member, all).await;
        let company: Company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let yes = journeys::introduce(&app, &member, &opening, &["name", "email", "phone", "npi", "cv"]).await;
        app.let_admin_see_contacts(true).await;
        let admin = app.admin().await;
        let reason = json!({ "reason": "Asked us to call about the panel." });
        let finder = Finder::new(person.values());
        let paths = [format!("/api/v1/company/introductions/{yes}"), format!("/company/contacts/{yes}")];
        let [full, room] = no_more_entries(&database);
        beside::run(&app, &full).await;
        for path in &paths {
            let refused = company.api.send(Method::GET, path, None).await.with_status(500);
            assert_eq!(finder.find(&refused.body), Vec::<String>::new(), "{path}");
        }
        let refused = admin.post(&format!("/admin/members/{}/contact", member.id), &reason).await.with_status(500);
        assert_eq!(finder.find(&refused.body), Vec::<String>::new());
        beside::run(&app, &room).await;
        for path in &paths {
            let seen = company.api.send(Method::GET, path, None).await.with_status(200);
            assert!(!finder.find(&seen.body).is_empty(), "{path}");
        }
        assert_eq!(member.api.get("/me/ledger").await.items().len(), 3);
    }
}
