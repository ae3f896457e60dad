//! A fresh proof for what is delicate, and the operator's help.

use chrono::Duration;
use domain::contact::EmailAddress;
use harness::{
    app::{ADMIN, TestApp},
    authenticator::enrol,
    client::token_of,
    factory, journeys, on_both,
};
use rosterline::usecases;
use serde_json::json;

use super::{JANE, fault, totp};

const WHY: &str = "Asked members for money.";

on_both! {
    /// Half an hour after the sign-in nobody is shut out; a code makes the session fresh again, a link as well.
    async fn shutting_out_needs_a_fresh_proof(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let admin = app.admin().await;
        let (phone, _) = enrol(&app, &admin).await;
        app.advance(Duration::minutes(31)).await;
        let admin = admin.refreshed().await;
        let path = format!("/admin/members/{}/suspend", member.id);
        let why = json!({ "reason": WHY });
        assert_eq!(admin.post(&path, &why).await.problem(403)["code"], "fresh_sign_in_required");
        assert_eq!(admin.get("/admin/members?standing=active").await.items().len(), 1, "looking on is no matter");
        assert_eq!(fault(admin.post("/session/fresh", &json!({ "totp": "x" })).await), totp("malformed"));
        let wrong = json!({ "totp": phone.wrong(app.now()) });
        assert_eq!(fault(admin.post("/session/fresh", &wrong).await), totp("totp_wrong"));
        assert_eq!(admin.post("/session/fresh", &json!({})).await.wrong_fields(), ["totp"]);
        let right = json!({ "totp": phone.code(app.now()) });
        admin.post("/session/fresh", &right).await.with_status(204);
        assert_eq!(fault(admin.post("/session/fresh", &right).await), totp("totp_wrong"), "used");
        assert_eq!(admin.post(&path, &why).await.ok()["standing"], "suspended");
    }
}

on_both! {
    /// On pages: what was typed is kept, the proof opens beside it, and one press sends it again.
    async fn a_stale_page_keeps_what_was_typed(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let mut admin = app.browser();
        admin.sign_in(&app.operator_link(ADMIN).await).await;
        let page = admin.get(&format!("/admin/members/{}", member.id)).await;
        let path = format!("/admin/members/{}/suspend", member.id);
        let form = page.form(&path).set("reason", WHY);
        app.advance(Duration::minutes(31)).await;
        let stale = admin.send(&form).await;
        assert_eq!(stale.heading(), "Confirm that it is you");
        assert!(stale.reply.clone().with_status(403).text().contains("href=\"/account/confirm\" target=\"_blank\""));
        let kept = stale.form(&path);
        assert!(kept.fields.contains(&("reason".to_owned(), WHY.to_owned())), "{:?}", kept.fields);

        // Without a second step a new link is the proof, and leads back.
        let confirm = admin.get("/account/confirm?next=/admin/members").await;
        let before = app.mail.mails_to(ADMIN).len();
        let sent = admin.send_and_follow(&confirm.form("/account/confirm/link")).await;
        sent.reply.with_status(200);
        app.settle().await;
        let mail = app.mail.wait_for_mail_to(ADMIN, before + 1).await;
        let landed = admin.sign_in(&mail.letter().link_with("/sign-in/")).await;
        assert_eq!(landed.heading(), "Members");
        let done = admin.send_and_follow(&kept).await;
        assert!(done.text().contains("Suspended."), "{}", done.text());
    }
}

on_both! {
    /// A member with a second step confirms with a code and goes on to share; without one the API says to sign in.
    async fn a_member_confirms_and_goes_on(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let said = member.api.post("/session/fresh", &json!({ "totp": "123456" })).await.problem(409);
        assert!(said["detail"].as_str().unwrap().contains("new link"), "{said}");
        let (phone, _) = enrol(&app, &member.api).await;
        let mut browser = app.browser();
        let link = app.mailed_link(JANE).await;
        app.advance(Duration::minutes(1)).await;
        let button = browser.get(&link).await.form(&format!("/sign-in/{}", token_of(&link)));
        browser.send(&button.set("totp", &phone.code(app.now()))).await.reply.with_status(303);
        app.advance(Duration::minutes(31)).await;
        let consent = format!("/consent/{}", opening.id);
        let page = browser.get(&consent).await;
        let to = format!("/account/confirm?next={consent}");
        assert!(page.html.contains("/account/confirm"), "{}", page.html);
        let form = browser.get(&to).await.form("/account/confirm");
        let wrong = browser.send(&form.clone().set("totp", &phone.wrong(app.now()))).await;
        assert!(wrong.reply.clone().with_status(422).text().contains("This code is wrong"));
        let back = browser.send(&wrong.form("/account/confirm").set("totp", &phone.code(app.now()))).await;
        assert_eq!(back.reply.with_status(303).location(), consent);
        assert!(!browser.get(&consent).await.html.contains("/account/confirm"));
    }
}

on_both! {
    /// Phone and codes are lost: the operator takes the second step off, every session ends, and it is in the record.
    async fn the_operator_helps_whoever_lost_everything(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        enrol(&app, &member.api).await;
        let reset = || {
            app.running().app().write(|conn, app| {
                let email = EmailAddress::parse(JANE).expect("an address");
                let account = store::contacts::account_of(conn, &app.vault, &email)?.expect("an account");
                usecases::reset_second_factor(conn, &account, app.now())
            })
        };
        reset().await.expect("taken off");
        member.api.get("/me/profile").await.problem(401);
        app.sign_in(JANE).await.get("/me/profile").await.ok();
        assert_eq!(reset().await.expect_err("nothing to take off").code(), "conflict");
        let acts = app.admin().await.get("/admin/audit").await.items();
        assert!(acts.iter().any(|act| act["action"] == "second_factor.reset" && act["role"] == "operator"));
        assert!(acts.iter().any(|act| act["action"] == "second_factor.confirm" && act["role"] == "member"));
    }
}
