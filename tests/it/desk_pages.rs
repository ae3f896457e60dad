//! The working day of a company and of an admin, over the pages alone.

use domain::matching::ReviewPolicy;
use harness::{
    app::{ADMIN, TestApp},
    factory,
    html::{Form, forms},
    journeys, on_both,
    page_client::{Page, PageClient},
};

const OFFICE: &str = "olive@kern.example";
const NAME: &str = "Jane Rivera";
const EMAIL: &str = "jane@clinic.example";

on_both! {
    /// Registers, posts, is reviewed, is told of a yes, moves it on.
    async fn an_opening_goes_through_both_desks(database) {
        let app = TestApp::builder(database).review(ReviewPolicy::All).start().await;
        let mut admin = app.browser();
        admin.sign_in(&app.operator_link(ADMIN).await).await.reply.with_status(200);
        admin.get("/admin").await.reply.with_status(200);
        code_lets_a_physician_join(&app, &mut admin).await;
        let member = app.sign_in(EMAIL).await;
        let member = journeys::Member { email: EMAIL.to_owned(), id: String::new(), api: member };
        journeys::fill_in(&member, NAME, &factory::california_qme()).await;
        let wish = serde_json::json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false });
        journeys::permit(&member, wish).await;

        app.visitor().post("/companies", &factory::company("Kern Evaluations", OFFICE).json()).await.ok();
        app.settle().await;
        let mut office = app.browser();
        office.sign_in(&app.mailed_link(OFFICE).await).await.reply.with_status(200);
        let home = office.get("/company").await;
        assert!(home.text().contains("Waiting for approval"), "{}", home.text());
        let id = drafts(&mut office).await;

        let queue = admin.get("/admin/queue?kind=company").await;
        assert!(queue.text().contains("Kern Evaluations"), "{}", queue.text());
        let company = follow(&mut admin, &queue, "/admin/companies/").await;
        let said = press(&mut admin, &company, "/approve").await;
        assert!(said.text().contains("Approved"), "{}", said.text());
        app.settle().await;
        returned_and_approved(&app, &mut admin, &mut office, &id).await;

        let held = admin.get("/admin/matches").await;
        assert!(held.text().contains("Bakersfield") && held.text().contains("points"), "{}", held.text());
        let after = press(&mut admin, &held, "/release-all").await;
        assert!(after.text().contains("Matches released: 1."), "{}", after.text());
        app.settle().await;

        let live = app.visitor().get(&format!("/openings/{id}")).await.ok();
        let opening = journeys::Opening { id: id.clone(), revision: live["revision"].as_i64().unwrap() };
        let yes = journeys::introduce(&app, &member, &opening, &["name", "phone", "cv"]).await;
        contact_is_seen_and_recorded(&mut office, &yes).await;
        let ledger = member.api.get("/me/ledger").await.items();
        assert_eq!(ledger.iter().filter(|e| e["kind"] == "view").count(), 1, "{ledger:?}");
        edits_end_it(&app, &mut office, &mut admin, &id, &yes).await;
        stops(&app, &mut admin).await;
        // The suspension ended the session; whoever signs in again is told that the company may not.
        office.get("/company/contacts").await.reply.with_status(303);
        office.sign_in(&app.mailed_link(OFFICE).await).await;
        office.get("/company/contacts").await.reply.with_status(403);
    }
}

on_both! {
    /// Roles and strangers get nothing.
    async fn desks_are_closed_to_others(database) {
        let app = TestApp::start(database).await;
        let a = journeys::company(&app, "Kern Evaluations", OFFICE).await;
        let b = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let id = journeys::submitted_opening(&a, &factory::bakersfield_opening()).await;
        let mut other = app.browser();
        other.sign_in(&app.mailed_link(&b.email).await).await.reply.with_status(200);
        for path in ["", "/edit"] {
            other.get(&format!("/company/openings/{id}{path}")).await.reply.with_status(404);
        }
        for act in ["submit", "close", "confirm-open", "clone", "edit"] {
            let form = Form { action: format!("/company/openings/{id}/{act}"), method: "post".to_owned(), ..Form::default() };
            other.send(&form).await.reply.with_status(404);
        }
        for path in ["/admin", "/admin/queue", "/admin/mail", "/admin/members", "/admin/companies", "/admin/matches"] {
            other.get(path).await.reply.with_status(403);
            let mut visitor = app.browser();
            visitor.get(path).await.reply.with_status(303);
        }
        other.get("/dev/mailbox").await.reply.with_status(404);
        other.get("/company/contacts/nonsense").await.reply.with_status(404);
        other.get("/company/contacts/3f2c1a64-9d1f-4e57-8c6d-5b0a7e9f1c22").await.reply.with_status(404);
        let mut admin = app.browser();
        admin.sign_in(&app.operator_link(ADMIN).await).await.reply.with_status(200);
        for path in ["/admin/openings/3f2c1a64-9d1f-4e57-8c6d-5b0a7e9f1c22", "/admin/members/x", "/admin/companies/x"] {
            admin.get(path).await.reply.with_status(404);
        }
        for path in ["/admin", "/admin/queue?kind=match", "/admin/mail", "/admin/mail?state=accepted", "/admin/members?status=active&q=zz", "/admin/companies?q=kern&status=approved"] {
            let page = admin.get(path).await;
            page.reply.clone().with_status(200);
            for secret in [OFFICE, "otto@other.example", "Olive Owner"] {
                assert!(!page.html.contains(secret), "{path} tells {secret}");
            }
        }
    }
}

async fn code_lets_a_physician_join(app: &TestApp, admin: &mut PageClient) {
    let members = admin.get("/admin/members").await;
    let made = admin.send(&members.form("/admin/invitations")).await;
    made.reply.clone().with_status(200);
    let code = made.html.split("<code>").nth(1).and_then(|t| t.split("</code>").next()).unwrap().to_owned();
    assert_eq!(code.chars().filter(char::is_ascii_alphanumeric).count(), 20, "{code}");
    assert!(!admin.get("/admin/members").await.html.contains(&code));
    let body = serde_json::json!({ "name": NAME, "email": EMAIL, "invite_code": code });
    app.visitor().post("/join", &body).await.ok();
    app.settle().await;
    let queue = admin.get("/admin/queue?kind=member").await;
    assert!(queue.text().contains("Invited"));
    let member = follow(admin, &queue, "/admin/members/").await;
    let path = member.form_ending("/suspend").action;
    let empty = admin.send(&member.form(&path)).await;
    empty.reply.clone().with_status(422);
    assert!(empty.text().contains("Say why"));
    press(admin, &member, "/approve").await;
    app.settle().await;
}

async fn drafts(office: &mut PageClient) -> String {
    let blank = office.get("/company/openings/new").await;
    let form = blank.form("/company/openings/new").set("title", "QME in Bakersfield").set("pay_min", "lots");
    let wrong = office.send(&form).await;
    wrong.reply.clone().with_status(422);
    for fault in
        ["Choose the kind of work.", "Choose a specialty", "Give an amount in dollars", "Choose the day it closes."]
    {
        assert!(wrong.text().contains(fault), "{fault}: {}", wrong.text());
    }
    let form = wrong.form("/company/openings/new");
    assert!(form.fields.contains(&("title".to_owned(), "QME in Bakersfield".to_owned())));
    let form = form
        .set("kind", "qme")
        .set("description", "Examine.\r\n\r\nWrite.")
        .set("specialty_2", "orthopaedic-surgery")
        .set("market_1", "bakersfield")
        .set("pay_basis", "per_case")
        .set("pay_min", "1,500")
        .set("pay_max", "$2015.50")
        .set("closes_on", "2026-06-30")
        .set("remote", "1")
        .set("comp_related", "1");
    let page = office.send_and_follow(&form).await;
    assert!(page.text().contains("Saved as a draft") && page.text().contains("$1,500–2,015.50"), "{}", page.text());
    let id = page.form_ending("/submit").action.split('/').nth(3).unwrap().to_owned();
    let edit = office.get(&format!("/company/openings/{id}/edit")).await;
    assert!(edit.text().contains("8 CCR 46.3"), "{}", edit.text());
    let form = edit.form(&format!("/company/openings/{id}/edit"));
    assert!(form.fields.contains(&("pay_max".to_owned(), "2015.50".to_owned())), "{:?}", form.fields);
    let sent = press(office, &page, "/submit").await;
    assert!(sent.text().contains("Sent for review"), "{}", sent.text());
    id
}

async fn returned_and_approved(app: &TestApp, admin: &mut PageClient, office: &mut PageClient, id: &str) {
    let path = format!("/admin/openings/{id}");
    let page = admin.get(&path).await;
    for line in ["Remote QME evaluation", "It was never approved before", "Kern Evaluations"] {
        assert!(page.text().contains(line), "{line}: {}", page.text());
    }
    let bare = admin.send(&page.form(&format!("{path}/return"))).await;
    bare.reply.clone().with_status(422);
    let reason = bare.form(&format!("{path}/return")).set("reason", "Say how remote works.");
    admin.send_and_follow(&reason).await;
    app.settle().await;
    let home = office.get("/company").await;
    assert!(home.text().contains("Say how remote works."), "{}", home.text());
    let edit = format!("/company/openings/{id}/edit");
    let form = office.get(&edit).await.form(&edit);
    let form = Form { fields: form.fields.into_iter().filter(|(n, _)| n != "remote").collect(), ..form };
    let page = office.send_and_follow(&form).await;
    press(office, &page, "/submit").await;
    let page = admin.get(&path).await;
    press(admin, &page, "/approve").await;
    app.settle().await;
    let page = office.get(&format!("/company/openings/{id}")).await;
    for line in ["Live", "Approved", "Returned for changes: Say how remote works.", "Not shown yet"] {
        assert!(page.text().contains(line), "{line}: {}", page.text());
    }
}

async fn contact_is_seen_and_recorded(office: &mut PageClient, yes: &str) {
    let home = office.get("/company").await;
    assert!(home.text().contains("A physician shared a contact"), "{}", home.text());
    let list = office.get("/company/contacts").await;
    assert!(!list.text().contains(NAME) && list.text().contains("New"), "{}", list.text());
    let page = office.get(&format!("/company/contacts/{yes}")).await;
    page.reply.clone().with_status(200);
    assert_eq!(page.reply.header("cache-control"), "no-store");
    assert!(
        page.html.contains("tel:+16615550143")
            && page.html.contains("https://cv.example/jane")
            && page.text().contains(NAME)
    );
    assert!(!page.html.contains(EMAIL));
    assert!(!office.get("/company").await.text().contains("A physician shared a contact"));
    let form = page.form(&format!("/company/contacts/{yes}/stage")).set("stage", "call");
    let list = office.send_and_follow(&form).await;
    assert!(list.text().contains("Spoke"), "{}", list.text());
}

async fn edits_end_it(app: &TestApp, office: &mut PageClient, admin: &mut PageClient, id: &str, yes: &str) {
    let edit = format!("/company/openings/{id}/edit");
    let page = office.get(&edit).await;
    assert!(page.text().contains("This opening is live."));
    let after = office.send_and_follow(&page.form(&edit).set("pay_max", "2100")).await;
    assert!(after.text().contains("every yes given to the old terms has ended"), "{}", after.text());
    app.settle().await;
    let over = office.get(&format!("/company/contacts/{yes}")).await;
    over.reply.clone().with_status(410);
    assert_eq!(over.reply.header("cache-control"), "no-store");
    assert!(over.text().contains("The opening was changed") && !over.text().contains(NAME), "{}", over.text());
    let page = admin.get(&format!("/admin/openings/{id}")).await;
    assert!(page.text().contains("Pay $1,500–2,015.50 per case $1,500–2,100 per case"), "{}", page.text());
    let copy = office.get(&format!("/company/openings/{id}")).await;
    let copy = press(office, &copy, "/clone").await;
    assert!(copy.text().contains("Copied."), "{}", copy.text());
    let page = office.get(&format!("/company/openings/{id}")).await;
    let closed = press(office, &page, "/close").await;
    assert!(closed.text().contains("Closed"), "{}", closed.text());
    office.get(&edit).await.reply.with_status(409);
}

async fn stops(app: &TestApp, admin: &mut PageClient) {
    let list = admin.get("/admin/companies").await;
    let page = follow(admin, &list, "/admin/companies/").await;
    let form = page.form_ending("/suspend");
    admin.send(&form).await.reply.with_status(422);
    let done = admin.send_and_follow(&form.set("reason", "Asked for contact in the text.")).await;
    assert!(done.text().contains("Suspended") && done.text().contains("Asked for contact"), "{}", done.text());
    app.settle().await;
}

async fn follow(browser: &mut PageClient, page: &Page, start: &str) -> Page {
    let href = page
        .html
        .split("href=\"")
        .skip(1)
        .filter_map(|t| t.split('"').next())
        .find(|h| h.starts_with(start) && h.len() > start.len());
    browser.get(href.unwrap_or_else(|| panic!("no link to {start}"))).await
}

async fn press(browser: &mut PageClient, page: &Page, end: &str) -> Page {
    let form = page.form_ending(end);
    browser.send_and_follow(&form).await
}

trait Ending {
    fn form_ending(&self, end: &str) -> Form;
}

impl Ending for Page {
    fn form_ending(&self, end: &str) -> Form {
        let all = forms(&self.html);
        let found = all.iter().find(|f| f.action.ends_with(end)).cloned();
        found.unwrap_or_else(|| panic!("no form to {end} in {:?}", all.iter().map(|f| &f.action).collect::<Vec<_>>()))
    }
}

on_both! {
    /// Caught mail is read, and its link followed.
    async fn a_demonstration_shows_its_mail(database) {
        let caught = std::env::temp_dir().join(format!("caught-{}", std::process::id())).join(format!("{:p}", &database));
        let dir = caught.clone();
        let app = TestApp::builder(database).config(move |c| { c.demo = true; c.smtp_url = Some(format!("folder:{}", dir.display())); }).start().await;
        app.visitor().post("/join", &serde_json::json!({ "name": NAME, "email": EMAIL, "npi": factory::npi_of(EMAIL) })).await.ok();
        app.settle().await;
        let mut browser = app.browser();
        let list = browser.get("/dev/mailbox").await;
        list.reply.clone().with_status(200);
        assert!(list.text().contains(EMAIL), "{}", list.text());
        let mail = follow(&mut browser, &list, "/dev/mailbox/").await;
        let link = mail.html.split("href=\"").skip(1).filter_map(|t| t.split('"').next()).find(|h| h.contains("/sign-in/")).unwrap().to_owned();
        browser.sign_in(&link).await.reply.with_status(200);
        for bad in ["nothing.eml", "..%2F..%2Frosterline.db", "%2Fetc%2Fpasswd"] {
            browser.get(&format!("/dev/mailbox/{bad}")).await.reply.with_status(404);
        }
        drop(app);
        let _ = std::fs::remove_dir_all(caught);
    }
}
