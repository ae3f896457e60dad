//! What happens between the match and the mail, at every point of the way.

use chrono::Duration;
use harness::{
    app::TestApp,
    on_both,
    smtp_peer::{Gate, Play},
};
use rosterline::usecases;
use serde_json::json;

use super::*;

/// Jane with one alert that was sent, whose link stops mail; and the company.
async fn told_once(app: &TestApp) -> (Member, Company, String) {
    let (member, company) = (jane(app, instant()).await, kern(app).await);
    publish(app, &company, "The first").await;
    app.advance(Duration::minutes(10)).await;
    let link = alerts(app, JANE)[0].letter().unsubscribe_link().expect("a link");
    (member, company, link)
}

on_both! {
    /// Stopped while it waits, while a worker has it, before it is rendered: none comes. Stopped while the server has the
    /// body and has not answered: that one, and never another.
    async fn mail_11_a_stop_wins_wherever_it_meets_the_mail(database) {
        let mut app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let (member, company, link) = told_once(&app).await;
        let on = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false });

        publish(&app, &company, "While it waits").await;
        app.visitor().one_click(&link).await.with_status(200);
        app.advance(Duration::minutes(11)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);

        // A worker that died with the mail in hand: the stop comes before the next one takes it.
        member.api.refreshed().await.put("/me/permissions", &on).await.ok();
        app.settle().await;
        publish(&app, &company, "In hand").await;
        let due = app.now() + Duration::minutes(10);
        let claimed = app.running().app().write(move |conn, app| {
            let _ = app;
            Ok(store::outbox::claim(conn, "a worker that died", 10, due)?.len())
        });
        assert_eq!(claimed.await.expect("an answer"), 1);
        app.visitor().one_click(&link).await.with_status(200);
        app.advance(Duration::minutes(12)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);

        // Taken, connected, not rendered yet: the server has not greeted.
        member.api.refreshed().await.put("/me/permissions", &on).await.ok();
        app.settle().await;
        publish(&app, &company, "Before it is rendered").await;
        app.restart_after(|_| {}).await;
        let gate = Gate::closed();
        app.mail.play_next(Play::HoldGreeting(gate.clone()));
        let stop = async {
            app.mail.wait_for_line("-- greeting held", 1).await;
            app.visitor().one_click(&link).await.with_status(200);
            gate.open();
        };
        tokio::join!(app.advance(Duration::minutes(11)), stop);
        assert_eq!(alerts(&app, JANE).len(), 1);

        // The body is with the server: at most that one.
        member.api.refreshed().await.put("/me/permissions", &on).await.ok();
        app.settle().await;
        publish(&app, &company, "With the server").await;
        let gate = Gate::closed();
        app.mail.play_next(Play::Hold(gate.clone()));
        let stop = async {
            app.mail.wait_for_mail_to(JANE, app.mail.mails_to(JANE).len() + 1).await;
            app.visitor().one_click(&link).await.with_status(200);
            gate.open();
        };
        tokio::join!(app.advance(Duration::minutes(11)), stop);
        assert_eq!(alerts(&app, JANE).len(), 2);
        publish(&app, &company, "Never").await;
        app.advance(Duration::days(2)).await;
        assert_eq!(alerts(&app, JANE).len(), 2);
    }
}

on_both! {
    /// Of six openings of one digest one is closed, one suspended with its company's ban, one muted, one declined, one of
    /// a company that is blocked since; the sixth comes alone, and each other one says why it did not, also when she has
    /// signed in again. With nothing left there is no mail.
    async fn mail_12_what_no_longer_stands_is_not_in_the_digest(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, daily()).await, kern(&app).await);
        let other = journeys::company(&app, "Muted Reviews", "mo@muted.example").await;
        let banned = journeys::company(&app, "Banned Bureau", "bo@banned.example").await;
        let shut = journeys::company(&app, "Blocked Board", "bea@blocked.example").await;
        let stays = publish(&app, &company, "Stays").await;
        let blocked = publish(&app, &shut, "Blocked").await;
        let closed = publish(&app, &company, "Closed").await;
        let declined = publish(&app, &company, "Declined").await;
        let muted = publish(&app, &other, "Muted").await;
        let gone = publish(&app, &banned, "Banned").await;

        let api = company.api.refreshed().await;
        api.act(&format!("/company/openings/{}/close", closed.id)).await.ok();
        let api = member.api.refreshed().await;
        let matches = api.get("/me/matches").await.items();
        let id = |opening: &Opening| {
            let found = matches.iter().find(|m| m["opening_id"] == opening.id.as_str()).expect("a match");
            found["id"].as_str().expect("an id").to_owned()
        };
        api.act(&format!("/me/matches/{}/decline", id(&declined))).await.ok();
        api.put("/me/mutes", &json!({ "company": other.slug, "muted": true })).await.ok();
        api.post("/me/blocks", &json!({ "company": shut.slug })).await.with_status(204);
        let banned_id = banned.api.refreshed().await.get("/company").await.ok()["id"].as_str().expect("an id").to_owned();
        let reason = json!({ "reason": "Asked members for money." });
        app.admin().await.post(&format!("/admin/companies/{banned_id}/ban"), &reason).await.ok();

        let preview = member.api.refreshed().await.get("/me/alerts/preview").await.ok();
        let fate = |opening: &Opening| {
            let items = preview["items"].as_array().expect("items");
            let item = items.iter().find(|i| i["opening_id"] == opening.id.as_str()).expect("a card");
            (item["fate"].as_str().unwrap_or_default().to_owned(), item["reason"].as_str().unwrap_or_default().to_owned())
        };
        let words = |fate: &str, reason: &str| (fate.to_owned(), reason.to_owned());
        assert_eq!(fate(&stays), words("shown", ""));
        assert_eq!(fate(&closed), words("dropped", "not_live"));
        assert_eq!(fate(&declined), words("dropped", "declined"));
        assert_eq!(fate(&muted), words("dropped", "muted_company"));
        assert_eq!(fate(&gone), words("dropped", "not_live"));
        assert_eq!(fate(&blocked), words("dropped", "blocked"));

        at(&app, "2026-03-03T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let text = last_text(&app);
        assert!(text.contains("Stays") && text.contains("1 opening fits your alert"), "{text}");
        for other in ["Closed", "Declined", "Muted", "Banned", "Blocked"] {
            assert!(!text.contains(other), "{other}: {text}");
        }
        let member = Member { api: app.sign_in(JANE).await, ..member };
        app.settle().await;
        let why = member.api.get(&format!("/me/matches/{}/why", id(&muted))).await.ok();
        assert_eq!(why["answer"], "You muted the company.");
        assert_eq!(why["cards"][0]["state"], "dropped");
        let why = member.api.get(&format!("/me/matches/{}/why", id(&stays))).await.ok();
        assert!(why["answer"].as_str().is_some_and(|a| a.starts_with("You were told on 3 March 2026")), "{why}");

        let company = Company { api: app.sign_in(OWNER).await, ..company };
        let last = publish(&app, &company, "The last").await;
        company.api.act(&format!("/company/openings/{}/close", last.id)).await.ok();
        at(&app, "2026-03-04T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1, "nothing left, no mail");
    }
}

on_both! {
    /// What changes between the digest and its sending is seen by the gate as well.
    async fn mail_12_a_digest_on_its_way_is_looked_at_again(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, daily()).await, kern(&app).await);
        publish(&app, &company, "Stays").await;
        let closed = publish(&app, &company, "Closed on the way").await;
        // The server does not take it for now; the digest is made and waits.
        app.mail.refuse(JANE, "450 4.2.1 busy", 1);
        at(&app, "2026-03-03T07:20:00").await;
        assert!(alerts(&app, JANE).is_empty());
        let company = Company { api: app.sign_in(OWNER).await, ..company };
        company.api.act(&format!("/company/openings/{}/close", closed.id)).await.ok();
        app.advance(Duration::hours(1)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        assert!(!last_text(&app).contains("Closed on the way"), "{}", last_text(&app));
        let _ = member;
    }
}

on_both! {
    /// The job of an approval run again and again, and beside itself, and killed half-way: one card, one mail. Ten changes
    /// in the hold: one card, of the last.
    async fn mail_15_one_revision_is_one_card(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let (_member, company) = (jane(&app, instant()).await, kern(&app).await);
        let opening = publish(&app, &company, "Once").await;
        let again = |times: usize| {
            let (app, id) = (app.running().app().clone(), opening.id.clone());
            async move {
                for _ in 0..times {
                    let id = domain::OpeningId::parse(&id).expect("an id");
                    let added = app.write(move |conn, app| {
                        rosterline::jobs::add(conn, app, &rosterline::jobs::Job::MatchOpening { opening: id.clone() })
                    });
                    added.await.expect("a job");
                }
            }
        };
        tokio::join!(again(5), again(5));
        app.settle().await;
        app.advance(Duration::minutes(11)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        again(3).await;
        app.settle().await;
        app.advance(Duration::minutes(11)).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "and none after it was sent");

        let api = company.api.refreshed().await;
        for cents in 1..=10 {
            let pay = json!({ "basis": "per_case", "min_cents": 150_000 + cents * 100, "max_cents": 250_000 });
            api.patch(&format!("/company/openings/{}", opening.id), &json!({ "pay": pay })).await.ok();
            journeys::approve_opening(&app, &opening.id).await;
        }
        app.advance(Duration::minutes(11)).await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        let text = last_text(&app);
        assert!(text.contains("1 opening fits your alert"), "one card: {text}");
        assert!(text.contains("Changed since we told you: Pay is $1,510–2,500 per case"), "{text}");
        app.advance(Duration::days(2)).await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        let _ = usecases::ANSWER;
    }
}

on_both! {
    /// A change that matters is told once at once, marked; a further one waits for the digest.
    async fn mail_15_a_change_is_told_once_at_once(database) {
        let app = TestApp::start(database).await;
        let (_member, company) = (jane(&app, instant()).await, kern(&app).await);
        let opening = publish(&app, &company, "Changing").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let change = |cents: i64| json!({ "pay": { "basis": "per_case", "min_cents": cents, "max_cents": cents } });
        let path = format!("/company/openings/{}", opening.id);
        company.api.refreshed().await.patch(&path, &json!({ "volume": "4 to 6 a month" })).await.ok();
        journeys::approve_opening(&app, &opening.id).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "no mail about what does not matter");
        company.api.refreshed().await.patch(&path, &change(300_000)).await.ok();
        journeys::approve_opening(&app, &opening.id).await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        assert!(alerts(&app, JANE)[1].letter().subject().starts_with("Changed: QME opening in Bakersfield, CA"));
        assert!(last_text(&app).contains("Changed since we told you: Pay is $3,000 per case"), "{}", last_text(&app));
        company.api.refreshed().await.patch(&path, &change(310_000)).await.ok();
        journeys::approve_opening(&app, &opening.id).await;
        assert_eq!(alerts(&app, JANE).len(), 2, "a further one waits");
        at(&app, "2026-03-03T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 3);
        assert!(last_text(&app).contains("Pay is $3,100 per case plus $3 a page above 200 now, and was $3,000 per case plus"));
    }
}

on_both! {
    /// Several alerts for one opening are one card that names them all; two openings are one mail.
    async fn mail_15_several_alerts_on_one_opening_are_one_card(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        // The older one is named first.
        app.advance(Duration::minutes(1)).await;
        let narrow = json!({ "name": "Spines alone", "words": "spine" });
        member.api.refreshed().await.post("/me/alerts", &narrow).await.ok();
        app.settle().await;
        publish(&app, &company, "A spine").await;
        publish(&app, &company, "A knee").await;
        app.advance(Duration::minutes(11)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let text = last_text(&app);
        assert!(text.contains("for “At once” and “Spines alone”."), "{text}");
        assert_eq!(text.matches("Found by: “At once”").count(), 1, "the knee has one of the two: {text}");
    }
}
