//! "See myself as a company sees me": the same as the company gets, and nothing before a yes.

use chrono::Duration;
use harness::{app::TestApp, factory, journeys, on_both};
use reqwest::Method;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const SIGHT: &str = "/permissions/as-companies-see-me";

/// The part of a page that shows a contact; more than one on the member's page.
fn shown(html: &str) -> Vec<String> {
    let parts = html.split("<section class=\"card\" data-shared>").skip(1);
    parts.map(|part| part.split("</section>").next().unwrap_or_default().to_owned()).collect()
}

async fn views(member: &journeys::Member) -> Vec<Value> {
    member.api.get("/me/ledger").await.items().into_iter().filter(|entry| entry["kind"] == "view").collect()
}

on_both! {
    /// Byte for byte what the company's page and the company's JSON hold, for every choice of fields, and no view in the
    /// ledger for it.
    async fn a_member_sees_what_a_company_sees(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let before = member.api.send(Method::GET, SIGHT, None).await.with_status(200).text();
        assert_eq!(shown(&before), Vec::<String>::new());
        assert!(!before.contains(JANE) && !before.contains("Jane Rivera"), "nothing at all before a yes");
        for fields in [&["name"][..], &["email", "phone"], &["name", "email", "phone", "npi", "cv"]] {
            let id = journeys::introduce(&app, &member, &opening, fields).await;
            let seen = views(&member).await.len();
            let mine = member.api.send(Method::GET, SIGHT, None).await.with_status(200);
            assert_eq!(mine.header("cache-control"), "no-store");
            let as_seen = member.api.get(&format!("/me/introductions/{id}/as-seen")).await.with_status(200);
            assert_eq!(as_seen.header("cache-control"), "no-store");
            assert_eq!(views(&member).await.len(), seen, "one's own look is no view of the company");
            let page = company.api.send(Method::GET, &format!("/company/contacts/{id}"), None).await.with_status(200);
            assert_eq!(shown(&mine.text()), shown(&page.text()), "{fields:?}");
            assert_eq!(shown(&mine.text()).len(), 1);
            let theirs = company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
            assert_eq!(as_seen.text(), theirs.text(), "{fields:?}");
            assert_eq!(views(&member).await.len(), seen + 2, "the company's two looks are");
            company.api.put(&format!("/company/introductions/{id}/stage"), &json!({ "stage": "call" })).await.ok();
            assert!(member.api.send(Method::GET, SIGHT, None).await.text().contains("Stage: Spoke."));
            member.api.act(&format!("/me/introductions/{id}/revoke")).await.ok();
            assert_eq!(shown(&member.api.send(Method::GET, SIGHT, None).await.text()), Vec::<String>::new());
            member.api.get(&format!("/me/introductions/{id}/as-seen")).await.problem(410);
        }
        app.settle().await;
    }
}

on_both! {
    /// What is over for the company is over here: a lapsed opening, an edit, a suspension. Looks are in the audit record
    /// as the member's own, and no other member has a way in.
    async fn what_is_over_is_shown_to_nobody(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let other = journeys::join(&app, "Omar Haddad", "omar@clinic.example").await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let id = journeys::introduce(&app, &member, &opening, &["name", "email"]).await;
        let path = format!("/me/introductions/{id}/as-seen");
        member.api.get(&path).await.ok();
        other.api.get(&path).await.problem(404);
        let acts = app.running().app().read(|conn, _| Ok(store::audit::list(conn, &store::audit::Wanted::default(), None, 500)?)).await.expect("acts");
        let own: Vec<_> = acts.iter().filter(|act| act.action == "introduction.own_look").collect();
        assert_eq!(own.iter().map(|act| (act.role.as_str(), act.id.as_str())).collect::<Vec<_>>(), [("member", id.as_str())]);
        app.advance(Duration::days(15)).await;
        let jane = member.api.refreshed().await;
        jane.get(&path).await.problem(410);
        assert_eq!(shown(&jane.send(Method::GET, SIGHT, None).await.text()), Vec::<String>::new());
    }
}
