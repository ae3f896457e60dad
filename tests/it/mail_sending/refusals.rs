//! Servers that refuse: one address, our content, ourselves.

use chrono::Duration;
use domain::mail::{MailKind, MailState};
use harness::{
    app::TestApp,
    crowd,
    journeys::text,
    on_both,
    smtp_peer::{Peer, Play},
};
use serde_json::json;

use super::{addresses, each_once};

on_both! {
    /// One address of a thousand does not exist: all others arrive over the same connections, the one is never written to
    /// again, and it stands in no log.
    async fn mail_03_an_address_that_is_none_is_suppressed_and_nobody_else_notices(database) {
        let app = TestApp::start(database).await;
        let mut everybody = addresses("clinic.example", 999);
        everybody.insert(500, "nobody.canary@gone.example".to_owned());
        let people = crowd::join(&app, 1, everybody).await;
        app.mail.refuse("nobody.canary@gone.example", "550 5.1.1 <nobody.canary@gone.example> user unknown", 9);
        let mut mails = Vec::new();
        for (space, some) in (100..).zip(people.chunks(200)) {
            mails.extend(crowd::queue(&app, space, MailKind::MemberApproved, some).await);
            app.settle().await;
        }
        assert_eq!(each_once(&app), 999);
        assert_eq!(crowd::count(&app, MailState::Accepted).await, 999);
        let made = app.mail.connections();
        assert!(made <= 16, "{made} connections: four at once, a hundred mails on each");
        let stands = crowd::stands(&app, &mails[500]).await;
        assert_eq!((stands.state, stands.last_code.as_deref()), (MailState::Dead, Some("550 5.1.1")));

        for kind in [MailKind::MemberApproved, MailKind::SignIn] {
            let space = if kind == MailKind::SignIn { 4 } else { 3 };
            let again = crowd::queue(&app, space, kind, &people[500..501]).await;
            app.settle().await;
            let stands = crowd::stands(&app, &again[0]).await;
            assert_eq!((stands.state, stands.last_code.as_deref()), (MailState::Suppressed, Some("hard_bounce")));
        }
        assert!(!harness::logs::so_far().contains("nobody.canary"), "the address is in the log");
        let metrics = app.admin().await.send(reqwest::Method::GET, "/metrics", None).await.text();
        assert!(!metrics.contains("canary"), "{metrics}");
        assert!(metrics.contains("rosterline_mail_gate_drops_total{reason=\"hard_bounce\"}"), "{metrics}");
    }
}

on_both! {
    /// Refused for what they are, three within an hour stop the stream; nobody's address suffers, an admin sees why, and
    /// resuming sends everything.
    async fn mail_04_refusals_for_what_we_are_stop_the_stream_and_resuming_sends_all(database) {
        let app = TestApp::builder(database).config(|config| config.smtp_connections = 1).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 10)).await;
        for _ in 0..3 {
            app.mail.play_next(Play::RefuseData("554 5.7.1 content refused"));
        }
        let mails = crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
        app.settle().await;
        assert_eq!((crowd::count(&app, MailState::Dead).await, crowd::count(&app, MailState::Queued).await), (3, 7));
        assert_eq!(app.mail.mails().len(), 0);
        // What somebody needs to get in is another stream.
        let admin = app.sign_in(harness::app::ADMIN).await;

        let streams = admin.get("/admin/mail-streams").await.items();
        let stopped = streams.iter().find(|stream| stream["stream"] == "admin").expect("the stream");
        assert_eq!((text(&stopped["waits_for"]), text(&stopped["class"])), ("resuming".into(), "policy".into()));
        assert_eq!(stopped["code"], "554 5.7.1");
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(harness::app::ADMIN).await).await;
        let page = browser.get("/admin/mail?state=dead&class=policy").await;
        assert!(page.text().contains("refused three mails within an hour"), "{}", page.text());
        let one = browser.get(&format!("/admin/mail/{}", mails[0])).await;
        assert!(one.text().contains("554 5.7.1 at body") && one.text().contains("approved"), "{}", one.text());
        assert!(!one.html.contains("clinic.example"), "no address on the page");

        let again = browser.send_and_follow(&page.form("/admin/mail-streams/admin/resume")).await;
        assert!(again.text().contains("sent anew: 3"), "{}", again.text());
        app.settle().await;
        let before = app.mail.mails().iter().filter(|mail| mail.to[0].ends_with("@clinic.example")).count();
        assert_eq!((before, crowd::count(&app, MailState::Dead).await), (10, 0));
        let suppressed = crowd::count(&app, MailState::Suppressed).await;
        assert_eq!(suppressed, 0);
        each_once(&app);
        let audit = admin.get("/admin/audit").await.items();
        for action in ["mail.resume", "mail.stream_stopped"] {
            assert!(audit.iter().any(|act| act["action"] == action), "{action}: {audit:?}");
        }
    }
}

on_both! {
    /// Our sender is refused: one mail stops the stream, none loses a try, and one mail after another tries whether it
    /// goes again.
    async fn mail_04_a_refused_sender_stops_the_stream_until_it_goes_again(database) {
        let app = TestApp::builder(database).config(|config| config.smtp_connections = 1).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 5)).await;
        for _ in 0..2 {
            app.mail.play_next(Play::RefuseMail("550 5.7.1 sender not allowed"));
        }
        let mails = crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
        app.settle().await;
        for mail in &mails {
            let stands = crowd::stands(&app, mail).await;
            assert_eq!((stands.state, stands.attempts), (MailState::Queued, 0));
        }
        app.advance(Duration::minutes(4)).await;
        let asked = app.mail.transcript().iter().filter(|line| line.starts_with("C: MAIL")).count();
        assert_eq!(asked, 1, "nothing is tried before its time");
        app.advance(Duration::minutes(1)).await;
        assert_eq!(crowd::count(&app, MailState::Queued).await, 5, "the first try failed as well");
        app.advance(Duration::minutes(5)).await;
        assert_eq!(crowd::count(&app, MailState::Accepted).await, 5, "the second went through and so did the rest");
        each_once(&app);
    }
}

on_both! {
    /// A password that is wrong: every stream stops, no mail loses a try, and mail goes by itself once it is right.
    async fn mail_04_a_wrong_password_stops_everything_until_it_is_right(database) {
        let app = TestApp::builder(database).smtp(Peer::builder().login("relay", "old")).start().await;
        app.mail.demand_login("relay", "new");
        let people = crowd::join(&app, 1, addresses("clinic.example", 4)).await;
        let links = crowd::queue(&app, 2, MailKind::SignIn, &people[..2]).await;
        let rest = crowd::queue(&app, 3, MailKind::MemberApproved, &people[2..]).await;
        app.settle().await;
        for mail in links.iter().chain(&rest) {
            let stands = crowd::stands(&app, mail).await;
            assert_eq!((stands.state, stands.attempts), (MailState::Queued, 0));
            assert!(stands.last_code.is_none_or(|code| code == "535 5.7.8"));
        }
        let admin = app.admin().await;
        let stopped = admin.get("/admin/mail-streams").await.items();
        assert_eq!(stopped.iter().filter(|stream| stream["class"] == "config").count(), 2, "{stopped:?}");
        app.mail.demand_login("relay", "old");
        app.advance(Duration::minutes(1)).await;
        assert_eq!(app.mail.mails().len(), 2, "sign-in links are tried every minute");
        app.advance(Duration::minutes(5)).await;
        assert_eq!(app.mail.mails().len(), 4);
        each_once(&app);
    }
}

on_both! {
    /// Two refusals without a known cause within a week suppress an address, three mails that waited for it in vain within
    /// two weeks too; a mail that arrives in between makes good.
    async fn mail_03_strikes_lead_to_a_suppression_and_a_mail_that_arrives_makes_good(database) {
        let app = TestApp::builder(database).config(|config| config.smtp_connections = 1).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 2)).await;
        let mut space = 10;
        let mut one = async |who: usize, play: Option<Play>, kind| {
            space += 1;
            if let Some(play) = play {
                app.mail.play_next(play);
            }
            let mail = crowd::queue(&app, space, kind, &people[who..=who]).await.remove(0);
            app.settle().await;
            mail
        };
        let (refused, kind) = (|| Some(Play::RefuseRcpt("550 go away")), MailKind::MemberApproved);
        for play in [refused(), None, refused()] {
            one(0, play, kind).await;
        }
        let fine = one(0, None, kind).await;
        assert_eq!(crowd::stands(&app, &fine).await.state, MailState::Accepted, "what arrived made good");
        one(0, refused(), kind).await;
        let last = one(0, refused(), kind).await;
        assert_eq!(crowd::stands(&app, &last).await.state, MailState::Dead);
        let held = one(0, None, kind).await;
        assert_eq!(crowd::stands(&app, &held).await.state, MailState::Suppressed);

        app.mail.refuse("p1@clinic.example", "452 4.2.2 mailbox full", 1_000);
        for _ in 0..3 {
            one(1, None, kind).await;
            app.advance(Duration::hours(73)).await;
        }
        let held = one(1, None, kind).await;
        assert_eq!(crowd::stands(&app, &held).await.last_code.as_deref(), Some("soft_bounce"));
        // A full mailbox is no reason to lock somebody out.
        let link = one(1, None, MailKind::SignIn).await;
        assert_eq!(crowd::stands(&app, &link).await.state, MailState::Deferred);
        app.leaves_jobs();
    }
}

on_both! {
    /// An admin filters what was given up, retries a whole class at once and discards with a reason; all of it is recorded.
    async fn mail_04_dead_letters_are_looked_after(database) {
        let app = TestApp::builder(database).config(|config| config.smtp_connections = 1).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 4)).await;
        for play in [
            Play::RefuseData("554 5.7.1 spam"),
            Play::RefuseRcpt("550 5.1.1 unknown"),
            Play::RefuseData("554 5.6.0 odd"),
            Play::RefuseData("554 5.6.0 odd"),
        ] {
            app.mail.play_next(play);
        }
        crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
        app.settle().await;
        let admin = app.admin().await;
        for (query, n) in [
            ("state=dead", 4),
            ("class=policy", 1),
            ("class=hard", 1),
            ("code=554%205.6.0", 2),
            ("class=unknown&kind=member_approved", 2),
            ("class=unknown&kind=alert", 0),
        ] {
            assert_eq!(admin.get(&format!("/admin/mail?{query}&limit=50")).await.items().len(), n, "{query}");
        }
        admin.get("/admin/mail?class=everything").await.problem(422);
        admin.post("/admin/mail-retry", &json!({})).await.problem(422);
        let again = admin.post("/admin/mail-retry", &json!({ "class": "unknown" })).await.ok();
        assert_eq!(again["retried"], 2);
        app.settle().await;
        assert_eq!(app.mail.mails().len(), 2);
        let left = admin.get("/admin/mail?state=dead").await.items();
        assert_eq!(left.len(), 2);
        let shown = admin.get(&format!("/admin/mail/{}", text(&left[0]["id"]))).await.ok();
        assert!(text(&shown["subject"]).len() > 5 && shown["events"].as_array().unwrap().len() == 2, "{shown}");
        assert!(!shown.to_string().contains("clinic.example"), "{shown}");
        let discard = format!("/admin/mail/{}/discard", text(&left[0]["id"]));
        admin.post(&discard, &json!({ "reason": "Asked by phone." })).await.with_status(204);
        admin.post(&discard, &json!({ "reason": "Again." })).await.problem(409);
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(harness::app::ADMIN).await).await;
        let page = browser.get(&format!("/admin/mail/{}", text(&left[1]["id"]))).await;
        let form = page.form(&format!("/admin/mail/{}/discard", text(&left[1]["id"])));
        let empty = browser.send(&form).await;
        empty.reply.clone().with_status(422);
        assert!(empty.text().contains("Say why"), "{}", empty.text());
        let done = browser.send_and_follow(&form.set("reason", "Moved away.")).await;
        assert!(done.text().contains("discarded"), "{}", done.text());
        let audit = admin.get("/admin/audit?limit=50").await.items();
        let said: Vec<String> = audit.iter().filter(|a| a["action"] == "mail.discard").map(|a| text(&a["detail"])).collect();
        assert_eq!(said, ["Moved away.", "Asked by phone."]);
    }
}
