//! T26: nothing goes out about what is not approved, and nothing after a stop.

use chrono::Duration;
use domain::matching::ReviewPolicy;
use harness::{
    app::TestApp,
    factory,
    journeys::{self, Company, Member},
    on_both,
    smtp_peer::{Gate, Peer, Play},
};
use serde_json::json;

/// How long alerts are held, so that a stop can come in between.
const HELD: u32 = 600;

fn alerts(app: &TestApp) -> usize {
    app.mail.mails().iter().filter(|mail| mail.letter().unsubscribe_link().is_some()).count()
}

async fn community(app: &TestApp) -> (Vec<Member>, Company) {
    let mut members = Vec::new();
    for n in 0..3 {
        let email = format!("member{n}@clinic.example");
        members.push(journeys::alerted_member(app, "Jane Rivera", &email, &factory::california_qme()).await);
    }
    (members, journeys::company(app, "Kern Evaluations", "olive@kern.example").await)
}

on_both! {
    /// T26: a draft, an opening that waits, one that was given back and one that was rejected alert nobody, ever.
    async fn t26_what_no_admin_approved_alerts_nobody(database) {
        let app = TestApp::start(database).await;
        let (_, company) = community(&app).await;
        let admin = app.admin().await;
        company.api.post("/company/openings", &factory::bakersfield_opening().json()).await.ok();
        journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
        for decision in ["return", "reject"] {
            let id = journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
            let reason = json!({ "reason": "Say who pays." });
            admin.post(&format!("/admin/openings/{id}/{decision}"), &reason).await.ok();
        }
        app.settle().await;
        app.advance(Duration::days(8)).await;
        assert_eq!(alerts(&app), 0);
    }
}

on_both! {
    /// T26: approved and told of, held for the usual minutes; then somebody stops it. Each of the stops is enough.
    async fn t26_a_stop_calls_back_what_is_held(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = HELD).start().await;
        let (members, _) = community(&app).await;
        let reason = json!({ "reason": "For the test." });
        for (n, stop) in ["close", "edit", "suspend", "ban"].into_iter().enumerate() {
            let email = format!("owner{n}@kern.example");
            let company = journeys::company(&app, &format!("Kern {n}"), &email).await;
            let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
            let id = journeys::text(&company.api.get("/company").await.ok()["id"]);
            let admin = app.admin().await;
            match stop {
                "close" => company.api.act(&format!("/company/openings/{}/close", opening.id)).await,
                "edit" => {
                    let pay = json!({ "pay": { "min_cents": 170_000, "max_cents": 190_000 } });
                    company.api.patch(&format!("/company/openings/{}", opening.id), &pay).await
                }
                stop => admin.post(&format!("/admin/companies/{id}/{stop}"), &reason).await,
            }
            .ok();
            app.advance(Duration::seconds(i64::from(HELD) + 60)).await;
            assert_eq!(alerts(&app), 0, "after {stop}");
        }
        // The member's own stops, and the admin's of the member.
        let company = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let apis = async |n: usize| app.visitor().sign_in(&app.operator_link(&members[n].email).await).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let off = json!({ "alerts_email": false, "admin_outreach": false, "anonymous_counts": false });
        apis(0).await.put("/me/permissions", &off).await.ok();
        apis(1).await.act("/me/pause").await.with_status(204);
        app.admin().await.post(&format!("/admin/members/{}/suspend", members[2].id), &reason).await.ok();
        app.advance(Duration::seconds(i64::from(HELD) + 60)).await;
        assert_eq!(alerts(&app), 0);
    }
}

on_both! {
    /// T26: a match that waits for an admin, or that an admin dropped, sends nothing; the one that is released does.
    async fn t26_a_match_that_waits_sends_nothing(database) {
        let app = TestApp::builder(database).review(ReviewPolicy::All).start().await;
        let (_, company) = community(&app).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let admin = app.admin().await;
        let waiting = admin.get("/admin/matches").await.items();
        assert_eq!(waiting.len(), 3, "{waiting:?}");
        let id = |n: usize| journeys::text(&waiting[n]["id"]);
        admin.act(&format!("/admin/matches/{}/drop", id(1))).await.ok();
        app.settle().await;
        assert_eq!(alerts(&app), 0);
        admin.act(&format!("/admin/matches/{}/release", id(2))).await.ok();
        app.settle().await;
        assert_eq!(alerts(&app), 1);
    }
}

on_both! {
    /// T26: the company is banned while its mails are going out, and the server is stopped and started again: what had
    /// not left when the ban was answered never leaves.
    async fn t26_a_ban_stops_a_queue_that_is_being_sent(database) {
        const MEMBERS: usize = 24;
        let app = TestApp::builder(database).smtp(Peer::builder()).config(|config| config.alert_hold_seconds = HELD);
        let mut app = app.start().await;
        for n in 0..MEMBERS {
            let email = format!("member{n}@clinic.example");
            journeys::alerted_member(&app, "Jane Rivera", &email, &factory::california_qme()).await;
        }
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let id = journeys::text(&company.api.get("/company").await.ok()["id"]);
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let admin = app.admin().await;
        let (before, gate) = (app.mail.mails().len(), Gate::closed());
        for _ in 0..MEMBERS {
            app.mail.play_next(Play::Hold(gate.clone()));
        }
        app.running().app().clock.advance(Duration::seconds(i64::from(HELD)));
        app.running().app().pulse.wake();
        // The peer holds its answer to each, so no more are under way than the server has connections.
        app.mail.wait_for(before + 1).await;
        let admin = admin.refreshed().await;
        let reason = json!({ "reason": "Asked members for money." });
        admin.post(&format!("/admin/companies/{id}/ban"), &reason).await.ok();
        let under_way = in_hand(&app).await;
        gate.open();
        app.settle().await;
        let left = app.mail.mails().len() - before;
        assert!(left <= under_way, "{left} left, and {under_way} had passed the gate");
        assert!(left < MEMBERS / 2, "{left} of {MEMBERS} left");
        app.restart_after(|_| {}).await;
        app.advance(Duration::days(1)).await;
        assert_eq!(app.mail.mails().len() - before, left, "nothing after that");
    }
}

/// Mails that are in a worker's hands, or left already.
async fn in_hand(app: &TestApp) -> usize {
    let read = app.running().app().read(|conn, _| {
        use diesel::prelude::*;
        use store::schema::outbox::dsl;
        let of_alerts = dsl::outbox.filter(dsl::kind.eq("alert"));
        let count = of_alerts.filter(dsl::state.eq_any(["claimed", "accepted"])).count().get_result::<i64>(conn);
        count.map_err(|error| rosterline::AppError::from(store::StoreError::from(error)))
    });
    usize::try_from(read.await.expect("the database answers")).expect("a count")
}
