//! Text that means harm, in every field that takes text: what others' browsers and mail programs get of it.

mod letters;

use std::collections::BTreeSet;

use harness::{
    app::TestApp,
    client::{ApiClient, Reply},
    factory,
    hostile::packed,
    html::elements,
    journeys::{self, Company, Member, Opening, text},
    on_both,
};
use reqwest::Method;
use serde_json::json;

const JANE: &str = "jane@clinic.example";

/// What pages are made of.
const ELEMENTS: &str = "a abbr article aside b body br button caption datalist dd del details div dl dt em fieldset footer form \
    h1 h2 h3 h4 h5 head header html i input ins label legend li link main mark meta nav ol optgroup option p path pre \
    rect script section select small span strong summary svg table tbody td textarea th thead time title tr ul use";
/// And no attribute of theirs runs anything.
const ATTRIBUTES: &str = "accept-charset action aria-current aria-describedby aria-hidden aria-invalid aria-label \
    aria-labelledby aria-live autocomplete charset checked class content data-guard data-shared data-th datetime defer d fill \
    for formaction height href hreflang id inputmode label lang list max maxlength media method min name open \
    placeholder popover popovertarget popovertargetaction preserveaspectratio rel required role rows rx scope selected shape-rendering size spellcheck src start \
    tabindex target type value viewbox width x y color sizes step cols hidden novalidate aria-required title";

/// What is wrong with an answer to a browser.
fn faults(reply: &Reply) -> Vec<String> {
    assert!(reply.header("content-type").starts_with("text/html"), "{}", reply.header("content-type"));
    let mut faults = Vec::new();
    let policy = reply.header("content-security-policy");
    if !policy.starts_with("default-src 'none'") || policy.contains("unsafe") || policy.contains('*') {
        faults.push(format!("policy {policy:?}"));
    }
    let (names, attributes): (BTreeSet<&str>, BTreeSet<&str>) =
        (ELEMENTS.split_whitespace().collect(), ATTRIBUTES.split_whitespace().collect());
    for element in elements(&reply.text()) {
        if !names.contains(element.name.as_str()) {
            faults.push(format!("element {}", element.name));
        }
        let ours = element.attributes.iter().any(|(name, value)| name == "src" && value.starts_with("/static/"));
        if element.name == "script" && !ours {
            faults.push("a script that is not the page's".to_owned());
        }
        for (name, value) in &element.attributes {
            let leads = ["href", "src", "action", "formaction"].contains(&name.as_str());
            let known =
                ["/", "#", "https://", "http://", "mailto:", "tel:"].iter().any(|start| value.starts_with(start));
            if !attributes.contains(name.as_str()) || leads && !known {
                faults.push(format!("{} {name}={value:?}", element.name));
            }
        }
    }
    faults
}

/// Opens pages as one person and gives what is wrong with them.
async fn open(who: &ApiClient, name: &str, paths: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        let reply = who.send(Method::GET, path, None).await;
        assert!([200, 410].contains(&reply.status), "{path} as {name}: {}", reply.status);
        found.extend(faults(&reply).into_iter().map(|fault| format!("{path} as {name}: {fault}")));
    }
    found
}

fn paths(all: &[&str]) -> Vec<String> {
    all.iter().map(|path| (*path).to_owned()).collect()
}

async fn approved(app: &TestApp, id: &str) -> Opening {
    let body = json!({ "accept_spotted": true, "reason": packed(900, " ")[0] });
    app.admin().await.post(&format!("/admin/openings/{id}/approve"), &body).await.ok();
    app.settle().await;
    Opening { id: id.to_owned(), revision: 1 }
}

/// Openings whose every text is harm, approved all the same.
async fn openings(app: &TestApp, company: &Company, member: &Member) -> Vec<String> {
    let mut found = Vec::new();
    let whole = packed(6_000, "\n\n");
    assert_eq!(whole.len(), 1, "all of them fit into one description");
    for title in packed(120, " ") {
        app.forget_counts().await;
        let draft = factory::bakersfield_opening();
        let draft = draft.set("/title", title.as_str()).set("/volume", title.as_str());
        let id = journeys::submitted_opening(company, &draft.set("/description", whole[0].as_str())).await;
        app.settle().await;
        let admin = app.admin().await;
        found.extend(open(&admin, "admin", &paths(&["/admin/queue", &format!("/admin/openings/{id}")])).await);
        approved(app, &id).await;
        let page = format!("/openings/{id}");
        let shown = app.visitor().send(Method::GET, &page, None).await.text();
        assert!(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "it is shown as it was typed");
        found.extend(open(&app.visitor(), "visitor", std::slice::from_ref(&page)).await);
        let at = [page.clone(), format!("/consent/{id}"), format!("/disputes/new?opening={id}")];
        found.extend(open(&member.api, "member", &at).await);
        let own = [format!("/company/openings/{id}"), format!("/company/openings/{id}/edit"), page];
        found.extend(open(&company.api, "company", &own).await);
    }
    let lists = ["/", "/openings", "/openings?q=script", "/companies/kern-evaluations"];
    found.extend(open(&app.visitor(), "visitor", &paths(&lists)).await);
    found.extend(open(&member.api, "member", &paths(&["/matches", "/openings?q=alert"])).await);
    found.extend(open(&company.api, "company", &paths(&["/company"])).await);
    found.extend(open(&app.admin().await, "admin", &paths(&["/admin", "/admin/matches"])).await);
    found
}

/// Companies whose name and words about themselves are harm.
async fn companies(app: &TestApp, member: &Member) -> Vec<String> {
    let mut found = Vec::new();
    let abouts = packed(2_000, "\n\n");
    for (n, name) in packed(100, " ").into_iter().enumerate() {
        let email = format!("owner{n}@harm.example");
        let body = factory::company(&name, &email).set("/about", abouts[n % abouts.len()].as_str());
        app.visitor().post("/companies", &body.json()).await.ok();
        app.settle().await;
        let admin = app.admin().await;
        let id = journeys::waiting(&admin, "company").await;
        found.extend(open(&admin, "admin", &paths(&["/admin/queue", &format!("/admin/companies/{id}")])).await);
        let accepted = json!({ "accept_spotted": true, "reason": "For the test." });
        admin.post(&format!("/admin/companies/{id}/approve"), &accepted).await.ok();
        let owner = app.visitor().sign_in(&app.operator_link(&email).await).await;
        let slug = text(&owner.get("/company").await.ok()["slug"]);
        found.extend(open(&owner, "owner", &paths(&["/company", "/company/contacts"])).await);
        let page = format!("/companies/{slug}");
        found.extend(open(&app.visitor(), "visitor", std::slice::from_ref(&page)).await);
        let at = [page, format!("/disputes/new?company={slug}")];
        found.extend(open(&member.api, "member", &at).await);
        member.api.post("/me/blocks", &json!({ "company": slug })).await.with_status(204);
    }
    found.extend(open(&member.api, "member", &paths(&["/account"])).await);
    found.extend(open(&app.admin().await, "admin", &paths(&["/admin/companies"])).await);
    found
}

/// What a member writes: profile, alerts, name, and reports with everything that follows from them.
async fn members(app: &TestApp, company: &Company, member: &Member) -> Vec<String> {
    let mut found = Vec::new();
    let admin = app.admin().await;
    for note in packed(2_000, "\n\n") {
        let profile = factory::california_qme().set("/provider_note", note);
        member.api.put("/me/profile", &profile.json()).await.ok();
        found.extend(open(&member.api, "member", &paths(&["/profile", "/profile/edit"])).await);
        found.extend(open(&admin, "admin", &[format!("/admin/members/{}", member.id)]).await);
    }
    for name in packed(80, " ").into_iter().take(18) {
        member.api.post("/me/alerts", &json!({ "name": name })).await.ok();
    }
    found.extend(open(&member.api, "member", &paths(&["/alerts"])).await);
    let opening = journeys::live_opening(app, company, &factory::bakersfield_opening()).await;
    let mut names = 0;
    for name in packed(100, " ").iter().map(|name| name.replace(['<', '>'], "")) {
        let contact = factory::contact(&format!("Jane {name}"), JANE).json();
        let saved = member.api.put("/me/contact", &contact).await;
        if saved.status != 200 {
            assert_eq!(saved.wrong_fields(), ["name"]);
            continue;
        }
        names += 1;
        let id = journeys::introduce(app, member, &opening, &["name"]).await;
        let seen = [format!("/company/contacts/{id}"), "/company/contacts".to_owned()];
        found.extend(open(&company.api, "company", &seen).await);
        found.extend(open(&member.api, "member", &paths(&["/permissions", "/permissions/as-companies-see-me"])).await);
        member.api.act(&format!("/me/introductions/{id}/revoke")).await.ok();
    }
    assert!(names > 10, "{names}");
    found.extend(reports(app, company, member, &opening).await);
    found
}

async fn reports(app: &TestApp, company: &Company, member: &Member, opening: &Opening) -> Vec<String> {
    let mut found = Vec::new();
    let admin = app.admin().await;
    for words in packed(900, "\n\n") {
        let id = journeys::introduce(app, member, opening, &["email"]).await;
        let report = json!({ "introduction_id": id, "kind": "conduct", "text": words });
        let dispute = text(&member.api.post("/me/disputes", &report).await.ok()["id"]);
        let answer = json!({ "text": words });
        company.api.post(&format!("/company/disputes/{dispute}/answer"), &answer).await.ok();
        found.extend(open(&admin, "admin", &[format!("/admin/disputes/{dispute}")]).await);
        let refused = admin.post(&format!("/admin/disputes/{dispute}/end"), &json!({ "words": words })).await;
        let plain = if refused.status == 200 { None } else { Some(refused.wrong_fields()) };
        if plain.is_some() {
            let heard = json!({ "words": "Both sides were heard. <script>alert(1)</script>" });
            admin.post(&format!("/admin/disputes/{dispute}/end"), &heard).await.ok();
        }
        found.extend(open(&admin, "admin", &[format!("/admin/disputes/{dispute}")]).await);
        found.extend(open(&member.api, "member", &[format!("/disputes/{dispute}"), "/disputes".to_owned()]).await);
        let at = [format!("/company/disputes/{dispute}"), "/company/disputes".to_owned()];
        found.extend(open(&company.api, "company", &at).await);
    }
    found
}

on_both! {
    /// T27: every page that shows what somebody wrote is made of the page's own elements and nothing else, whoever reads.
    async fn t27_what_is_typed_never_runs(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let mut found = openings(&app, &company, &member).await;
        found.extend(companies(&app, &member).await);
        found.extend(members(&app, &company, &member).await);
        found.sort();
        found.dedup();
        assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
    }
}

on_both! {
    /// T27: the policy stands on every answer to a browser, errors included.
    async fn t27_the_policy_stands_on_every_page(database) {
        let app = TestApp::start(database).await;
        let visitor = app.visitor();
        let paths = ["/", "/openings", "/join", "/sign-in", "/nowhere", "/openings/x", "/matches", "/sign-in/x", "/mail/stop/x"];
        for path in paths {
            let reply = visitor.send(Method::GET, path, None).await;
            let policy = reply.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        }
    }
}
