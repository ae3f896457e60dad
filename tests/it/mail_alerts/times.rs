//! Clocks that jump, nights, caps.

use chrono::Duration;
use harness::{app::TestApp, on_both};
use serde_json::json;

use super::*;

on_both! {
    /// One mail a local day, whatever the clock does: set back, set forward, over the spring gap; and one catch-up mail
    /// after days without a server's clock.
    async fn mail_10_a_digest_comes_once_a_day_whatever_the_clock_does(database) {
        let app = TestApp::start(database).await;
        let (_member, company) = (jane(&app, daily()).await, kern(&app).await);
        publish(&app, &company, "Monday one").await;
        publish(&app, &company, "Monday two").await;
        assert!(alerts(&app, JANE).is_empty(), "nothing at once");
        at(&app, "2026-03-03T06:59:00").await;
        assert!(alerts(&app, JANE).is_empty(), "not before its time");
        past_the_spread(&app).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let text = last_text(&app);
        assert!(text.contains("Monday one") && text.contains("Monday two"), "{text}");

        // The clock is set back by an hour, and the same seven o'clock comes again.
        app.advance(-Duration::hours(1)).await;
        publish(&app, &company, "Tuesday").await;
        app.advance(Duration::hours(12)).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "the day has its mail");
        at(&app, "2026-03-04T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 2);

        // Nothing new, no mail. Then three days pass at once.
        at(&app, "2026-03-05T12:00:00").await;
        assert_eq!(alerts(&app, JANE).len(), 2, "nothing new, no mail");
        publish(&app, &company, "Thursday").await;
        at(&app, "2026-03-08T12:00:00").await;
        assert_eq!(alerts(&app, JANE).len(), 3, "one catch-up mail, over the spring gap");
        at(&app, "2026-03-09T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 3);
    }
}

on_both! {
    /// In the spring 02:30 is not there; in the autumn 01:30 comes twice. Either day has one mail.
    async fn mail_10_a_time_that_is_missing_or_comes_twice_has_one_mail(database) {
        let start = "2026-03-07T20:00:00Z".parse().expect("a time");
        let app = TestApp::builder(database).now(start).start().await;
        let at_night = |time: &str| json!({ "name": "At night", "cadence": "daily", "time": time });
        let (member, company) = (jane(&app, at_night("02:30")).await, kern(&app).await);
        publish(&app, &company, "Before the gap").await;
        at(&app, "2026-03-08T01:59:00").await;
        assert!(alerts(&app, JANE).is_empty());
        past_the_spread(&app).await;
        assert_eq!(alerts(&app, JANE).len(), 1, "at the first moment there is");

        app.advance(Duration::days(237)).await;
        at(&app, "2026-10-31T12:00:00").await;
        app.forget_counts().await;
        let member = Member { api: app.sign_in(JANE).await, ..member };
        let company = Company { api: app.sign_in(OWNER).await, ..company };
        replace_alert(&app, &member, at_night("01:30")).await;
        let open = factory::bakersfield_opening().set("/title", "Before the fold").set("/closes_on", "2026-12-30");
        let before = alerts(&app, JANE).len();
        publish_draft(&app, &company, &open).await;
        at(&app, "2026-11-01T01:29:00").await;
        past_the_spread(&app).await;
        assert_eq!(alerts(&app, JANE).len(), before + 1, "at the first of the two");
        publish_draft(&app, &company, &open.set("/title", "In the fold")).await;
        app.advance(Duration::hours(3)).await;
        assert_eq!(alerts(&app, JANE).len(), before + 1, "not at the second");
    }
}

on_both! {
    /// A member in Sydney gets the weekly mail on the day and time of Sydney; whoever travels keeps one mail a week.
    async fn mail_10_the_week_is_the_members(database) {
        let app = TestApp::start(database).await;
        let weekly = json!({ "name": "By week", "cadence": "weekly", "weekday": "thursday", "time": "18:30" });
        let (member, company) = (jane(&app, weekly).await, kern(&app).await);
        let sydney = json!({ "time_zone": "Australia/Sydney" });
        member.api.refreshed().await.put("/me/mail-times", &sydney).await.ok();
        publish(&app, &company, "For the week").await;
        at_in(&app, "Australia/Sydney", "2026-03-05T18:29:00").await;
        assert!(alerts(&app, JANE).is_empty());
        past_the_spread(&app).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        assert!(alerts(&app, JANE)[0].letter().subject().starts_with("This week: QME opening"));
        // In California the same Thursday evening is still to come.
        let home = json!({ "time_zone": "America/Los_Angeles" });
        member.api.refreshed().await.put("/me/mail-times", &home).await.ok();
        publish(&app, &company, "Once more").await;
        at(&app, "2026-03-08T12:00:00").await;
        assert_eq!(alerts(&app, JANE).len(), 1, "the week has its mail");
        at(&app, "2026-03-12T18:51:00").await;
        assert_eq!(alerts(&app, JANE).len(), 2);
    }
}

on_both! {
    /// Neither a new mail nor one that is tried again comes at night; a member's own hours win.
    async fn mail_10_no_mail_comes_in_quiet_hours(database) {
        let quiet = domain::alert::QuietHours::parse("21:00-07:00");
        let app = TestApp::builder(database).config(move |config| config.quiet_hours = quiet).start().await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        at(&app, "2026-03-02T20:59:30").await;
        app.mail.refuse(JANE, "450 4.2.1 busy", 1);
        publish(&app, &company, "Late").await;
        assert!(alerts(&app, JANE).is_empty(), "the server is busy");
        at(&app, "2026-03-02T23:30:00").await;
        assert!(alerts(&app, JANE).is_empty(), "the second try waits for the morning");
        publish(&app, &company, "Later").await;
        at(&app, "2026-03-03T06:59:00").await;
        assert!(alerts(&app, JANE).is_empty());
        past_the_spread(&app).await;
        assert!(!alerts(&app, JANE).is_empty());
        let told: String = alerts(&app, JANE).iter().filter_map(|mail| mail.letter().text).collect();
        assert!(told.contains("Late") && told.contains("Later"), "{told}");

        let own = json!({ "time_zone": "America/Los_Angeles", "quiet_hours": "off" });
        member.api.refreshed().await.put("/me/mail-times", &own).await.ok();
        let before = alerts(&app, JANE).len();
        at(&app, "2026-03-03T23:30:00").await;
        publish(&app, &company, "At night").await;
        assert_eq!(alerts(&app, JANE).len(), before + 1, "the member wants mail at any hour");
    }
}

on_both! {
    /// Two instant mails a day; the third opening comes with the daily mail, which says so. The next day counts anew.
    async fn mail_10_the_cap_moves_the_rest_into_the_digest(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app, instant()).await, kern(&app).await);
        let cap = json!({ "time_zone": "America/Los_Angeles", "daily_cap": 2 });
        member.api.refreshed().await.put("/me/mail-times", &cap).await.ok();
        publish(&app, &company, "First").await;
        assert!(!last_text(&app).contains("instant mails"));
        publish(&app, &company, "Second").await;
        assert!(last_text(&app).contains("This is the last of 2 instant mails you get in a day."), "{}", last_text(&app));
        publish(&app, &company, "Third").await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        at(&app, "2026-03-03T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 3);
        assert!(last_text(&app).contains("One of these would have come at once"), "{}", last_text(&app));
        publish(&app, &company, "Next day").await;
        assert_eq!(alerts(&app, JANE).len(), 4);
    }
}

on_both! {
    /// A digest that no server took in its day is not lost: what it held comes in the next.
    async fn mail_10_what_expired_comes_again(database) {
        let app = TestApp::start(database).await;
        let (_member, company) = (jane(&app, daily()).await, kern(&app).await);
        publish(&app, &company, "Kept").await;
        // More than it is tried in a day.
        app.mail.refuse(JANE, "450 4.2.1 busy", 26);
        at(&app, "2026-03-03T07:30:00").await;
        for _ in 0..23 {
            app.advance(Duration::hours(1)).await;
        }
        assert!(alerts(&app, JANE).is_empty());
        for _ in 0..48 {
            app.advance(Duration::hours(1)).await;
        }
        assert_eq!(alerts(&app, JANE).len(), 1);
        assert!(last_text(&app).contains("Kept"));
    }
}
