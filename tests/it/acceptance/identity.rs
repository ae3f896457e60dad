//! T11: one physician is one member, and a changed address is told to the old one.

use harness::{app::TestApp, factory, journeys, on_both};
use serde_json::{Value, json};

const JANE: &str = "jane.rivera@gmail.com";

async fn join(app: &TestApp, body: &Value) -> harness::client::Reply {
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
        let admin = app.admin().await;
        let invite = async || journeys::text(&admin.act("/admin/invitations").await.ok()["code"]);
        let honest = json!({ "name": "Bob Stone", "email": "bob@practice.example", "npi": factory::npi(41) });
        let welcome = join(&app, &honest).await.with_status(202).text();
        assert_eq!(waiting(&app).await, 1, "Bob alone");
        let npi = factory::npi_of(JANE);
        for (name, email) in [("Jane Rivera", "jane.two@practice.example"), ("Other Name", "third@practice.example")] {
            let reply = join(&app, &json!({ "name": name, "email": email, "npi": npi })).await.with_status(202);
            assert_eq!(reply.text(), welcome);
            assert!(app.mail.mails_to(email).is_empty(), "an address that is not on file gets no mail");
        }
        for (n, email) in [
            "JANE.RIVERA@GMAIL.COM", "Jane.Rivera@gmail.com", " jane.rivera@gmail.com ", "janerivera@gmail.com",
            "j.a.n.e.rivera@googlemail.com", "jane.rivera+work@gmail.com", "janerivera+a+b@googlemail.com",
        ].into_iter().enumerate() {
            let before = app.mail.mails_to(JANE).len();
            let number = json!({ "name": "Jane Rivera", "email": email, "npi": factory::npi(500 + u32::try_from(n).unwrap()) });
            assert_eq!(join(&app, &number).await.with_status(202).text(), welcome, "{email}");
            let code = json!({ "name": "Jane Rivera", "email": email, "invite_code": invite().await });
            assert_eq!(join(&app, &code).await.with_status(202).text(), welcome, "{email}");
            let firm = factory::company("Rivera Panels", email).json();
            app.visitor().post("/companies", &firm).await.with_status(202);
            app.settle().await;
            assert!(app.mail.mails().iter().all(|mail| !mail.is_to(email.trim()) || mail.is_to(JANE)), "{email}");
            assert!(app.mail.mails_to(JANE).len() > before || n > 1, "who has the mailbox learns of it");
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
        admin.act(&format!("/admin/members/{}/approve", journeys::waiting(&admin, "member").await)).await.ok();
        app.settle().await;
        let bob = app.sign_in("bob@practice.example").await;
        let taken = factory::contact("Bob Stone", "bob@practice.example").set("/npi", npi.as_str());
        let refused = bob.put("/me/contact", &taken.json()).await;
        assert!(!refused.text().contains("Rivera") && !refused.text().contains(&jane.id), "{}", refused.text());
        assert_eq!(refused.wrong_fields(), ["npi"]);
        // The variant signs the one account in, by mail to the address on file.
        let before = app.mail.mails_to(JANE).len();
        app.forget_counts().await;
        app.advance(chrono::Duration::minutes(20)).await;
        app.visitor().post("/sign-in", &json!({ "email": "janerivera+x@googlemail.com" })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(JANE).len(), before + 1);
    }
}
