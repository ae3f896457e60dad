//! How a yes ends: by time, by what the company changes, by what the member does.

use chrono::Duration;
use domain::IntroductionId;
use domain::access::Freshness;
use harness::{
    app::TestApp,
    client::{ApiClient, token_of},
    factory,
    journeys::{self, Company, Member, Opening},
    on_both,
};
use rosterline::auth::SignedSeat;
use rosterline::usecases::{self, Look};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

async fn shared(app: &TestApp) -> (Member, Company, Opening, String) {
    let member = journeys::alerted_member(app, "Jane Rivera", JANE, &factory::california_qme()).await;
    let company = journeys::company(app, "Kern Evaluations", "olive@kern.example").await;
    let opening = journeys::live_opening(app, &company, &factory::bakersfield_opening()).await;
    let id = journeys::introduce(app, &member, &opening, &["name", "email"]).await;
    company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
    (member, company, opening, id)
}

async fn kinds(api: &ApiClient) -> Vec<String> {
    let entries = api.get("/me/ledger").await.items();
    entries.iter().rev().map(|entry| journeys::text(&entry["kind"])).collect()
}

fn only(items: &[Value]) -> &Value {
    assert_eq!(items.len(), 1, "{items:?}");
    &items[0]
}

on_both! {
    /// Nothing but the clock moves: an opening that nobody confirmed takes what was agreed for it along, and a late
    /// confirmation does not bring it back.
    async fn a_lapsed_opening_ends_what_was_agreed(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, id) = shared(&app).await;
        app.advance(Duration::days(30) - Duration::minutes(1)).await;
        let (company_api, member_api) = (company.api.refreshed().await, member.api.refreshed().await);
        company_api.act(&format!("/company/openings/{}/confirm-open", opening.id)).await.ok();
        company_api.get(&format!("/company/introductions/{id}")).await.problem(410);
        assert_eq!(
            kinds(&member_api).await.last().map(String::as_str),
            Some("void"),
            "the opening had lapsed unconfirmed, which ends what was agreed for it"
        );
    }
}

on_both! {
    /// An end that the member chose.
    async fn a_yes_ends_when_the_member_said(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, first) = shared(&app).await;
        member.api.act(&format!("/me/introductions/{first}/revoke")).await.ok();
        let end = app.running().app().now() + Duration::hours(2);
        let body = json!({
            "opening_id": opening.id, "opening_revision": opening.revision,
            "fields": ["email"], "expires_at": end.to_rfc3339(),
        });
        let id = journeys::text(&member.api.post("/me/introductions", &body).await.ok()["id"]);
        member.api.post("/me/introductions", &body).await.problem(409);
        let seen = company.api.get(&format!("/company/introductions/{id}")).await.ok();
        assert_eq!(seen["contact"], json!({ "email": JANE }), "the chosen field and no other, not even the name");
        app.advance(Duration::hours(2)).await;
        let (company_api, member_api) = (company.api.refreshed().await, member.api.refreshed().await);
        company_api.get(&format!("/company/introductions/{id}")).await.problem(410);
        let listed = company_api.get("/company/introductions").await.items();
        assert!(listed.iter().all(|i| i["state"] != "active"), "{listed:?}");
        assert_eq!(kinds(&member_api).await, ["introduction", "view", "revocation", "introduction", "view", "expiry"]);
    }
}

on_both! {
    /// A review of wording hides the opening and ends nothing; a change of pay ends what was agreed.
    async fn only_a_material_edit_voids(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, id) = shared(&app).await;
        let path = format!("/company/openings/{}", opening.id);
        let words = json!({ "description": "The same work in other words." });
        let edited = company.api.patch(&path, &words).await.ok();
        assert_eq!((&edited["status"], &edited["revision"]), (&json!("submitted"), &json!(1)));
        app.visitor().get(&format!("/openings/{}", opening.id)).await.problem(410);
        company.api.get(&format!("/company/introductions/{id}")).await.with_status(200);
        journeys::approve_opening(&app, &opening.id).await;

        let pay = json!({ "pay": { "min_cents": 160_000, "max_cents": 190_000 } });
        let edited = company.api.patch(&path, &pay).await.ok();
        assert_eq!(edited["revision"], 2);
        company.api.get(&format!("/company/introductions/{id}")).await.problem(410);
        let ended = member.api.get("/me/introductions").await.items();
        assert_eq!((&only(&ended)["state"], &only(&ended)["void_cause"]), (&json!("void"), &json!("material_edit")));
        journeys::approve_opening(&app, &opening.id).await;
        let old = json!({ "opening_id": opening.id, "opening_revision": 1, "fields": ["email"] });
        member.api.post("/me/introductions", &old).await.problem(409);
    }
}

on_both! {
    /// Closing ends it, and the company is told to delete without learning why.
    async fn closing_the_opening_ends_it(database) {
        let app = TestApp::start(database).await;
        let (member, company, opening, id) = shared(&app).await;
        company.api.act(&format!("/company/openings/{}/close", opening.id)).await.ok();
        app.settle().await;
        company.api.get(&format!("/company/introductions/{id}")).await.problem(410);
        assert_eq!(kinds(&member.api).await.last().map(String::as_str), Some("void"));
        member.api.get("/me/ledger/verify").await.ok();
    }
}

on_both! {
    /// Leaving erases the member; the company keeps an id and learns that it is over.
    async fn leaving_ends_everything(database) {
        let app = TestApp::start(database).await;
        let (member, company, _, id) = shared(&app).await;
        member.api.delete("/me").await.with_status(204);
        app.settle().await;
        company.api.get(&format!("/company/introductions/{id}")).await.problem(410);
        member.api.get("/me/profile").await.problem(401);
        assert_eq!(app.running().app().index.profiles().count(), 0, "nothing is left in the index");
        let before = app.mail.mails_to(JANE).len();
        app.visitor().post("/sign-in", &json!({ "email": JANE })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(JANE).len(), before, "the address is unknown now");
    }
}

on_both! {
    /// A sign-in of long ago shows what is shared but shares nothing more.
    async fn sharing_needs_a_fresh_sign_in(database) {
        let app = TestApp::start(database).await;
        let (member, company, _, _) = shared(&app).await;
        let second = factory::bakersfield_opening().set("/title", "Second opening");
        let second = journeys::live_opening(&app, &company, &second).await;
        app.advance(Duration::minutes(31)).await;
        let old = member.api.refreshed().await;
        let body = json!({ "opening_id": second.id, "opening_revision": second.revision, "fields": ["email"] });
        let refused = old.post("/me/introductions", &body).await.problem(403);
        assert_eq!(refused["code"], "fresh_sign_in_required");
        let fresh = app.sign_in(JANE).await;
        fresh.post("/me/introductions", &body).await.with_status(201);
    }
}

on_both! {
    /// Time ends a yes at the very next look, before anything has tidied up.
    async fn expiry_is_judged_on_reading(database) {
        let app = TestApp::start(database).await;
        let (_, company, opening, id) = shared(&app).await;
        let path = format!("/company/introductions/{id}");
        let (seat, id) = (seat_of(&app, &company).await, IntroductionId::parse(&id).expect("an id"));
        // The clock moves inside the transaction that looks, so that no background pass can come first.
        let over = app
            .running()
            .app()
            .write(move |conn, app| {
                app.clock.advance(Duration::days(14));
                Ok(matches!(usecases::disclose_contact(conn, app, &seat, &id)?, Look::Over(..)))
            })
            .await
            .expect("a look");
        assert!(over, "the opening {} lapsed unconfirmed", opening.id);
        company.api.refreshed().await.get(&path).await.problem(410);
    }
}

/// The company's person as the guard would find them.
async fn seat_of(app: &TestApp, company: &Company) -> SignedSeat {
    let link = app.operator_link(&company.email).await;
    app.running()
        .app()
        .write(move |conn, app| {
            let opened = usecases::confirm_sign_in(conn, app, token_of(&link), None)?.expect("no code is needed");
            let session = store::accounts::session_by_id(conn, &opened.id, app.now())?;
            let seat = store::companies::seat_by_account(conn, &session.account.id)?;
            let company = store::companies::find(conn, &seat.company)?;
            Ok(SignedSeat { session, seat, company, fresh: Freshness::JustNow })
        })
        .await
        .expect("a seat")
}
