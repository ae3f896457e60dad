//! T27 in the browser itself: pages that hold everything harmful that can be typed.

use harness::{
    app::{ADMIN, TestApp},
    database::Database,
    factory,
    hostile::packed,
    journeys,
};
use serde_json::json;
use thirtyfour::prelude::*;

use super::{DESK, open, sign_in, started};

/// Runs before anything of a page does, whatever the page's policy: notes dialogs, errors and what the policy stopped.
const WATCH: &str = "
    window.found = [];
    const note = (what) => window.found.push(String(what));
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = (text) => note(name + ': ' + text);
    const log = console.error;
    console.error = (...all) => { note('console: ' + all.join(' ')); log(...all); };
    document.addEventListener('securitypolicyviolation',
        (event) => note('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
    window.addEventListener('error', (event) => note('error: ' + (event.message || event.target.outerHTML)), true);";

async fn watch(page: &WebDriver) -> WebDriverResult<()> {
    let source = json!({ "source": WATCH });
    page.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", source).await.map(drop)
}

/// What was noted on the page that is open, after every element was touched as a mouse and a keyboard would.
async fn noted(page: &WebDriver) -> WebDriverResult<Vec<String>> {
    let touch = "
        for (const one of document.querySelectorAll('main *'))
            for (const kind of ['mouseover', 'mouseenter', 'focus', 'blur', 'toggle'])
                one.dispatchEvent(new Event(kind, {bubbles: true}));
        return window.found;";
    page.execute(touch, Vec::new()).await?.convert()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t27_a_page_full_of_harm_does_nothing() {
    let Some(browser) = started() else { return };
    let app = TestApp::start(Database::Sqlite).await;
    let profile = factory::california_qme();
    let member = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &profile).await;
    let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
    let title = packed(120, " ");
    let draft = factory::bakersfield_opening().set("/title", title[0].as_str()).set("/volume", title[1].as_str());
    let id = journeys::submitted_opening(&company, &draft.set("/description", packed(6_000, "\n\n")[0].as_str())).await;
    app.settle().await;
    let accepted = json!({ "accept_spotted": true, "reason": "For the test." });
    app.admin().await.post(&format!("/admin/openings/{id}/approve"), &accepted).await.ok();
    app.settle().await;
    let (page_of, consent, edit) =
        (format!("/openings/{id}"), format!("/consent/{id}"), format!("/company/openings/{id}/edit"));
    let (review, own) = (format!("/admin/openings/{id}"), format!("/company/openings/{id}"));
    let visits: [(Option<&str>, Vec<&str>); 4] = [
        (None, vec![&page_of, "/openings?q=script"]),
        (Some(&member.email), vec![&page_of, "/matches", &consent]),
        (Some(&company.email), vec![&own, &edit]),
        (Some(ADMIN), vec![&review, "/admin/queue"]),
    ];
    let mut faults = Vec::new();
    for (who, paths) in visits {
        let link = match who {
            Some(email) => Some(app.operator_link(email).await),
            None => None,
        };
        let found = browser.with_page(DESK, async |page| {
            watch(page).await?;
            if let Some(link) = &link {
                sign_in(page, &app, link).await?;
            }
            let mut found = Vec::new();
            for path in &paths {
                open(page, &app, path).await?;
                found.extend(noted(page).await?.into_iter().map(|note| format!("{path}: {note}")));
            }
            Ok(found)
        });
        faults.extend(found.await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The watch itself sees what it is there to see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_sees_dialogs_errors_and_violations() {
    let Some(browser) = started() else { return };
    let harm = "data:text/html,<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">\
                <main><p onmouseover=alert(1)>x</p></main><img src=http://127.0.0.1/x><script>nosuch()</script>";
    let found = browser.with_page(DESK, async |page| {
        watch(page).await?;
        page.goto(harm).await?;
        noted(page).await
    });
    let found = found.await.join("\n");
    for seen in ["alert: 1", "policy: img-src", "nosuch is not defined"] {
        assert!(found.contains(seen), "no {seen} in\n{found}");
    }
}
