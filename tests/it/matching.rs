//! Who is matched, and what a change of the member or of the policy makes of it.

use domain::access::Freshness;
use domain::matching::ReviewPolicy;
use domain::opening::OpeningAction;
use harness::{
    app::TestApp,
    factory,
    journeys::{self, Member},
    on_both,
};
use rosterline::auth::SignedAdmin;
use rosterline::usecases;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

async fn states(member: &Member) -> Vec<String> {
    let items = member.api.get("/me/matches").await.items();
    items.iter().map(|found| journeys::text(&found["state"])).collect()
}

on_both! {
    /// What no longer fits goes, what fits again comes back, and no edit makes mail.
    async fn matches_follow_the_profile(database) {
        let app = TestApp::start(database).await;
        let fits = factory::california_qme();
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &fits).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert_eq!(states(&member).await, ["released"]);
        let mails = app.mail.mails().len();
        for (change, expected) in [
            (fits.clone().set("/licences/0/state", "NV"), vec![]),
            (fits.clone(), vec!["proposed"]),
            (fits.clone().set("/certifications/0/status", "interested"), vec![]),
            (fits.clone(), vec!["proposed"]),
        ] {
            member.api.put("/me/profile", &change.json()).await.ok();
            app.settle().await;
            assert_eq!(states(&member).await, expected, "{:?}", change.json());
        }
        assert_eq!(app.mail.mails().len(), mails, "an edit made mail");
    }
}

on_both! {
    /// The first N openings of a company wait for an admin, later ones do not.
    async fn the_first_openings_of_a_company_are_reviewed(database) {
        let app = TestApp::builder(database).review(ReviewPolicy::First(1)).start().await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(states(&member).await.is_empty(), "a held match is not shown");
        let admin = app.admin().await;
        let held = admin.get("/admin/matches?state=held").await.items();
        assert_eq!(held.len(), 1);
        app.advance(chrono::Duration::minutes(1)).await;
        let second = factory::bakersfield_opening().set("/title", "The second opening");
        journeys::live_opening(&app, &company, &second).await;
        assert_eq!(states(&member).await, ["released"]);
        let id = journeys::text(&held[0]["id"]);
        admin.act(&format!("/admin/matches/{id}/release")).await.ok();
        app.settle().await;
        assert_eq!(states(&member).await, ["released", "released"]);
    }
}

on_both! {
    /// A block is silent: the match goes, the company's view is the same byte for byte.
    async fn a_blocked_company_cannot_tell(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let before = company.api.get("/company/openings").await.text();
        member.api.post("/me/blocks", &json!({ "company": company.slug })).await.with_status(204);
        app.settle().await;
        assert!(states(&member).await.is_empty());
        assert_eq!(company.api.get("/company/openings").await.text(), before);
        member.api.delete(&format!("/me/blocks/{}", company.slug)).await.with_status(204);
        app.settle().await;
        assert_eq!(states(&member).await, ["proposed"]);
    }
}

on_both! {
    /// The admin's simulation says of everyone which rule stops them, by id and without contact.
    async fn simulation_names_the_rule_that_stops(database) {
        let app = TestApp::start(database).await;
        let fits = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let far = factory::california_qme().set("/bases", json!([])).set("/markets", json!(["san-diego"]));
        let far = journeys::alerted_member(&app, "Ann Ochoa", "ann@clinic.example", &far).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let id = journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
        let answer = app.admin().await.get(&format!("/admin/openings/{id}/simulate")).await;
        assert!(!answer.text().contains("clinic.example") && !answer.text().contains("Rivera"));
        let items = answer.items();
        let of = |member: &Member| items.iter().find(|i| i["member_id"] == member.id.as_str()).expect("a row").clone();
        let missed = |row: &Value| -> Vec<String> {
            let reasons = row["reasons"].as_array().expect("reasons");
            assert_eq!(reasons.len(), 9);
            reasons.iter().filter(|r| r["met"] == false).map(|r| journeys::text(&r["rule"])).collect()
        };
        assert_eq!((of(&fits)["eligible"].clone(), missed(&of(&fits))), (json!(true), vec![]));
        assert_eq!((of(&far)["eligible"].clone(), missed(&of(&far))), (json!(false), vec!["place".to_owned()]));
    }
}

on_both! {
    /// A profile that is judged between an approval and its matching must not cost the member the alert.
    async fn a_save_in_between_costs_no_alert(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let id = journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
        app.settle().await;
        let link = app.operator_link(harness::app::ADMIN).await;
        let opening = domain::OpeningId::parse(&id).expect("an id");
        let who = domain::MemberId::parse(&member.id).expect("an id");
        app.running()
            .app()
            .write(move |conn, app| {
                let token = harness::client::token_of(&link).to_owned();
                let opened = usecases::confirm_sign_in(conn, app, &token, None)?.expect("no code is needed");
                let session = store::accounts::session_by_id(conn, &opened.id, app.now())?;
                let admin = SignedAdmin { session, sees_contacts: false, fresh: Freshness::JustNow };
                usecases::review_opening(conn, app, &admin, &opening, OpeningAction::Approve, usecases::Ruling::default())?;
                usecases::match_member(conn, app, &who)
            })
            .await
            .expect("approved");
        app.settle().await;
        assert_eq!(states(&member).await, ["released"]);
        let alerts = app.mail.mails_to(JANE).into_iter().filter(|m| m.letter().header("List-Unsubscribe").is_some());
        assert_eq!(alerts.count(), 1);
    }
}

on_both! {
    /// No permission, no key: what the index holds follows the switches, and what fits is shown all the same.
    async fn the_index_holds_only_members_who_allow_it(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
        let switches = |alerts: bool, outreach: bool, counts: bool| {
            json!({ "alerts_email": alerts, "admin_outreach": outreach, "anonymous_counts": counts })
        };
        for (wanted, held) in [
            (switches(false, false, false), 0),
            (switches(false, false, true), 0),
            (switches(true, false, false), 1),
            (switches(false, true, false), 1),
            (switches(false, false, false), 0),
        ] {
            journeys::permit(&member, wanted.clone()).await;
            app.settle().await;
            assert_eq!(app.running().app().index.profiles().count(), held, "{wanted}");
        }
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let again = app.sign_in(JANE).await;
        app.settle().await;
        assert_eq!(again.get("/me/matches").await.items().len(), 1, "shown, though in no index");
    }
}
