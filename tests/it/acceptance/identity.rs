//! T11: one physician is one member, and a changed address is told to the old one.

use chrono::Duration;
use domain::contact::EmailAddress;
use harness::{
    app::TestApp,
    client::{ApiClient, Reply, token_of},
    factory,
    journeys::{self, Company, Member, Opening},
    on_both,
};
use reqwest::Method;
use serde_json::{Value, json};
use store::contacts;

const JANE: &str = "jane.rivera@gmail.com";

async fn join(app: &TestApp, body: &Value) -> Reply {
    let reply = app.visitor().post("/join", body).await;
    app.settle().await;
    reply
}

async fn waiting(app: &TestApp) -> usize {
    let queue = app.admin().await.get("/admin/queue").await.items();
    queue.iter().filter(|item| item["kind"] == "member").count()
}

on_both! {
    /// T11: the same NPI, and the same mailbox however it is spelled, make no second member; nobody is told whose it is,
    /// and the one mail that follows goes to the address on file.
    async fn t11_the_same_number_or_mailbox_makes_no_second_member(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::join(&app, "Jane Rivera", JANE).await;
        let invite = async || journeys::text(&app.admin().await.act("/admin/invitations").await.ok()["code"]);
        let honest = json!({ "name": "Bob Stone", "email": "bob@practice.example", "npi": factory::npi(41) });
        let welcome = join(&app, &honest).await.with_status(202).text();
        assert_eq!(waiting(&app).await, 1, "Bob alone");
        let npi = factory::npi_of(JANE);
        for (name, email) in [("Jane Rivera", "jane.two@practice.example"), ("Other Name", "third@practice.example")] {
            let reply = join(&app, &json!({ "name": name, "email": email, "npi": npi })).await.with_status(202);
            assert_eq!(reply.text(), welcome);
            assert!(app.mail.mails_to(email).is_empty(), "an address that is not on file gets no mail");
        }
        for (n, email) in (0..).zip([
            "JANE.RIVERA@GMAIL.COM", "Jane.Rivera@gmail.com", " jane.rivera@gmail.com ", "janerivera@gmail.com",
            "j.a.n.e.rivera@googlemail.com", "jane.rivera+work@gmail.com", "janerivera+a+b@googlemail.com",
        ]) {
            // Only so many links go to one mailbox in a while.
            app.advance(Duration::minutes(16)).await;
            let before = app.mail.mails().len();
            let number = json!({ "name": "Jane Rivera", "email": email, "npi": factory::npi(500 + n) });
            assert_eq!(join(&app, &number).await.with_status(202).text(), welcome, "{email}");
            let code = json!({ "name": "Jane Rivera", "email": email, "invite_code": invite().await });
            assert_eq!(join(&app, &code).await.with_status(202).text(), welcome, "{email}");
            app.visitor().post("/companies", &factory::company("Rivera Panels", email).json()).await.with_status(202);
            app.visitor().post("/sign-in", &json!({ "email": email })).await.with_status(202);
            app.settle().await;
            let mails = app.mail.mails();
            let new: Vec<_> = mails[before..].iter().map(|mail| mail.to[0].as_str()).collect();
            assert_eq!(new, [JANE; 4], "{email}: whoever has the mailbox learns of it, at the address on file");
        }
        for email in [
            "jаne.rivera@gmail.com", // a Cyrillic а
            "jane.rivera@gmaıl.com", "ｊane.rivera@gmail.com", "jane.rivera@ｇmail.com", "jane\u{200b}.rivera@gmail.com",
            "jane.rivera@gmail.com\u{0}", "\"jane.rivera\"@gmail.com", "jane.rivera@gmail.com.", "jane..rivera@gmail.com",
        ] {
            let body = json!({ "name": "Jane Rivera", "email": email, "npi": factory::npi(77) });
            assert_eq!(join(&app, &body).await.wrong_fields(), ["email"], "{email:?}");
        }
        assert_eq!(waiting(&app).await, 1, "still Bob alone");
        let queue = app.admin().await.get("/admin/queue").await.items();
        assert!(queue.iter().all(|item| item["kind"] != "company"), "{queue:?}");
        // Nor later, by changing one's own number.
        let admin = app.admin().await;
        admin.act(&format!("/admin/members/{}/approve", journeys::waiting(&admin, "member").await)).await.ok();
        app.settle().await;
        let bob = app.sign_in("bob@practice.example").await;
        let taken = factory::contact("Bob Stone", "bob@practice.example").set("/npi", npi.as_str());
        let refused = bob.put("/me/contact", &taken.json()).await;
        assert!(!refused.text().contains("Rivera") && !refused.text().contains(&jane.id), "{}", refused.text());
        assert_eq!(refused.wrong_fields(), ["npi"]);
    }
}

const OLD: &str = "jane@clinic.example";
const NEW: &str = "jane.rivera@home.example";
/// How long the background work may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Names another address; what the answer says of it.
async fn change(api: &ApiClient, email: &str) -> Reply {
    api.put("/me/contact", &factory::contact("Jane Rivera", email).set("/npi", factory::npi_of(OLD)).json()).await
}

/// The link of the newest mail that asks this address.
fn link(app: &TestApp, email: &str) -> Option<String> {
    let mails = app.mail.mails_to(email);
    let mut links =
        mails.iter().flat_map(|mail| mail.letter().links()).filter(|link| link.contains("/mail/new-address/"));
    links.next_back()
}

async fn press(app: &TestApp, link: &str) -> u16 {
    app.visitor().send(Method::POST, link, None).await.status
}

/// The addresses that are kept of somebody, sealed.
async fn kept(app: &TestApp, email: &str) -> Vec<String> {
    let email = EmailAddress::parse(email).expect("an address");
    let read = app.running().app().read(move |conn, app| {
        let account = contacts::account_of(conn, &app.vault, &email)?.expect("an account");
        let all = contacts::canaries(conn, &app.vault, "", 1000)?;
        let own = all.into_iter().find(|of| of.account == account).expect("a contact");
        Ok(own.values.iter().map(|value| value.to_string()).filter(|value| value.contains('@')).collect())
    });
    read.await.expect("an answer")
}

/// Waits until the background work has forgotten every other address.
async fn will_be_kept(app: &TestApp, email: &str, addresses: &[&str]) {
    let waiting = async {
        loop {
            let pass = app.running().app().pulse.next_pass();
            app.running().app().pulse.wake();
            if kept(app, email).await == addresses {
                return;
            }
            pass.await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("what is not needed any more is forgotten");
}

/// Jane, and her yes to an opening.
async fn agreed(app: &TestApp) -> (Member, Company, Opening, String) {
    let jane = journeys::alerted_member(app, "Jane Rivera", OLD, &factory::california_qme()).await;
    let company = journeys::company(app, "Kern Evaluations", "olive@kern.example").await;
    let opening = journeys::live_opening(app, &company, &factory::bakersfield_opening()).await;
    let yes = journeys::introduce(app, &jane, &opening, &["name", "email"]).await;
    (jane, company, opening, yes)
}

on_both! {
    /// T11: a licence is one physician's, however its number is spelled, and the refusal does not say whose. Its owner may
    /// save it again, and it is free when its owner gives it up.
    async fn t11_the_same_licence_makes_no_second_member(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let bob = journeys::alerted_member(&app, "Bob Stone", "bob@practice.example", &factory::california_qme()).await;
        let with = |email: &str, name: &str, licences: &[&str]| factory::contact(name, email).set("/licences", json!(licences)).json();
        for _ in 0..2 {
            let saved = jane.api.put("/me/contact", &with(JANE, "Jane Rivera", &["CA A-12345", "tx m1234", "CA A12345"])).await.ok();
            assert_eq!(saved["licences"], json!(["CA A12345", "TX M1234"]));
        }
        for number in ["CA A12345", "ca: a 123-45", "CA A.12345"] {
            let reply = bob.api.put("/me/contact", &with("bob@practice.example", "Bob Stone", &[number])).await;
            let said = reply.text();
            assert_eq!(reply.wrong_fields(), ["licences"], "{number}");
            assert!(!said.contains("Jane") && !said.contains("12345"), "{said}");
        }
        let wrong = bob.api.put("/me/contact", &with("bob@practice.example", "Bob Stone", &["12345"])).await;
        assert_eq!(wrong.wrong_fields(), ["licences"]);
        bob.api.put("/me/contact", &with("bob@practice.example", "Bob Stone", &["TX A12345"])).await.ok();
        jane.api.put("/me/contact", &with(JANE, "Jane Rivera", &[])).await.ok();
        bob.api.put("/me/contact", &with("bob@practice.example", "Bob Stone", &["CA A12345"])).await.ok();
    }
}

on_both! {
    /// T11: a new address counts once it has said that it is theirs. Then the old one is told, every session and every
    /// yes is over, and nothing can be shared for 72 hours.
    async fn t11_a_changed_address_is_told_to_the_old_one_and_holds_back_every_yes(database) {
        let app = TestApp::start(database).await;
        let (jane, company, opening, yes) = agreed(&app).await;
        let asked = change(&jane.api, NEW).await.ok();
        assert_eq!((&asked["email"], &asked["email_waiting"]), (&json!(OLD), &json!(NEW)));
        app.settle().await;
        let mail = link(&app, NEW).expect("a mail to the new address");
        // Nothing has changed so far; saving the rest again sends nothing more.
        company.api.get(&format!("/company/introductions/{yes}")).await.ok();
        change(&jane.api, NEW).await.ok();
        app.settle().await;
        assert_eq!(app.mail.mails_to(NEW).len(), 1);
        app.sign_in(OLD).await.get("/me/contact").await.ok();
        app.visitor().post("/sign-in", &json!({ "email": NEW })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(NEW).len(), 1, "nobody signs in with an address that is not confirmed");

        let told = app.mail.mails_to(OLD).len();
        let page = app.browser().get(&mail).await;
        page.reply.clone().with_status(200);
        assert_eq!(press(&app, &mail).await, 200);
        app.settle().await;
        let notices: Vec<_> = app.mail.mails_to(OLD).split_off(told);
        let [notice] = notices.as_slice() else { panic!("{} mails to the old address", notices.len()) };
        assert!(notice.letter().subject().contains("was changed"), "{}", notice.letter().subject());
        assert!(!String::from_utf8_lossy(&notice.raw).contains(NEW), "the notice does not tell the new address");
        jane.api.get("/me/contact").await.problem(401);
        let gone = company.api.get(&format!("/company/introductions/{yes}")).await;
        assert!(!gone.text().contains(OLD) && !gone.text().contains(NEW));
        gone.problem(410);
        let ended = app.mail.mails_to(&company.email).pop().expect("a notice").letter().text.unwrap_or_default();
        assert!(ended.contains("The contact is no longer available."), "the company is not told why: {ended}");
        app.visitor().post("/sign-in", &json!({ "email": OLD })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(OLD).len(), told + 1, "the old address opens nothing any more");

        let jane = Member { api: app.sign_in(NEW).await, email: NEW.to_owned(), id: jane.id };
        let mine = jane.api.get("/me/introductions").await.items();
        assert_eq!((&mine[0]["state"], &mine[0]["void_cause"]), (&json!("void"), &json!("email_changed")));
        let body = json!({ "opening_id": opening.id, "opening_revision": opening.revision, "fields": ["email"] });
        assert!(jane.api.post("/me/introductions", &body).await.problem(409)["detail"].to_string().contains("72 hours"));
        assert_eq!(kept(&app, NEW).await, [NEW, OLD], "the old one is kept as long as it must be told");
        app.advance(Duration::hours(72) - Duration::seconds(1)).await;
        let api = app.visitor().sign_in(&app.operator_link(NEW).await).await;
        api.post("/me/introductions", &body).await.problem(409);
        app.advance(Duration::hours(1)).await;
        will_be_kept(&app, NEW, &[NEW]).await;
        let api = app.visitor().sign_in(&app.operator_link(NEW).await).await;
        let jane = Member { api, ..jane };
        let yes = journeys::introduce(&app, &jane, &opening, &["email"]).await;
        let company = app.visitor().sign_in(&app.operator_link(&company.email).await).await;
        let seen = company.get(&format!("/company/introductions/{yes}")).await.ok();
        assert_eq!(seen["contact"], json!({ "email": NEW }));
    }
}

on_both! {
    /// T11: an address that somebody else has is answered like any other and gets no mail; one that somebody takes
    /// meanwhile is not taken twice; an old sign-in changes none; five a day are enough; a change of mind is kept to.
    async fn t11_a_change_of_address_tells_nothing_and_takes_nothing(database) {
        let app = TestApp::start(database).await;
        let (jane, company, _, yes) = agreed(&app).await;
        let bob = journeys::join(&app, "Bob Stone", "bob@practice.example").await;
        let before = app.mail.mails_to(&bob.email).len();
        let asked = change(&jane.api, &bob.email).await.ok();
        assert_eq!(asked["email_waiting"], bob.email.as_str(), "as for any other");
        app.settle().await;
        assert_eq!(app.mail.mails_to(&bob.email).len(), before);

        change(&jane.api, NEW).await.ok();
        app.settle().await;
        let first = link(&app, NEW).expect("a mail");
        let body = json!({ "name": "Eve Stone", "email": NEW, "npi": factory::npi(9) });
        app.visitor().post("/join", &body).await.with_status(202);
        app.settle().await;
        assert_eq!(press(&app, &first).await, 404, "somebody has it by now");
        assert_eq!(jane.api.get("/me/contact").await.ok()["email"], OLD);
        assert_eq!(kept(&app, OLD).await, [OLD]);

        change(&jane.api, "third@home.example").await.ok();
        app.settle().await;
        let third = link(&app, "third@home.example").expect("a mail");
        let back = change(&jane.api, OLD).await.ok();
        assert_eq!(back["email_waiting"], Value::Null);
        assert_eq!(press(&app, &third).await, 404, "it was not meant");
        change(&jane.api, "fourth@home.example").await.ok();
        app.settle().await;
        let fourth = link(&app, "fourth@home.example").expect("a mail");
        change(&jane.api, "fifth@home.example").await.ok();
        app.settle().await;
        assert_eq!(press(&app, &fourth).await, 404, "another one was named since");
        change(&jane.api, "sixth@home.example").await.problem(429);
        assert_eq!(change(&jane.api, "no address").await.wrong_fields(), ["email"]);

        app.advance(Duration::minutes(31)).await;
        app.forget_counts().await;
        let stale = jane.api.refreshed().await;
        assert_eq!(change(&stale, "seventh@home.example").await.problem(403)["code"], "fresh_sign_in_required");
        let fifth = link(&app, "fifth@home.example").expect("a mail");
        assert_ne!(token_of(&fifth), token_of(&fourth));
        app.advance(Duration::hours(24)).await;
        assert_eq!(press(&app, &fifth).await, 404, "too late");
        will_be_kept(&app, OLD, &[OLD]).await;
        let company = app.visitor().sign_in(&app.operator_link(&company.email).await).await;
        company.get(&format!("/company/introductions/{yes}")).await.ok();
    }
}

on_both! {
    /// T11: the same on pages.
    async fn t11_an_address_is_changed_on_pages(database) {
        let app = TestApp::start(database).await;
        agreed(&app).await;
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(OLD).await).await;
        let page = browser.get("/profile/contact").await;
        let wrong = browser.send(&page.form("/profile/contact").set("email", "jane at home")).await;
        assert!(wrong.reply.clone().with_status(422).text().contains("jane at home"), "what was typed is kept");
        let page = browser.send_and_follow(&wrong.form("/profile/contact").set("email", NEW)).await;
        assert!(page.text().contains(&format!("{NEW} waits to be confirmed")), "{}", page.text());
        app.settle().await;
        let link = link(&app, NEW).expect("a mail");
        let mut other = app.browser();
        let ask = other.get(&link).await;
        let done = other.send(&ask.form(&format!("/mail/new-address/{}", token_of(&link)))).await;
        assert!(done.reply.clone().with_status(200).text().contains("Your new address is in use"), "{}", done.text());
        assert_eq!(other.get(&link).await.reply.with_status(404).header("cache-control"), "no-store");
        assert!(browser.get("/profile/contact").await.reply.location().starts_with("/sign-in"));
        app.settle().await;
        other.sign_in(&app.mailed_link(NEW).await).await;
        assert!(other.get("/profile/contact").await.html.contains(NEW));
    }
}
