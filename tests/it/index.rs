//! The search index as people meet it: at once, in full, explained, and without a trace of who left.

use domain::matching::MatchState;
use domain::permission::Permissions;
use domain::standing::{MemberStanding, Role};
use domain::{AccountId, MemberId};
use harness::{
    app::TestApp,
    factory,
    journeys::{self, Member},
    on_both,
};
use rosterline::app::App;
use search_index::Ask;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

/// Members made in the database alone: active, with the profile of another, and open to outreach.
async fn crowd(app: &App, like: &Member, count: u32) {
    let like = MemberId::parse(&like.id).expect("an id");
    app.write(move |conn, app| {
        let profile = store::profiles::get(conn, &like)?;
        for n in 0..count {
            let id = |kind: u8| format!("0000000{kind}-0000-4000-8000-{n:012}");
            let member = MemberId::parse(&id(1)).expect("an id");
            let account = AccountId::parse(&id(2)).expect("an id");
            store::accounts::create(conn, &account, Role::Member, app.now())?;
            let new = store::members::NewMember {
                id: &member,
                account: &account,
                standing: MemberStanding::Active,
                joined_by: "import",
                time_zone: "America/Los_Angeles",
            };
            store::members::create(conn, &new, app.now())?;
            store::profiles::put(conn, &member, &profile, app.now())?;
            let wanted = Permissions { alerts_email: false, admin_outreach: true, anonymous_counts: false };
            store::permissions::set(conn, &member, wanted, "import", app.now())?;
        }
        Ok(())
    })
    .await
    .expect("a crowd");
}

/// Who the index finds for an opening, without waiting for anything.
async fn found(app: &App, opening: &str) -> usize {
    let id = domain::OpeningId::parse(opening).expect("an id");
    app.read(move |conn, app| {
        let ask = Ask::of(&store::facts::rulebook(conn)?, &store::openings::find(conn, &id)?.offer(), app.now());
        Ok(app.index.profiles().count_eligible(&ask)?)
    })
    .await
    .expect("found")
}

on_both! {
    /// More members than one transaction takes are all matched, once, and a repeated job adds nobody.
    async fn a_large_community_is_matched_in_parts(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        crowd(app.running().app(), &jane, 1203).await;
        app.settle().await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert_eq!(found(app.running().app(), &opening.id).await, 1204);
        let id = domain::OpeningId::parse(&opening.id).expect("an id");
        for _ in 0..2 {
            let again = id.clone();
            let matched = app
                .running()
                .app()
                .write(move |conn, app| {
                    let matched = store::matches::count(conn, MatchState::Released)?;
                    rosterline::jobs::add(conn, app, &rosterline::jobs::Job::MatchOpening { opening: again.clone() })?;
                    Ok(matched)
                })
                .await
                .expect("matches");
            assert_eq!(matched, 1204);
            app.settle().await;
        }
        let alerts = app.mail.mails().into_iter().filter(|m| m.letter().header("List-Unsubscribe").is_some());
        assert_eq!(alerts.count(), 1, "only Jane asked for mail");
    }
}

on_both! {
    /// A switch that goes off counts with the answer to the request, before the index has followed.
    async fn a_permission_switched_off_counts_at_once(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let running = app.running().app();
        assert_eq!(found(running, &opening.id).await, 1);
        // Nothing is awaited between the commit and the question, so the index itself cannot have followed.
        let off = Permissions { alerts_email: false, admin_outreach: false, anonymous_counts: false };
        let who = MemberId::parse(&jane.id).expect("an id");
        running
            .write(move |conn, app| Ok(store::permissions::set(conn, &who, off, "page", app.now())?))
            .await
            .expect("switched off");
        assert_eq!(found(running, &opening.id).await, 0);
        app.settle().await;
        assert_eq!(found(running, &opening.id).await, 0);
        journeys::permit(&jane, json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false })).await;
        app.settle().await;
        assert_eq!(found(running, &opening.id).await, 1, "a yes brings the member back");
    }
}

on_both! {
    /// Leaving takes the member's number out of every file of the index, deleted documents included.
    async fn leaving_leaves_no_trace_in_the_files(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let running = app.running().app();
        crowd(running, &jane, 20).await;
        app.settle().await;
        let who = MemberId::parse(&jane.id).expect("an id");
        let number = running.read(move |conn, _| Ok(store::members::find(conn, &who)?.number)).await.expect("a number");
        let pid = u32::try_from(number).expect("small");
        assert!(running.index.holds(pid).expect("read"));
        jane.api.delete("/me").await.with_status(204);
        app.settle().await;
        assert!(!running.index.holds(pid).expect("read"));
        assert_eq!(running.index.profiles().count(), 20);
    }
}

on_both! {
    /// The member learns what one change would open, by count; the admin who is stopped by what; the company only
    /// reads its own terms.
    async fn everybody_gets_the_explanation_that_is_theirs(database) {
        let app = TestApp::start(database).await;
        let on_the_way = factory::california_qme().set("/certifications/0/status", "in_progress");
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &on_the_way).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        for n in 0..3 {
            let draft = factory::bakersfield_opening().set("/title", format!("Opening {n}"));
            journeys::live_opening(&app, &company, &draft).await;
        }
        let takes = factory::bakersfield_opening().set("/certification/takes_candidates", true);
        let opening = journeys::live_opening(&app, &company, &takes).await;

        let outlook = jane.api.get("/me/matches/widen").await.ok();
        assert_eq!(outlook["fits"], 1);
        let first = &outlook["items"][0];
        assert_eq!((&first["change"], &first["value"], &first["more"]), (&json!("certification"), &json!("ca-qme"), &json!(3)));
        let text = journeys::text(&first["text"]);
        assert!(text.starts_with("You would fit 3 more openings once appointed"), "{text}");
        let mut page = app.browser();
        page.sign_in(&app.operator_link(JANE).await).await;
        assert!(page.get("/matches").await.text().contains("You would fit 3 more openings once appointed"));

        let strict = journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
        let simulated = app.admin().await.get(&format!("/admin/openings/{strict}/simulate")).await.ok();
        assert_eq!(simulated["eligible_total"], 0);
        let stopped = |rule: &str| -> Value {
            let all = simulated["nearly"].as_array().expect("rules");
            all.iter().find(|s| s["rule"] == rule).expect("the rule")["count"].clone()
        };
        assert_eq!((stopped("certification"), stopped("place")), (json!(1), json!(0)));
        assert_eq!(simulated["items"][0]["may_be_matched"], true);

        let mut owner = app.browser();
        owner.sign_in(&app.operator_link("olive@kern.example").await).await;
        let text = owner.get(&format!("/company/openings/{}", opening.id)).await.text();
        assert!(text.contains("Whom it asks for") && text.contains("or are on the way to"));
    }
}
