//! T15: before a yes a company learns of no member. The check of the list is of anonymised profiles, of which there are
//! none here (a company sees a physician or nobody); what it is there for, that nobody can be picked out of what a
//! company is shown, is held to the whole of what it is shown.

use harness::{
    app::TestApp,
    canary::{Canary, Finder},
    factory, journeys, on_both,
};
use reqwest::Method;
use rosterline::cli::routes::table;
use serde_json::json;

use crate::authz::filled;

on_both! {
    /// T15: four members who allow everything and fit the company's opening, in full: every route that a company can
    /// ask for, its pages, its JSON and its mails hold no value, no criterion and no id of any of them.
    async fn t15_before_a_yes_a_company_learns_of_no_member(database) {
        let app = TestApp::start(database).await;
        let mut wanted = Vec::new();
        for person in (0..4).map(Canary::new) {
            let member = journeys::join(&app, &person.name, &person.email).await;
            let least = json!([{ "kind": "qme", "basis": "per_case", "cents": person.least_pay }]);
            let profile = factory::california_qme().set("/provider_note", person.note.as_str()).set("/min_pay", least);
            member.api.put("/me/profile", &profile.json()).await.ok();
            member.api.put("/me/contact", &person.contact()).await.ok();
            let all = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": true });
            journeys::permit(&member, all).await;
            wanted.extend(person.values().into_iter().chain(person.criteria()).chain([member.id.clone()]));
        }
        let wanted = Finder::new(wanted);
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        app.advance(chrono::Duration::days(31)).await;
        app.settle().await;
        let api = app.visitor().sign_in(&app.operator_link(&company.email).await).await;
        let mut asked = 0;
        for route in table() {
            let value = match route.path {
                path if path.contains("/openings/{") => opening.id.as_str(),
                path if path.contains("/companies/{") => company.slug.as_str(),
                _ => "3f2c1a64-9d1f-4e57-8c6d-5b0a7e9f1c22",
            };
            let path = filled(route.path, value);
            // What others may do is asked for as well: a refusal must not tell either.
            let reads = ["GET", "HEAD"].contains(&route.method.as_str());
            let writes = route.path.contains("company") && !route.path.contains("close");
            if !reads && !writes {
                continue;
            }
            let method = Method::from_bytes(route.method.as_str().as_bytes()).expect("a method");
            let body = (!reads).then(|| json!({ "q": "physician" }));
            let reply = api.send(method, &path, body.as_ref()).await;
            assert!(reply.status < 500, "{} {path}: {}", route.method, reply.status);
            let headers = reply.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
            let all = format!("{}{}", headers.collect::<String>(), reply.text());
            assert_eq!(wanted.find(all.as_bytes()), Vec::<String>::new(), "{} {path}", route.method);
            asked += 1;
        }
        assert!(asked > 60, "only {asked} routes were asked");
        assert!(app.mail.mails().len() > 8, "alerts went out meanwhile");
        for mail in app.mail.mails_to(&company.email) {
            let letter = mail.letter();
            let all = format!("{:?}{:?}{:?}", letter.headers, letter.text, letter.html);
            assert_eq!(wanted.find(all.as_bytes()), Vec::<String>::new(), "{}", letter.subject());
        }
    }
}
