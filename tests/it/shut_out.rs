//! T06: whoever is put out is out with the next request, whatever they still hold.

use chrono::Duration;
use harness::{
    app::{ADMIN, TestApp},
    client::ApiClient,
    database::Database,
    factory,
    journeys::{self, text},
    on_both,
    page_client::PageClient,
};
use reqwest::Method;
use rosterline::{config::Config, server};
use serde_json::json;

const JANE: &str = "jane@clinic.example";
const OLIVE: &str = "olive@kern.example";
const SAM: &str = "sam@kern.example";

/// Everything somebody can hold: a browser's session, a program's tokens, links that were not opened yet.
struct Holdings {
    browser: PageClient,
    api: ApiClient,
    links: Vec<String>,
    page: &'static str,
    route: &'static str,
}

impl Holdings {
    async fn of(app: &TestApp, email: &str, page: &'static str, route: &'static str) -> Holdings {
        // Only so many links are sent in a quarter of an hour.
        app.advance(Duration::minutes(16)).await;
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(email).await).await;
        let api = app.sign_in(email).await;
        let links = vec![app.operator_link(email).await, app.mailed_link(email).await];
        let mut holdings = Holdings { browser, api, links, page, route };
        assert_eq!(holdings.browser.get(page).await.reply.status, 200, "{email}");
        holdings.api.get(route).await.with_status(200);
        holdings
    }

    /// Each of them is refused, here and on every other node.
    async fn are_dead(&mut self, visitors: &[ApiClient], who: &str) {
        for visitor in visitors {
            let bearer = visitor.with_token(self.api.token());
            bearer.get(self.route).await.problem(401);
            bearer.get("/session").await.problem(401);
            let cookie = self.browser.cookie("rosterline_session").map(|token| format!("rosterline_session={token}"));
            let cookie = cookie.expect("a browser's session");
            visitor.with_header("cookie", &cookie).get(self.route).await.problem(401);
            let refresh = visitor.with_header("cookie", &cookie).with_header("sec-fetch-site", "same-origin");
            let refresh = refresh.act("/sign-in/refresh").await;
            assert_eq!(refresh.status, 401, "{who}: the session's cookie brings no token");
            for link in &self.links {
                let body = json!({ "token": harness::client::token_of(link) });
                let reply = visitor.post("/sign-in/confirm", &body).await;
                assert!([404, 410, 422].contains(&reply.status), "{who}: a pending link answered {}", reply.status);
                let page = visitor.send(Method::POST, harness::client::path_of(link), None).await;
                assert!(page.status >= 400, "{who}: a pending link's page answered {}", page.status);
            }
        }
        let page = self.browser.get(self.page).await;
        assert!(page.reply.status == 303 && page.reply.location().starts_with("/sign-in?"), "{who}");
        let body = json!({ "refresh_token": self.api.refresh_token() });
        let refresh = visitors[0].post("/sign-in/refresh", &body).await;
        assert_eq!(refresh.status, 401, "{who}: the refresh token works no more");
    }
}

/// Another server on the same PostgreSQL with the same keys; on SQLite there is one.
async fn neighbour(app: &TestApp, database: &Database) -> Option<(server::Running, tempfile::TempDir)> {
    let url = database.url()?;
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = Config::new(dir.path().to_path_buf());
    let first = &app.running().app().config;
    config.bind = "127.0.0.1:0".to_owned();
    config.database_url = Some(url);
    config.master_key_file = Some(first.master_key_file.clone().unwrap_or_else(|| app.data_dir().join("master.key")));
    config.smtp_url.clone_from(&first.smtp_url);
    config.require_totp = false;
    let clock = app.running().app().clock.clone();
    Some((server::start(config, clock).await.expect("a second server"), dir))
}

/// Puts a recruiter's seat beside the owner's.
async fn second_seat(app: &TestApp, slug: &str) -> String {
    use domain::{AccountId, SeatId, contact, standing};
    let id = "00000000-0000-4000-8000-00000000c001";
    let slug = slug.to_owned();
    let write = app.running().app().write(move |conn, app| {
        let (account, seat) = (AccountId::parse(id).expect("an id"), SeatId::parse(id).expect("an id"));
        store::accounts::create(conn, &account, standing::Role::Company, app.now())?;
        let card = contact::Contact {
            name: contact::PersonName::parse("Sam Second").expect("a name"),
            email: contact::EmailAddress::parse(SAM).expect("an address"),
            phone: None,
            npi: None,
            cv: None,
            licences: Vec::new(),
        };
        store::contacts::put(conn, &app.vault, &account, &card, app.now())?;
        let company = store::companies::by_slug(conn, &slug)?.id;
        let seat = store::companies::Seat { id: seat, account, company, role: standing::SeatRole::Recruiter };
        Ok(store::companies::add_seat(conn, &seat, app.now())?)
    });
    write.await.expect("a seat");
    id.to_owned()
}

/// What `rosterline admin remove` does.
async fn remove_admin(app: &TestApp, email: &'static str) {
    let write = app.running().app().write(move |conn, app| {
        let address = domain::contact::EmailAddress::parse(email).expect("an address");
        let admin = store::contacts::account_of(conn, &app.vault, &address)?.expect("the admin");
        rosterline::usecases::remove_admin(conn, &admin, app.now())
    });
    write.await.expect("removed");
}

on_both! {
    /// T06: a seat that ended, a company that was suspended and banned, a member who was suspended and left, an admin whom
    /// the operator removed: sessions, bearer and refresh tokens and pending links are refused at once, on both nodes.
    async fn t06_whoever_is_put_out_is_out_at_once(database) {
        let app = TestApp::start(database.clone()).await;
        let other = neighbour(&app, &database).await;
        let mut nodes = vec![app.visitor()];
        nodes.extend(other.iter().map(|(running, _)| ApiClient::visitor(&running.base_url())));
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        journeys::introduce(&app, &member, &opening, &["name", "email"]).await;
        let seat = second_seat(&app, &company.slug).await;

        let mut sam = Holdings::of(&app, SAM, "/company", "/company/introductions").await;
        let olive = app.visitor().sign_in(&app.operator_link(OLIVE).await).await;
        olive.delete(&format!("/company/seats/{seat}")).await.with_status(204);
        sam.are_dead(&nodes, "an ended seat").await;
        let own = text(&olive.get("/company/seats").await.items()[0]["id"]);
        olive.delete(&format!("/company/seats/{own}")).await.problem(409);

        let id = text(&olive.get("/company").await.ok()["id"]);
        let reason = json!({ "reason": "For the test." });
        for act in ["suspend", "ban"] {
            let mut olive = Holdings::of(&app, OLIVE, "/company", "/company").await;
            app.admin().await.post(&format!("/admin/companies/{id}/{act}"), &reason).await.ok();
            olive.are_dead(&nodes, act).await;
        }
        let shut = nodes[0].post("/sign-in/confirm", &json!({ "token": token(&app, OLIVE).await })).await;
        assert!(shut.status >= 400, "nobody of a banned company signs in again");

        for act in ["suspend", "leave"] {
            let mut jane = Holdings::of(&app, JANE, "/profile", "/me/profile").await;
            if act == "leave" {
                jane.api.delete("/me").await.with_status(204);
            } else {
                app.admin().await.post(&format!("/admin/members/{}/suspend", member.id), &reason).await.ok();
            }
            jane.are_dead(&nodes, act).await;
        }

        let code = text(&app.admin().await.act("/admin/invitations").await.ok()["code"]);
        let mut gone = Holdings::of(&app, ADMIN, "/admin", "/admin/queue").await;
        remove_admin(&app, ADMIN).await;
        gone.are_dead(&nodes, "a removed admin").await;
        let invited = json!({ "name": "Ivy Invited", "email": "ivy@clinic.example", "invite_code": code });
        assert_eq!(nodes[0].post("/join", &invited).await.wrong_fields(), ["invite_code"]);
        let before = app.mail.mails_to(ADMIN).len();
        nodes[0].post("/sign-in", &json!({ "email": ADMIN })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(ADMIN).len(), before, "no link is sent to a removed admin");
        let again = app.running().app().write(|conn, app| {
            let address = domain::contact::EmailAddress::parse(ADMIN).expect("an address");
            let id = rosterline::usecases::add_admin(conn, &app.vault, &address, app.now())?;
            assert!(!store::admins::sees_contacts(conn, &id)?);
            Ok(())
        });
        again.await.expect("let in again");
        gone.are_dead(&nodes[..1], "what was held before stays dead").await;
        app.admin().await.get("/admin/queue").await.with_status(200);
        if let Some((running, _dir)) = other {
            running.stop().await;
        }
    }
}

/// A link that the operator prints even for somebody who is shut out.
async fn token(app: &TestApp, email: &str) -> String {
    harness::client::token_of(&app.operator_link(email).await).to_owned()
}

on_both! {
    /// T06: a ban is one transaction: what was shared is over, openings are closed for good, mail about them stays, the
    /// member is told, and all of it stands in the audit record.
    async fn t06_a_ban_leaves_nothing_behind(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let draft = text(&company.api.post("/company/openings", &factory::bakersfield_opening().json()).await.ok()["id"]);
        journeys::introduce(&app, &member, &opening, &["name", "email"]).await;
        let id = text(&company.api.get("/company").await.ok()["id"]);
        let before = app.mail.mails_to(JANE).len();
        let reason = json!({ "reason": "It asked physicians for money." });
        app.admin().await.post(&format!("/admin/companies/{id}/ban"), &reason).await.ok();
        app.settle().await;
        let read = app.running().app().read(move |conn, _| {
            let company = domain::CompanyId::parse(&id).expect("an id");
            let live = store::introductions::active_of_company(conn, &company)?.len();
            let openings = store::openings::of_company(conn, &company)?;
            let acts = store::audit::list(conn, &store::audit::Wanted::default(), None, 1)?;
            Ok((live, openings, acts))
        });
        let (live, openings, acts) = read.await.expect("the database answers");
        assert_eq!(live, 0);
        let states: Vec<(String, String)> =
            openings.iter().map(|o| (o.id.to_string(), o.liveness.status.to_string())).collect();
        assert!(states.contains(&(opening.id.clone(), "closed".to_owned())), "{states:?}");
        assert!(states.contains(&(draft, "closed".to_owned())), "{states:?}");
        let act = (acts[0].action.as_str(), acts[0].detail.as_deref());
        assert_eq!(act, ("company.ban", Some("It asked physicians for money.")));
        app.advance(Duration::minutes(30)).await;
        let news: Vec<String> =
            app.mail.mails_to(JANE).iter().skip(before).map(|mail| mail.letter().subject().to_owned()).collect();
        assert_eq!(news, ["Kern Evaluations can no longer see your contact"], "the alert that waited is not sent");
        let jane = member.api.refreshed().await;
        let over = jane.get("/me/introductions").await.items().remove(0);
        assert_eq!((&over["state"], &over["void_cause"]), (&json!("void"), &json!("company_suspended")));
    }
}
