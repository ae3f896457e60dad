//! Who is told, and how it stops.

use domain::matching::ReviewPolicy;
use harness::{
    app::TestApp,
    factory,
    journeys::{self, waiting},
    on_both,
    smtp_peer::Mail,
};
use reqwest::Method;
use serde_json::json;

const JANE: &str = "jane@clinic.example";
const OWNER: &str = "olive@kern.example";

on_both! {
    /// RFC 8058: one POST without cookie, session or token of a form.
    async fn one_click_stops_mail_and_looking_does_not(database) {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let first = alerts(&app, JANE);
        assert_eq!(first.len(), 1);
        let link = first[0].letter().unsubscribe_link().expect("a link");

        app.visitor().send(Method::GET, &link, None).await.with_status(200);
        assert_eq!(member.api.get("/me/permissions").await.ok()["alerts_email"], true, "a GET changed something");

        app.visitor().one_click(&link).await.with_status(200);
        app.visitor().one_click(&link).await.with_status(200);
        app.settle().await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening().set("/title", "A second QME opening")).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "no mail after the stop");
    }
}

on_both! {
    /// No flag, no key, no mail.
    async fn member_who_did_not_ask_gets_no_mail(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(alerts(&app, JANE).is_empty());
    }
}

on_both! {
    /// What changed between the match and the mail is seen right before the mail leaves, card by card.
    async fn a_card_that_no_longer_stands_is_dropped_at_the_gate(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        let stays = factory::bakersfield_opening().set("/title", "The opening that stays");
        let goes = factory::bakersfield_opening().set("/title", "The opening that goes");
        journeys::live_opening(&app, &company, &stays).await;
        let goes = journeys::live_opening(&app, &company, &goes).await;
        company.api.act(&format!("/company/openings/{}/close", goes.id)).await.ok();
        app.advance(chrono::Duration::minutes(10)).await;
        let sent = alerts(&app, JANE);
        assert_eq!(sent.len(), 1, "both cards were bundled into one mail");
        let letter = sent[0].letter();
        for part in [letter.text.expect("a text part"), letter.html.expect("an HTML part")] {
            assert!(part.contains("The opening that stays") && !part.contains("The opening that goes"), "{part}");
        }

        let last = factory::bakersfield_opening().set("/title", "The last opening");
        let company_api = company.api.refreshed().await;
        let company = journeys::Company { api: company_api, ..company };
        journeys::live_opening(&app, &company, &last).await;
        let block = json!({ "company": company.slug });
        member.api.refreshed().await.post("/me/blocks", &block).await.with_status(204);
        app.advance(chrono::Duration::minutes(10)).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "a mail without a card is no mail");
        let skipped = app.admin().await.get("/admin/mail?state=skipped").await.items();
        assert_eq!(skipped.len(), 1, "{skipped:?}");
    }
}

on_both! {
    /// Switched off between the match and the mail.
    async fn switching_alerts_off_silences_what_is_held(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(alerts(&app, JANE).is_empty(), "held for ten minutes");
        let off = json!({ "alerts_email": false, "admin_outreach": false, "anonymous_counts": false });
        journeys::permit(&member, off).await;
        app.advance(chrono::Duration::minutes(11)).await;
        assert!(alerts(&app, JANE).is_empty(), "the permission is read again before anything leaves");
    }
}

on_both! {
    /// The policy `all`: the mail waits for the hand of an admin.
    async fn match_waits_for_the_admin_when_the_policy_says_so(database) {
        let app = TestApp::builder(database).review(ReviewPolicy::All).start().await;
        journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(alerts(&app, JANE).is_empty());
        let admin = app.admin().await;
        let id = waiting(&admin, "match").await;
        admin.act(&format!("/admin/matches/{id}/release")).await.ok();
        app.settle().await;
        assert_eq!(alerts(&app, JANE).len(), 1);
    }
}

on_both! {
    /// Each rule that fails is named, and nothing is sent.
    async fn physician_who_does_not_fit_is_not_told(database) {
        let app = TestApp::start(database).await;
        let elsewhere = factory::california_qme().set("/bases/0/market", "new-york-ny").set("/markets", json!([]));
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &elsewhere).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(alerts(&app, JANE).is_empty());
        let simulated = app.admin().await.get(&format!("/admin/openings/{}/simulate", opening.id)).await;
        assert!(!simulated.text().contains(JANE), "a simulation tells no contact");
        let items = simulated.items();
        let mine = items.iter().find(|item| item["member_id"] == member.id).expect("the member");
        assert_eq!(mine["eligible"], false);
        let unmet = mine["reasons"].as_array().expect("reasons").iter().filter(|reason| reason["met"] == false);
        assert!(unmet.into_iter().any(|reason| reason["rule"] == "place"), "{mine}");
    }
}

/// The alert mails to this address so far.
fn alerts(app: &TestApp, email: &str) -> Vec<Mail> {
    let mails = app.mail.mails_to(email).into_iter();
    mails.filter(|mail| mail.letter().header("List-Unsubscribe").is_some()).collect()
}
