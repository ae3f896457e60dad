//! Where the instance asks for it: admins and owners are led to set a second factor up, and do nothing before.

use chrono::Duration;
use harness::{
    app::{ADMIN, TestApp},
    authenticator::{Authenticator, enrol},
    database::Database,
    factory,
    html::text_of,
    journeys, on_both,
};
use reqwest::Method;
use rosterline::auth::Rule;
use rosterline::cli::routes::table;
use serde_json::json;

use super::{JANE, confirm, fault, totp};

const OWNER: &str = "olive@kern.example";

async fn strict(database: Database) -> TestApp {
    TestApp::builder(database).config(|config| config.require_totp = true).start().await
}

on_both! {
    /// The link of `rosterline admin add` signs in; then every route of an admin, read or written, page or API, leads
    /// to the setup, and none of them says anything.
    async fn an_admin_enrols_before_anything_else(database) {
        let app = strict(database).await;
        let admin = app.admin().await;
        for route in table() {
            let Rule::May(action) = route.rule else { continue };
            if action.as_str() == "change_second_factor" {
                continue;
            }
            let path = crate::authz::filled(route.path, "00000000-0000-4000-8000-00000000dead");
            let method = Method::from_bytes(route.method.as_str().as_bytes()).expect("a method");
            let body = (method != Method::GET).then(|| json!({}));
            let reply = admin.send(method, &path, body.as_ref()).await;
            if path.starts_with("/api/") {
                assert_eq!(reply.problem(403)["code"], "totp_enrolment_required", "{path}");
            } else {
                assert_eq!(reply.status, 303, "{path}");
                assert!(reply.location().starts_with("/account/second-step?"), "{path}: {}", reply.location());
            }
        }
        let state = admin.get("/session").await.ok();
        assert_eq!((&state["role"], &state["second_factor"]["required_now"]), (&json!("admin"), &json!(true)));
        admin.send(Method::GET, "/account", None).await.with_status(200);
        admin.refreshed().await.act("/sign-out").await.with_status(204);

        let admin = app.admin().await;
        let (phone, _) = enrol(&app, &admin).await;
        assert!(admin.get("/admin/queue").await.items().is_empty());
        let state = admin.get("/session").await.ok();
        assert_eq!(state["second_factor"]["required_now"], false);
        let kept = admin.delete("/session/second-factor").await.problem(409);
        assert!(kept["detail"].as_str().unwrap().contains("keep their second step"), "{kept}");
        // What was made without a code is over; the operator's link needs one like any other.
        let link = app.operator_link(ADMIN).await;
        assert_eq!(fault(confirm(&app, &link, None).await), totp("totp_required"));
        app.advance(Duration::seconds(30)).await;
        app.visitor().sign_in_with(&link, &phone.code(app.now())).await.get("/admin/queue").await.ok();
    }
}

on_both! {
    /// An owner is led there by the browser and comes out where they wanted to go; members and others are not asked.
    async fn an_owner_is_led_to_the_setup_and_on(database) {
        let app = strict(database).await;
        let admin = app.admin().await;
        enrol(&app, &admin).await;
        app.visitor().post("/companies", &factory::company("Kern Evaluations", OWNER).json()).await.ok();
        app.settle().await;
        let id = journeys::waiting(&admin, "company").await;
        admin.act(&format!("/admin/companies/{id}/approve")).await.ok();
        app.settle().await;

        let api = app.sign_in(OWNER).await;
        assert_eq!(api.get("/company").await.problem(403)["code"], "totp_enrolment_required");
        let draft = factory::bakersfield_opening().json();
        assert_eq!(api.post("/company/openings", &draft).await.problem(403)["code"], "totp_enrolment_required");

        let mut browser = app.browser();
        let landed = browser.sign_in(&app.mailed_link(OWNER).await).await;
        assert_eq!(landed.reply.with_status(303).location(), "/account/second-step?next=%2Fcompany");
        let page = browser.get("/account/second-step?next=%2Fcompany").await;
        assert!(page.text().contains("admins and company owners need a second step"), "{}", page.text());
        let page = browser.send_and_follow(&page.form("/account/second-step/start")).await;
        let phone = Authenticator::of(&text_of(&page.html, "code").expect("the key"));
        let form = page.form("/account/second-step/confirm").set("totp", &phone.code(app.now()));
        let codes = browser.send(&form).await;
        assert!(codes.html.contains("href=\"/company\""), "{}", codes.html);
        browser.get("/company").await.reply.with_status(200);
        api.get("/company").await.problem(401);

        let body = json!({ "name": "Jane Rivera", "email": JANE, "npi": factory::npi_of(JANE) });
        app.visitor().post("/join", &body).await.ok();
        app.settle().await;
        let member = app.sign_in(JANE).await;
        member.get("/me/profile").await.ok();
        assert_eq!(member.get("/session").await.ok()["second_factor"]["optional"], true);
    }
}
