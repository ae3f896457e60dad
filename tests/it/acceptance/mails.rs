//! T20 to T23: what a mail holds, how it travels, and what its links do.

use std::collections::BTreeSet;

use domain::mail::MailKind;
use harness::{
    app::TestApp,
    beside,
    canary::Finder,
    client::token_of,
    factory, journeys, long_story, on_both,
    smtp_peer::{Peer, Security},
};
use reqwest::Method;

on_both! {
    /// T20: every mail of a long story has one recipient and one address in `To`, holds nothing of anybody else, and
    /// nothing of the recipient but that address: no name, no number, no fee, no note.
    async fn t20_a_mail_holds_nobody_but_its_recipient(database) {
        let app = TestApp::start(database).await;
        let story = long_story::play(&app).await;
        let all = Finder::new(story.people.iter().flat_map(|p| p.values().into_iter().chain(p.criteria())));
        long_story::silence(&app, &story).await;
        let mails = app.mail.mails();
        for mail in &mails {
            assert_eq!(mail.to.len(), 1, "one recipient");
            let letter = mail.letter();
            let subject = letter.subject().to_owned();
            let to: Vec<_> = letter.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("to")).collect();
            assert_eq!(to.len(), 1, "{subject}");
            let address = to[0].1.trim_matches(['<', '>']).to_owned();
            assert!(mail.is_to(&address), "{subject} says it is to somebody else");
            assert!(letter.header("Cc").is_none() && letter.header("Bcc").is_none() && letter.header("Reply-To").is_none());
            let headers = letter.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("to"));
            let headers: String = headers.map(|(name, value)| format!("{name}: {value}\n")).collect();
            // As it came as well: what no part shows, a comment or a boundary, must not tell either.
            let raw = String::from_utf8_lossy(&mail.raw).replace(&to[0].1, "");
            for part in [headers, raw, letter.text.unwrap_or_default(), letter.html.unwrap_or_default()] {
                assert_eq!(all.find(part.as_bytes()), Vec::<String>::new(), "{subject}");
                assert!(!part.contains("Éloïse") && !part.contains("Eloise"), "{subject} holds a name");
            }
            assert!(mail.from.starts_with("no-reply@") && !mail.from.contains('+'), "{}", mail.from);
        }
        let sent = kinds(&app).await;
        let never: Vec<_> = MailKind::ALL.iter().filter(|kind| !sent.contains(kind.as_str())).collect();
        assert!(never.is_empty(), "tests/src/long_story.rs does not come to these mails: {never:?}");
    }
}

/// The kinds of mail that the server took.
async fn kinds(app: &TestApp) -> BTreeSet<String> {
    let read = app.running().app().read(|conn, _| {
        use diesel::prelude::*;
        use store::schema::outbox::dsl;
        let taken = dsl::outbox.filter(dsl::state.eq("accepted")).select(dsl::kind).load::<String>(conn);
        taken.map_err(|error| rosterline::AppError::from(store::StoreError::from(error)))
    });
    read.await.expect("the database answers").into_iter().collect()
}

on_both! {
    /// T21: where TLS is required, a server that offers none, or a certificate that nobody vouches for, gets no mail:
    /// it stays in the queue.
    async fn t21_no_mail_goes_out_in_clear(database) {
        let second = match &database {
            harness::database::Database::Sqlite => database.clone(),
            harness::database::Database::Postgres(_) => harness::database::Database::postgres().expect("another"),
        };
        for (security, database) in [(Security::Plain, database), (Security::StartTls, second)] {
            let app = TestApp::builder(database)
                .smtp(Peer::builder().security(security))
                .config(|config| {
                    config.smtp_url = config.smtp_url.take().map(|url| url.replace("tls=none", "tls=required"));
                })
                .start()
                .await;
            app.visitor().post("/join", &joining()).await.ok();
            app.settle().await;
            assert!(app.mail.mails().is_empty(), "{security:?}");
            let said = app.mail.transcript();
            let told = |word: &str| said.iter().any(|line| line.to_ascii_uppercase().contains(word));
            assert!(!told("C: MAIL") && !told("C: DATA") && !told("JANE"), "{said:?}");
            let waits = app.admin().await.get("/admin/mail").await.items();
            let states: Vec<_> = waits.iter().map(|mail| journeys::text(&mail["state"])).collect();
            assert!(states.iter().all(|state| ["queued", "deferred"].contains(&state.as_str())), "{states:?}");
            assert_eq!(states.len(), 1);
            app.leaves_jobs();
        }
    }
}

fn joining() -> serde_json::Value {
    serde_json::json!({ "name": "Jane Rivera", "email": "jane@clinic.example", "npi": factory::npi_of("jane") })
}

on_both! {
    /// T22: alerts can be stopped by one click (RFC 8058), every mail has its own id and date, and none calls home when
    /// it is opened.
    async fn t22_alerts_stop_by_one_click_and_no_mail_calls_home(database) {
        let app = TestApp::start(database).await;
        long_story::play(&app).await;
        let mut ids = BTreeSet::new();
        let mut alerts = 0;
        for mail in app.mail.mails() {
            let letter = mail.letter();
            let subject = letter.subject().to_owned();
            assert!(ids.insert(letter.header("Message-ID").expect("an id").to_owned()), "{subject}: an id twice");
            assert!(letter.header("Date").is_some() && letter.header("MIME-Version").is_some(), "{subject}");
            let html = letter.html.clone().unwrap_or_default().to_lowercase();
            for word in ["<img", "<link", "<script", "<iframe", "<object", "url(", "@import", "src=", "background="] {
                assert!(!html.contains(word), "{subject} holds {word}");
            }
            let own = app.base_url();
            assert!(letter.links().iter().all(|link| link.starts_with(&own)), "{subject}: {:?}", letter.links());
            if let Some(link) = letter.unsubscribe_link() {
                alerts += 1;
                assert_eq!(letter.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"), "{subject}");
                assert!(link.contains("/mail/stop/"), "{subject}");
            }
        }
        assert!(alerts >= 4, "only {alerts} alerts");
    }
}

on_both! {
    /// T23: programs that look at mails open every link, from anywhere and more than once. Nothing of the database
    /// moves, and the person's own click still works.
    async fn t23_opening_the_links_of_mails_changes_nothing(database) {
        let app = TestApp::builder(database).config(|config| config.trust_proxy = true).start().await;
        let story = long_story::play(&app).await;
        // Of every kind that is used up, one that is not.
        let fresh = app.mailed_link(&story.people[0].email).await;
        let asks = journeys::join(&app, "Ann Stone", "ann@practice.example").await;
        let contact = factory::contact("Ann Stone", "ann@home.example").set("/npi", factory::npi_of(&asks.email));
        asks.api.put("/me/contact", &contact.json()).await.ok();
        app.settle().await;
        let mut links: BTreeSet<String> = app.mail.mails().iter().flat_map(|mail| mail.letter().links()).collect();
        links.extend(app.mail.mails().iter().filter_map(|mail| mail.letter().unsubscribe_link()));
        let stop = links.iter().find(|link| link.contains("/mail/stop/")).expect("a stop link").clone();
        assert!(links.len() > 20, "{links:?}");
        let before = beside::state(&app).await;
        let scanner = app.visitor().with_header("x-forwarded-for", "203.0.113.77");
        for _ in 0..3 {
            for link in &links {
                for method in [Method::GET, Method::HEAD] {
                    let reply = scanner.send(method, link, None).await;
                    assert!([200, 303, 404, 410].contains(&reply.status), "{link}: {}", reply.status);
                    assert!(reply.headers.get("set-cookie").is_none(), "{link} sets a cookie");
                }
            }
        }
        app.settle().await;
        assert_eq!(beside::state(&app).await, before);
        app.visitor().sign_in(&fresh).await.get("/me/profile").await.ok();
        let switches = story.members[0].api.get("/me/permissions").await.ok();
        assert_eq!(switches["alerts_email"], true);
        let page = app.browser().get(&stop).await;
        let form = page.form(&format!("/mail/stop/{}", token_of(&stop)));
        app.browser().send(&form).await.reply.with_status(200);
        let new = links.iter().filter(|link| link.contains("/mail/new-address/"));
        let mut changed = 0;
        for link in new {
            changed += usize::from(app.visitor().send(Method::POST, link, None).await.status == 200);
        }
        assert_eq!(changed, 1, "one was waiting to be confirmed");
    }
}
